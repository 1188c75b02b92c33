// What to say of a document that is no Kubernetes object at all.
import { apiVersionOf } from './kinds.ts';
import { describe, fieldOf, type MapNode, type Node } from './node.ts';
import { type Fault, show } from './report.ts';

/** @param kind what the document says it is; null if it does not */
export function notAnObject(node: Node, kind: string | null): Fault {
  if (node.type === 'list') return isMirrorList(node) ? bareList : noObject(node);
  if (node.type === 'scalar') return noObject(node);
  if (kind === null) {
    for (const key of ['imageContentSources', 'imageDigestSources']) {
      if (fieldOf(node, key) !== null) return installConfig(key);
    }
    if (isMirrorEntry(node)) return bareList;
    return {
      name: 'notAnObject',
      message: 'the document has no kind',
      help: 'write apiVersion:, kind:, metadata: and spec:',
    };
  }
  const apiVersion = apiVersionOf(kind);
  if (apiVersion === null) {
    const message = `the document of kind ${show(kind)} has no apiVersion`;
    return { name: 'notAnObject', message, help: 'write apiVersion: and its API group and version' };
  }
  const message = `the ${kind} has no apiVersion`;
  return { name: 'missingField', message, help: `write apiVersion: ${apiVersion}` };
}

const bareList: Fault = {
  name: 'bareMirrorList',
  message: 'the document is a bare list of sources and mirrors',
  help: 'put it below spec.imageDigestMirrors of an ImageDigestMirrorSet, apiVersion: config.openshift.io/v1',
};

function noObject(node: Node): Fault {
  return {
    name: 'notAnObject',
    message: `the document is ${describe(node)}, not a Kubernetes object`,
    help: 'write apiVersion:, kind:, metadata: and spec:',
  };
}

function installConfig(key: string): Fault {
  return {
    name: 'installConfigFragment',
    message: `the document is a fragment of an install-config: it has ${key} and no kind`,
    help: `put the list below ${key} under spec.imageDigestMirrors of an ImageDigestMirrorSet, apiVersion: config.openshift.io/v1`,
  };
}

function isMirrorList({ items }: { readonly items: readonly Node[] }): boolean {
  return items.some((item) => item.type === 'map' && isMirrorEntry(item));
}

function isMirrorEntry(map: MapNode): boolean {
  return fieldOf(map, 'source') !== null || fieldOf(map, 'mirrors') !== null;
}
