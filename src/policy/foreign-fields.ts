// Fields that exist, but in another kind, another version or another list than where they were written.
import type { PolicyDocument } from './policy-object.ts';
import type { Fault } from './report.ts';

/** The list field of each kind, for remedies. */
const ownField: Readonly<Record<string, string>> = {
  ImageContentSourcePolicy: 'repositoryMirrors',
  ImageContentPolicy: 'repositoryDigestMirrors',
  ImageDigestMirrorSet: 'imageDigestMirrors',
  ImageTagMirrorSet: 'imageTagMirrors',
  Image: 'registrySources',
};

const owners: ReadonlyMap<string, readonly string[]> = new Map([
  ['repositoryDigestMirrors', ['ImageContentSourcePolicy', 'ImageContentPolicy']],
  ['repositoryMirrors', ['ImageContentSourcePolicy']],
  ['imageDigestMirrors', ['ImageDigestMirrorSet']],
  ['imageTagMirrors', ['ImageTagMirrorSet']],
  ['registrySources', ['Image']],
]);

const sourceFields: readonly string[] = [
  'insecureRegistries',
  'blockedRegistries',
  'allowedRegistries',
  'containerRuntimeSearchRegistries',
];

/** Whether a key is the list of some kind, whichever. */
export function isSpecField(key: string): boolean {
  return owners.has(key) || sourceFields.includes(key);
}

/** Says where a field of `spec` belongs that this kind or version does not have; null if nowhere. */
export function foreignSpecField(
  key: string,
  { kind, apiVersion }: Pick<PolicyDocument, 'kind' | 'apiVersion'>,
): Fault | null {
  if (key === 'repositoryDigestMirrors' && kind === 'ImageContentSourcePolicy') {
    return {
      name: 'fieldOfOtherKind',
      message: `spec.repositoryDigestMirrors is not part of ${apiVersion}: this field exists in v1alpha1 only`,
      help: 'rename it to repositoryMirrors, or write apiVersion: operator.openshift.io/v1alpha1',
    };
  }
  if (sourceFields.includes(key)) {
    const isImage = kind === 'Image';
    return {
      name: 'fieldOfOtherKind',
      message: `spec.${key} belongs into spec.registrySources${isImage ? '' : ' of an Image'}`,
      help: isImage
        ? 'put it below registrySources:'
        : 'write it in a document of kind: Image that is named cluster',
    };
  }
  const belongsTo = owners.get(key);
  if (belongsTo === undefined) return null;
  const own = ownField[kind] ?? '';
  const rename = kind === 'Image' ? '' : `rename it to ${own}, or `;
  return {
    name: 'fieldOfOtherKind',
    message: `spec.${key} belongs to ${belongsTo.join(' and ')}, not to ${kind}`,
    help: `${rename}write kind: ${belongsTo[0] ?? ''} with its apiVersion`,
  };
}

/** Says where a field of an entry belongs that the entries of this list do not have; null if nowhere. */
export function foreignEntryField(key: string, { kind }: PolicyDocument, list: string): Fault | null {
  const where = `the entries of ${kind} ${list}`;
  if (key === 'allowMirrorByTags') {
    const isSourcePolicy = kind === 'ImageContentSourcePolicy';
    return {
      name: 'fieldOfOtherKind',
      message: `${where} have no allowMirrorByTags`,
      help: isSourcePolicy
        ? 'rename the list to repositoryMirrors'
        : 'write an ImageTagMirrorSet for pulls by tag',
    };
  }
  if (key !== 'mirrorSourcePolicy') return null;
  return {
    name: 'fieldOfOtherKind',
    message: `${where} have no mirrorSourcePolicy`,
    help: 'write an ImageDigestMirrorSet or ImageTagMirrorSet in place of this document',
  };
}
