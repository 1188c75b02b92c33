// The table of kinds: apiVersion + kind → how to read the document. And what to say of documents that nearly fit.
import { readContentPolicy } from './content-policy.ts';
import { readContentSourcePolicy, readContentSourcePolicyAlpha1 } from './content-source-policy.ts';
import { nearestWord } from './did-you-mean.ts';
import { readImage } from './image-config.ts';
import { readDigestMirrorSet, readTagMirrorSet } from './mirror-set.ts';
import type { Group, ReadKind } from './policy-object.ts';
import { type Fault, show } from './report.ts';

/** One version of a kind. */
interface KindVersion {
  readonly read: ReadKind;
  /** The fields of `spec` that say something, the one to write first. */
  readonly fields: readonly [string, ...string[]];
}

/** One row of the table. */
export interface Kind {
  readonly kind: string;
  readonly group: Group;
  readonly versions: Readonly<Record<string, KindVersion>>;
}

/** Every kind that icspd reads. */
export const kinds: readonly Kind[] = [
  {
    kind: 'ImageContentSourcePolicy',
    group: 'operator.openshift.io',
    versions: {
      v1alpha1: {
        read: readContentSourcePolicyAlpha1,
        fields: ['repositoryMirrors', 'repositoryDigestMirrors'],
      },
      v1alpha2: { read: readContentSourcePolicy, fields: ['repositoryMirrors'] },
      v1: { read: readContentSourcePolicy, fields: ['repositoryMirrors'] },
    },
  },
  {
    kind: 'ImageContentPolicy',
    group: 'config.openshift.io',
    versions: { v1: { read: readContentPolicy, fields: ['repositoryDigestMirrors'] } },
  },
  {
    kind: 'ImageDigestMirrorSet',
    group: 'config.openshift.io',
    versions: { v1: { read: readDigestMirrorSet, fields: ['imageDigestMirrors'] } },
  },
  {
    kind: 'ImageTagMirrorSet',
    group: 'config.openshift.io',
    versions: { v1: { read: readTagMirrorSet, fields: ['imageTagMirrors'] } },
  },
  {
    kind: 'Image',
    group: 'config.openshift.io',
    versions: { v1: { read: readImage, fields: ['registrySources'] } },
  },
];

/** What a document is by its `apiVersion` and `kind`. Of `ours` and `unsupported` the lines may be shown. */
export type Recognition =
  | { readonly state: 'ours'; readonly group: Group; readonly read: ReadKind }
  | { readonly state: 'unsupported'; readonly fault: Fault }
  | { readonly state: 'near miss'; readonly fault: Fault }
  | { readonly state: 'other' };

/**
 * Looks up a document's kind. The group decides before the version, and a version that is not known is not skipped: a
 * newer tool wrote it.
 */
export function recognize(apiVersion: string, kind: string): Recognition {
  const slash = apiVersion.lastIndexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  const known = kinds.find((candidate) => candidate.kind === kind);
  if (known === undefined) return kind === 'List' ? asList(group, apiVersion) : misspelt(group, kind);
  if (known.group !== group) return inOtherGroup(known, group, apiVersion);
  const ours = Object.hasOwn(known.versions, version) ? known.versions[version] : undefined;
  if (ours !== undefined) return { state: 'ours', group: known.group, read: ours.read };
  const versions = Object.keys(known.versions).map((name) => `${known.group}/${name}`);
  const message = `${kind} is not known in apiVersion ${show(apiVersion)}`;
  const help = `update icspd, or write apiVersion: ${versions.join(' or ')}`;
  return { state: 'unsupported', fault: { name: 'unsupportedVersion', message, help } };
}

/** The apiVersion to write for a kind of ours; null for other kinds. */
export function apiVersionOf(kind: string): string | null {
  const known = kinds.find((candidate) => candidate.kind === kind);
  return known === undefined ? null : preferred(known);
}

/**
 * The kind whose list this is, such as `ImageTagMirrorSet` for `ImageTagMirrorSetList`; null if it is no list of ours.
 */
export function listedKind(kind: string): string | null {
  return kinds.find((candidate) => `${candidate.kind}List` === kind)?.kind ?? null;
}

function preferred({ group, versions }: Kind): string {
  return `${group}/${Object.keys(versions).at(0) ?? ''}`;
}

/** Other groups have an Image too (image.openshift.io, kpack …); the longer names can only be meant to be ours. */
function inOtherGroup(known: Kind, group: string, apiVersion: string): Recognition {
  const isOurGroup = kinds.some((candidate) => candidate.group === group);
  if (known.kind === 'Image' && !isOurGroup) return { state: 'other' };
  const message = `${known.kind} does not belong to apiVersion ${show(apiVersion)}`;
  return {
    state: 'near miss',
    fault: { name: 'wrongGroup', message, help: `write apiVersion: ${preferred(known)}` },
  };
}

/** A List of one of our groups can only be meant to hold policies. */
function asList(group: string, apiVersion: string): Recognition {
  if (!kinds.some((candidate) => candidate.group === group)) return { state: 'other' };
  const message = `the List does not belong to apiVersion ${show(apiVersion)}`;
  return { state: 'near miss', fault: { name: 'wrongGroup', message, help: 'write apiVersion: v1' } };
}

/**
 * A kind of our groups that differs from one of ours by a letter or two is a slip, not another kind. One that is called like
 * a mirror policy is what a newer tool wrote, or what a newer icspd put in force before a downgrade: it is not passed over.
 */
function misspelt(group: string, kind: string): Recognition {
  if (!kinds.some((candidate) => candidate.group === group)) return { state: 'other' };
  const [least] = kinds.map((candidate) => candidate.kind).filter((name) => isSlip(kind, name));
  if (least === undefined) return newerPolicy.test(kind) ? asUnsupported(kind) : { state: 'other' };
  const message = `${group} has no kind ${show(kind)}`;
  return { state: 'near miss', fault: { name: 'unknownValue', message, help: `write kind: ${least}` } };
}

/** How the mirror policies of OpenShift have been called so far. */
const newerPolicy = /^Image\w*(?:MirrorSet|ContentPolicy|ContentSourcePolicy)(?:List)?$/;

function asUnsupported(kind: string): Recognition {
  const message = `${show(kind)} seems to be a kind of mirror policy that this version does not know`;
  const help = 'update icspd, or take the document out of the policy directory';
  return { state: 'unsupported', fault: { name: 'unsupportedVersion', message, help } };
}

function isSlip(kind: string, name: string): boolean {
  if (kind.toLowerCase() === name.toLowerCase()) return true;
  return name.length > 12 && Math.abs(kind.length - name.length) <= 2 && nearestWord(kind, [name]) !== null;
}
