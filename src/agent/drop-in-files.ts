// Other people's registries.conf.d: what the runtime lays over our file, and which of its files it would refuse. PURE.
import { escape } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { auditRegistriesConf } from '../registries/audit.ts';
import type { RegistriesConf } from '../registries/model.ts';
import { compareVersions } from '../version-order.ts';
import { judgeText } from './acceptable-conf.ts';
import type { DropInDirectory } from './ports.ts';

export interface DropInFiles {
  /** In load order. */
  readonly valid: readonly { readonly file: string; readonly conf: RegistriesConf }[];
  readonly findings: readonly Finding[];
}

/** The first CRI-O with containers/image 5.34, which passes over links that lead nowhere. */
const passesOverDangling = '1.32.3';

/**
 * Reads the drop-ins by containers/image's rules. One that is not valid makes CRI-O refuse every reload, and its next
 * start, whatever registries.conf says: so the finding names that file, and ours is not to blame. So it is with a link that
 * leads nowhere, for a CRI-O that does not pass over it.
 * @param crioVersion null: not known
 */
export function readDropIns({ files, dangling }: DropInDirectory, crioVersion: string | null): DropInFiles {
  const valid: { file: string; conf: RegistriesConf }[] = [];
  const findings: Finding[] = dangling.flatMap((path) => judgeDangling(path, crioVersion));
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

function judgeDangling(path: string, crioVersion: string | null): readonly Finding[] {
  const remedy = 'remove this link, or put back the file that it leads to; icspd does not own it';
  const at = wholeFile(path);
  if (crioVersion === null) {
    const sentence = `the link leads nowhere: a CRI-O before ${passesOverDangling} refuses to load its registries, and to start, because of it`;
    return [finding('dropInDangling', at, sentence, remedy)];
  }
  if (compareVersions(crioVersion, passesOverDangling) >= 0) return [];
  const sentence = `the link leads nowhere, and CRI-O ${escape(crioVersion)} refuses to load its registries, and to start, because of it`;
  return [finding('dropInRefused', at, sentence, remedy)];
}
