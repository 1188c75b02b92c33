// ImageContentSourcePolicy of operator.openshift.io, in all its versions.
import { checkKeys } from './fields.ts';
import { type MirrorListShape, readMirrorList } from './mirror-list.ts';
import { fieldOf, type MapNode } from './node.ts';
import type { DocumentContent, PolicyDocument } from './policy-object.ts';
import { type FileReport, show } from './report.ts';
import type { MirrorRule } from './rule.ts';

const digestMirrors: MirrorListShape = {
  field: 'repositoryDigestMirrors',
  option: null,
  pulls: () => ({ digest: true, tag: false }),
};

// Unset is false: the zero value is the safe one.
const mirrors: MirrorListShape = {
  field: 'repositoryMirrors',
  option: 'allowMirrorByTags',
  pulls: (areTagsAllowed) => ({ digest: true, tag: areTagsAllowed }),
};

/** v1alpha1, the only version with both lists. One source in both of one object is an error. */
export function readContentSourcePolicyAlpha1(document: PolicyDocument): DocumentContent {
  const known = [mirrors.field, digestMirrors.field];
  checkKeys(document.spec, 'spec', known, document.foreignField, document.report);
  const byDigest = readMirrorList(document, digestMirrors);
  const general = readMirrorList(document, mirrors);
  const isGeneralLater =
    offsetOf(document.spec, mirrors.field) > offsetOf(document.spec, digestMirrors.field);
  if (isGeneralLater) blameBoth(byDigest, general, digestMirrors.field, document.report);
  else blameBoth(general, byDigest, mirrors.field, document.report);
  return { rules: [...byDigest, ...general], registrySources: [] };
}

/** v1alpha2 and v1. */
export function readContentSourcePolicy(document: PolicyDocument): DocumentContent {
  checkKeys(document.spec, 'spec', [mirrors.field], document.foreignField, document.report);
  return { rules: readMirrorList(document, mirrors), registrySources: [] };
}

function offsetOf(spec: MapNode, key: string): number {
  return fieldOf(spec, key)?.keyAt ?? -1;
}

function blameBoth(
  earlier: readonly MirrorRule[],
  later: readonly MirrorRule[],
  field: string,
  report: FileReport,
): void {
  const lines = new Map(earlier.map(({ source, origin }) => [source, origin.line]));
  for (const { source, origin, column } of later) {
    const line = lines.get(source);
    if (line === undefined) continue;
    const message = `source ${show(source)} stands in spec.${field} too, on line ${line}`;
    const help = 'keep it in one of the two lists';
    report.addAt({ name: 'sourceInBothLists', message, help }, origin.line, column);
  }
}
