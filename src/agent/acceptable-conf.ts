// Whether CRI-O would load a text: asked before one of the past is put in force again. PURE.
import { hasErrors } from '../finding.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { validateRegistriesConf } from '../registries/validate.ts';

/** The configuration of a text (null: no file, which is empty); null where CRI-O would refuse it. */
export function acceptableConf(bytes: Uint8Array | null, path: string): RegistriesConf | null {
  if (bytes === null) return emptyConf;
  const { conf, findings } = parseRegistriesConf(bytes, path);
  if (conf === null || hasErrors(findings)) return null;
  return hasErrors(validateRegistriesConf(conf, path)) ? null : conf;
}
