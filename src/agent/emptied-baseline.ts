// A baseline that lost all that was in it. PURE.
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { Situation } from './decision.ts';

/**
 * A baseline without a character is what a full disk or a copy that was cut off leaves, or a moment of an editor's: no word
 * that the administrator's entries are to go, unless it was so before. Null: there is nothing to wait for.
 */
export function findEmptied({ seen, wanted, options, paths }: Situation): Finding | null {
  const { baseline, current } = seen;
  const before = current?.baselineDigest ?? null;
  if (wanted.pin !== null || options.allowRemoval || baseline.state !== 'captured') return null;
  if (before === null || before === baseline.file.digest || !isBlank(baseline.file.bytes)) return null;
  return finding(
    'baselineEmptied',
    wholeFile(paths.baseline),
    'the baseline is empty, and the one behind the file in force was not; registries.conf stays as it is',
    "put the administrator's own file back; if nothing is to be in it, write a comment into it, or run icspd apply --allow-removal",
  );
}

function isBlank(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes).trim() === '';
}
