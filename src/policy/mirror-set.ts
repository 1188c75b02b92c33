// ImageDigestMirrorSet and ImageTagMirrorSet of config.openshift.io.
import { checkKeys } from './fields.ts';
import { type MirrorListShape, readMirrorList } from './mirror-list.ts';
import type { DocumentContent, PolicyDocument } from './policy-object.ts';

const digestMirrors: MirrorListShape = {
  field: 'imageDigestMirrors',
  option: 'mirrorSourcePolicy',
  pulls: () => ({ digest: true, tag: false }),
};

const tagMirrors: MirrorListShape = {
  field: 'imageTagMirrors',
  option: 'mirrorSourcePolicy',
  pulls: () => ({ digest: false, tag: true }),
};

/** Mirrors for pulls by digest. */
export function readDigestMirrorSet(document: PolicyDocument): DocumentContent {
  return readMirrorSet(document, digestMirrors);
}

/** Mirrors for pulls by tag. */
export function readTagMirrorSet(document: PolicyDocument): DocumentContent {
  return readMirrorSet(document, tagMirrors);
}

function readMirrorSet(document: PolicyDocument, shape: MirrorListShape): DocumentContent {
  checkKeys(document.spec, 'spec', [shape.field], document.foreignField, document.report);
  return { rules: readMirrorList(document, shape), registrySources: [] };
}
