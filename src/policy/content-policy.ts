// ImageContentPolicy of config.openshift.io, which was published and never used by OpenShift itself.
import { checkKeys } from './fields.ts';
import { type MirrorListShape, readMirrorList } from './mirror-list.ts';
import type { DocumentContent, PolicyDocument } from './policy-object.ts';
import { show } from './report.ts';

const shape: MirrorListShape = {
  field: 'repositoryDigestMirrors',
  option: 'allowMirrorByTags',
  pulls: (areTagsAllowed) => ({ digest: true, tag: areTagsAllowed }),
};

/** Mirrors for pulls by digest and, where allowed, by tag. The API has a source once per object. */
export function readContentPolicy(document: PolicyDocument): DocumentContent {
  const { spec, report } = document;
  checkKeys(spec, 'spec', [shape.field], document.foreignField, report);
  const rules = readMirrorList(document, shape);
  const lines = new Map<string, number>();
  for (const { source, origin, column } of rules) {
    const line = lines.get(source);
    if (line === undefined) {
      lines.set(source, origin.line);
      continue;
    }
    const message = `source ${show(source)} stands in this ImageContentPolicy already, on line ${line}`;
    report.addAt(
      { name: 'duplicateSource', message, help: 'put all its mirrors into one entry' },
      origin.line,
      column,
    );
  }
  return { rules, registrySources: [] };
}
