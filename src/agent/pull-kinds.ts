// Where the CRI-O that is here ignores pull-from-mirror: mirrors for digests alone, or for tags alone, then serve both. PURE.
import { quote, quoteFirst } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { dialectOf, isReadTheSame } from '../registries/dialect.ts';
import type { MergedConf } from '../registries/merge.ts';
import type { Reader } from './ports.ts';
import type { RegistriesConf } from '../registries/model.ts';
import { compareVersions } from '../version-order.ts';

/** So many scopes are named for one file. */
const mostNamed = 3;

/** Whether that CRI-O reads the configuration as it was meant. An unknown version (null) counts as the newest. */
export function isUnderstood({ registries }: RegistriesConf, crioVersion: string | null): boolean {
  return dialectOf(crioVersion) === 'per-mirror' || registries.every(isReadTheSame);
}

/** An error for each file that is in force and asks for a protection that this CRI-O does not know: never a quiet one. */
export function judgePullKinds({ registries }: MergedConf, crioVersion: string | null): readonly Finding[] {
  if (dialectOf(crioVersion) === 'per-mirror') return [];
  const scopes = new Map<string, string[]>();
  for (const { file, scope, registry } of registries) {
    if (!isReadTheSame(registry)) scopes.set(file, [...(scopes.get(file) ?? []), scope]);
  }
  return [...scopes].map(([file, names]) => {
    const message = `CRI-O ${quote(crioVersion ?? '')} ignores pull-from-mirror: the mirrors of ${quoteFirst(names, mostNamed)} serve tags and digests alike`;
    const help =
      'update CRI-O to 1.25 or newer; a hold that keeps the file ends with icspd resume, and what you wrote yourself takes mirror-by-digest-only = true';
    return finding('pullKindsIgnored', wholeFile(file), message, help);
  });
}

/** The first versions that know pull-from-mirror. */
const firstToKnow: Readonly<Record<Reader['name'], string>> = { podman: '4.1', skopeo: '1.8' };

/** A warning for each reader that ignores a restriction that is in force; `readers` is asked only if there is one. */
export async function judgeReaders(
  { registries }: MergedConf,
  readers: () => Promise<readonly Reader[]>,
): Promise<readonly Finding[]> {
  const restricted = registries.find(({ registry }) => !isReadTheSame(registry));
  if (restricted === undefined) return [];
  const old = (await readers()).filter(
    ({ name, version }) => compareVersions(version, firstToKnow[name]) < 0,
  );
  return old.map(({ name, version }) => {
    const message = `${name} ${quote(version)} on this node ignores pull-from-mirror: its own pulls take the mirrors of ${quote(restricted.scope)}, and of others, for tags and digests alike`;
    return finding(
      'readersTooOld',
      wholeFile(restricted.file),
      message,
      `update ${name} to ${firstToKnow[name]} or newer`,
    );
  });
}
