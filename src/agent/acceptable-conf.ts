// What CRI-O would make of a text: its configuration, or why it would refuse to load it. PURE.
import { hasErrors, type Finding } from '../finding.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { validateRegistriesConf } from '../registries/validate.ts';

/** A text by containers/image's rules. `conf` null: it is refused, and errors among the findings say why. */
export function judgeText(
  bytes: Uint8Array,
  path: string,
): { readonly conf: RegistriesConf | null; readonly findings: readonly Finding[] } {
  const { conf, findings } = parseRegistriesConf(bytes, path);
  if (conf === null) return { conf, findings };
  const all = [...findings, ...validateRegistriesConf(conf, path)];
  return { conf: hasErrors(all) ? null : conf, findings: all };
}

/** The configuration of a text (null: no file, which is empty); null where CRI-O would refuse it. */
export function acceptableConf(bytes: Uint8Array | null, path: string): RegistriesConf | null {
  return bytes === null ? emptyConf : judgeText(bytes, path).conf;
}
