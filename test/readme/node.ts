// A node below a scratch root, on which the blocks of README.md are run by bash, word for word but for the root before their paths.
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { project } from './blocks.ts';

export interface Ran {
  readonly out: string;
  readonly err: string;
  /** What did not end with 0, as `STATUS COMMAND`. */
  readonly failed: readonly string[];
}

export interface Node {
  readonly root: string;
  readonly write: (path: string, text: string) => void;
  readonly read: (path: string) => string;
  /** As a block of the page; `otherRoot` is that of the node beside it. */
  readonly sh: (text: string, otherRoot?: string) => Promise<Ran>;
  readonly remove: () => void;
}

export const conf = '/etc/containers/registries.conf';

/** A node with a registries.conf of its administrator. */
export function makeNode(): Node {
  const root = mkdtempSync(join(tmpdir(), 'icspd-readme-'));
  const at = (path: string): string => join(root, path);
  const makeRoom = (path: string): void =>
    void mkdirSync(dirname(at(path)), { recursive: true, mode: 0o755 });
  makeRoom(conf);
  copyFileSync(join(project, 'packaging/examples/node/registries.conf'), at(conf));
  for (const name of ['home', 'root', 'tmp']) mkdirSync(at(name), { mode: 0o755 });
  copyFileSync(join(project, 'test/e2e/policies/idms-oc-mirror.yaml'), at('home/idms-oc-mirror.yaml'));
  return {
    root,
    write(path, text) {
      makeRoom(path);
      writeFileSync(at(path), text, { mode: 0o644 });
    },
    read: (path) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : ''),
    sh: (text, otherRoot = '') => runBlock(text, root, otherRoot),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

async function runBlock(text: string, root: string, otherRoot: string): Promise<Ran> {
  const failures = join(root, 'tmp/failures');
  const moved = text.replace(/(?<=^|[\s"'=])(?=\/(?:etc|mnt|root|run|usr|var)\/)/gm, root);
  const script = `exec </dev/null\nset -u -o pipefail\numask 022\ntrap 'echo "$? $BASH_COMMAND" >>${failures}' ERR\n${moved}`;
  rmSync(failures, { force: true });
  // What failed is in the file; the exit status of bash is that of the last line alone.
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', `${script}\nexit 0`], {
    cwd: join(root, 'home'),
    timeout: 120_000,
    env: {
      PATH: `${join(import.meta.dirname, 'bin')}:${process.env['PATH'] ?? ''}`,
      ...{ PROJECT: project, NODE_ROOT: root, README_ROOT: root, OTHER_ROOT: otherRoot },
      ...{ ICSPD: join(import.meta.dirname, 'bin/icspd'), ICSPD_TRIES: '1' },
    },
  });
  const settle = (words: string): string => words.replaceAll(root, '');
  const failed = existsSync(failures) ? settle(readFileSync(failures, 'utf8')).trimEnd().split('\n') : [];
  return { out: settle(stdout), err: settle(stderr), failed };
}
