// A scratch root with one good policy file, and whatever a test puts beside it.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

export interface HostileNode {
  readonly root: string;
  /** /etc/icsp.d below the root. */
  readonly policies: string;
  put(name: string | Buffer, content: string | Uint8Array): void;
  /** A shell command in the policy directory. */
  sh(command: string): void;
}

export const head = `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata:
  name: a
spec:
  imageDigestMirrors:
`;

export function makeNode(t: ExecutionContext): HostileNode {
  const root = mkdtempSync(join(tmpdir(), 'icspd-hostile-'));
  t.teardown(() => {
    rmSync(root, { recursive: true, force: true });
  });
  chmodSync(root, 0o755);
  const policies = join(root, 'etc/icsp.d');
  mkdirSync(policies, { recursive: true, mode: 0o755 });
  mkdirSync(join(root, 'etc/containers'), { mode: 0o755 });
  const put: HostileNode['put'] = (name, content) => {
    const path = Buffer.concat([Buffer.from(`${policies}/`), Buffer.from(name)]);
    writeFileSync(path, content);
    chmodSync(path, 0o644);
  };
  put('good.yaml', `${head}    - source: quay.io/good\n      mirrors: [mirror.example/good]\n`);
  return {
    root,
    policies,
    put,
    sh: (command) => void execFileSync('sh', ['-c', command], { cwd: policies, stdio: 'ignore' }),
  };
}
