// Other people's registries.conf.d: what the runtime lays over our file, and which of its files it would refuse. PURE.
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { auditRegistriesConf } from '../registries/audit.ts';
import type { RegistriesConf } from '../registries/model.ts';
import { judgeText } from './acceptable-conf.ts';
import type { FileText } from './ports.ts';

export interface DropInFiles {
  /** In load order. */
  readonly valid: readonly { readonly file: string; readonly conf: RegistriesConf }[];
  readonly findings: readonly Finding[];
}

/**
 * Reads the drop-ins by containers/image's rules. One that is not valid makes CRI-O refuse every reload, and its next
 * start, whatever registries.conf says: so the finding names that file, and ours is not to blame.
 */
export function readDropIns(files: readonly FileText[]): DropInFiles {
  const valid: { file: string; conf: RegistriesConf }[] = [];
  const findings: Finding[] = [];
  for (const { path, bytes } of files) {
    const { conf, findings: problems } = judgeText(bytes, path);
    if (conf !== null) {
      valid.push({ file: path, conf });
      findings.push(...problems, ...auditRegistriesConf(conf, path));
      continue;
    }
    const sentence = 'CRI-O refuses to load its registries, and to start, because of this file';
    findings.push(
      finding(
        'dropInRefused',
        wholeFile(path),
        sentence,
        'correct or remove this file; icspd does not own it',
      ),
      ...problems,
    );
  }
  return { valid, findings };
}
