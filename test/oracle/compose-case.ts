// A generated case through the composition of icspd.
import type { RegistriesConf } from '../../src/registries/model.ts';
import { composeWorld, image, rule } from '../compose/world.ts';
import type { PolicyCase } from './policy-cases.ts';

/** What icspd makes of the case where policies may choose content freely. */
export function composeCase({ objects, insecure, blocked, baseline }: PolicyCase): RegistriesConf {
  const rules = objects.flatMap(({ kind, entries }, i) =>
    entries.map((entry, index) => rule({ kind, ...entry, name: `set-${i}`, line: 10 * i + index, index })),
  );
  return composeWorld({ rules, images: [image({ insecure, blocked })], baseline }).conf;
}
