// How an import looks: the policy file, the baseline that is left, and that each pull goes where it went.
import type { Imported } from '../compose/import.ts';
import { escape } from '../escape.ts';
import { renderRegistriesConf } from '../registries/render.ts';
import type { PulledPlaces } from '../registries/same-resolution.ts';
import { paint, type Output } from './output.ts';

/** The policy file, with a comment that says where it comes from. */
export function policyText({ policy }: Imported, files: readonly string[]): string {
  const what = policy === '' ? 'Nothing that a policy could say was in' : 'Imported from';
  return `# ${what} ${files.map(escape).join(', ')}\n${policy}`;
}

/** The baseline that is left, with a comment for each table that could not become a policy. */
export function baselineText({ baseline, kept }: Imported, files: readonly string[]): string {
  const comments = [
    `What is left of ${files.map(escape).join(', ')}`,
    ...kept.map(({ scope, reason }) => `${escape(scope)} stays here: ${escape(reason)}`),
  ];
  return `${comments.map((line) => `# ${line}\n`).join('')}${renderRegistriesConf(baseline)}`;
}

/**
 * Without a directory the policy file is the data, on stdout, with the baseline as a comment behind it, so that it can be
 * sent to a file as it is; the report goes to stderr then, else to stdout.
 * @param written the paths, empty without a directory
 */
export function reportImport(
  output: Output,
  imported: Imported,
  files: readonly string[],
  written: readonly string[],
): void {
  const isData = written.length === 0;
  const say = (line: string): void => {
    if (isData) output.tell(line);
    else output.say(line);
  };
  if (isData) {
    output.printRaw(policyText(imported, files));
    for (const line of baselineText(imported, files).trimEnd().split('\n'))
      output.print(line.startsWith('#') ? line : `# ${line}`);
  }
  const hasColor = isData ? output.hasColorErr : output.hasColorOut;
  const { scopeCount, kept, pulls } = imported;
  const left = kept.length === 0 ? '' : `, ${kept.length} left in the baseline`;
  say(
    paint(
      `every pull goes where it went: ${count(scopeCount, 'scope')} from policies${left}`,
      '1;32',
      hasColor,
    ),
  );
  for (const { scope, reason } of kept) say(`  stays: ${escape(scope)}: ${escape(reason)}`);
  for (const { scope, digest, tag } of pulls) {
    say(`  ${escape(scope)}`);
    say(`    by digest  ${describe(digest)}`);
    say(`    by tag     ${describe(tag)}`);
  }
  for (const path of written) say(`wrote ${escape(path)}`);
}

/** Each place on a line of its own. That nothing changed is what importConf promises; here it is looked at once more. */
function describe({ before, after }: PulledPlaces): string {
  const [was = '', is = ''] = [before, after].map((places) => places.map(escape).join('\n               '));
  return was === is ? `${is}  (before = after)` : `${was}\n           →   ${is}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
