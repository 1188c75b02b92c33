// The packages that run.sh built.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = '.cache/e2e-rpm/packages';
const checkout = join(import.meta.dirname, '../..');

/** `older` lacks tag mirrors; `again` is `newer`, built a second time in another directory. */
export type Build = 'older' | 'newer' | 'again';

/** The package's file, as this process sees it. */
export function packageOf(build: Build): string {
  const [name] = readdirSync(join(checkout, folder, build));
  if (name === undefined) throw new Error(`there is no package ${build}: run.sh builds it`);
  return join(checkout, folder, build, name);
}

/** A path of the checkout as the test system sees it. */
export function inside(path: string): string {
  return path.replace(checkout, '/run/checkout');
}

/** The package that stands for the operating system, as the test system sees it. */
export const labOs = `/run/checkout/${folder}/lab-os.rpm`;
