// Fields of spec that exist, but in another kind or another version than where they were written.
import { registrySourceFields } from './image-config.ts';
import { type Kind, kinds } from './kinds.ts';
import type { Fault } from './report.ts';

/** Whether a key is a field of the spec of some kind, whichever, or of registrySources. */
export function isSpecField(key: string): boolean {
  return ownersOf(key).length > 0 || registrySourceFields.includes(key);
}

/** Says where a field of `spec` belongs that this kind or version does not have; null if nowhere. */
export function foreignSpecField(key: string, kind: string, apiVersion: string): Fault | null {
  if (registrySourceFields.includes(key)) return ofRegistrySources(key, kind);
  const owners = ownersOf(key);
  const [owner] = owners;
  if (owner === undefined) return null;
  const own = kinds.find((candidate) => candidate.kind === kind);
  if (own !== undefined && owners.includes(own)) return ofOtherVersion(key, own, apiVersion);
  // The field of an Image is no list that another name would turn into one.
  const isList = kind !== 'Image' && owner.kind !== 'Image' && own !== undefined;
  const rename = isList ? `rename it to ${ownFieldOf(own)}, or ` : '';
  return {
    name: 'fieldOfOtherKind',
    message: `spec.${key} belongs to ${owners.map((each) => each.kind).join(' and ')}, not to ${kind}`,
    help: `${rename}write kind: ${owner.kind} with its apiVersion`,
  };
}

function ofRegistrySources(key: string, kind: string): Fault {
  const isImage = kind === 'Image';
  return {
    name: 'fieldOfOtherKind',
    message: `spec.${key} belongs into spec.registrySources${isImage ? '' : ' of an Image'}`,
    help: isImage
      ? 'put it below registrySources:'
      : 'write it in a document of kind: Image that is named cluster',
  };
}

function ofOtherVersion(key: string, own: Kind, apiVersion: string): Fault {
  const versions = Object.entries(own.versions)
    .filter(([, { fields }]) => fields.includes(key))
    .map(([version]) => version);
  return {
    name: 'fieldOfOtherKind',
    message: `spec.${key} is not part of ${apiVersion}: this field exists in ${versions.join(' and ')} only`,
    help: `rename it to ${ownFieldOf(own)}, or write apiVersion: ${own.group}/${versions[0] ?? ''}`,
  };
}

function ownersOf(key: string): readonly Kind[] {
  return kinds.filter(({ versions }) => Object.values(versions).some(({ fields }) => fields.includes(key)));
}

/** The newest version stands last. */
function ownFieldOf({ versions }: Kind): string {
  return Object.values(versions).at(-1)?.fields[0] ?? '';
}
