// A root below which icspd works, with policy files as tools write them.
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeObjects, type Entry } from './policies.ts';

export interface NodeTree {
  readonly root: string;
  readonly policies: string;
  readonly registriesConf: string;
  /** Writes a policy file aside and renames it into place, as tools do. */
  put(name: string, entries: readonly Entry[]): void;
  remove(): void;
}

/** One policy file for every ten sources, each with three mirrors. */
export function makeNodeTree(sources: number): NodeTree {
  const root = mkdtempSync(join(tmpdir(), 'icspd-bench-'));
  chmodSync(root, 0o755);
  const policies = join(root, 'etc/icsp.d');
  mkdirSync(policies, { recursive: true, mode: 0o755 });
  mkdirSync(join(root, 'etc/containers'), { mode: 0o755 });
  const tree: NodeTree = {
    root,
    policies,
    registriesConf: join(root, 'etc/containers/registries.conf'),
    put(name, entries) {
      writePolicy(policies, name, entries);
    },
    remove() {
      rmSync(root, { recursive: true, force: true });
    },
  };
  for (const [i, entries] of makeObjects(sources).entries()) tree.put(fileName(i), entries);
  return tree;
}

/** What the file of the object is called. */
export function fileName(object: number): string {
  return `${object}.yaml`;
}

function policyText(name: string, entries: readonly Entry[]): string {
  const head = [
    'apiVersion: config.openshift.io/v1',
    'kind: ImageDigestMirrorSet',
    `metadata: {name: ${name}}`,
    'spec:',
    '  imageDigestMirrors:',
  ];
  const lists = entries.flatMap(({ source, mirrors }) => [
    `    - source: ${source}`,
    '      mirrors:',
    ...mirrors.map((mirror) => `        - ${mirror}`),
  ]);
  return [...head, ...lists, ''].join('\n');
}

function writePolicy(folder: string, name: string, entries: readonly Entry[]): void {
  const aside = join(folder, `.${name}.new`);
  writeFileSync(aside, policyText(name, entries), { mode: 0o644 });
  renameSync(aside, join(folder, name));
}
