// Fields of an entry that exist, but in the entries of another list.
import type { PolicyDocument } from './policy-object.ts';
import type { Fault } from './report.ts';

/** Says where a field of an entry belongs that the entries of this list do not have; null if nowhere. */
export function foreignEntryField(key: string, { kind }: PolicyDocument, list: string): Fault | null {
  const where = `the entries of ${kind} ${list}`;
  if (key === 'allowMirrorByTags') {
    return { name: 'fieldOfOtherKind', message: `${where} have no allowMirrorByTags`, help: tagHelp(kind) };
  }
  if (key !== 'mirrorSourcePolicy') return null;
  return {
    name: 'fieldOfOtherKind',
    message: `${where} have no mirrorSourcePolicy`,
    help: 'write an ImageDigestMirrorSet or ImageTagMirrorSet in place of this document',
  };
}

function tagHelp(kind: string): string {
  if (kind === 'ImageContentSourcePolicy') return 'rename the list to repositoryMirrors';
  if (kind === 'ImageTagMirrorSet')
    return 'remove it: all mirrors of an ImageTagMirrorSet serve pulls by tag';
  return 'write an ImageTagMirrorSet for pulls by tag';
}
