// The launcher runs the program as it was tested, whatever the caller's environment says.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { emptyTree, put } from '../host/tree.ts';

const program = join(import.meta.dirname, '../../dist/icspd');

test('no code comes from the environment', (t) => {
  const root = emptyTree(t);
  const mark = join(root, 'mark');
  const script = put(
    root,
    'preload.mjs',
    `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(mark)}, '');`,
  );
  execFileSync(program, ['--version'], { env: { ...process.env, NODE_OPTIONS: `--import=${script}` } });
  t.false(existsSync(mark));
});

test('no command comes from the PATH of the caller: not for the launcher, not for the program', (t) => {
  const root = emptyTree(t);
  const mark = join(root, 'mark');
  for (const name of ['readlink', 'dirname', 'flock', 'cp']) {
    put(root, `bin/${name}`, `#!/bin/sh\necho ${name} >> '${mark}'\nexec /usr/bin/${name} "$@"\n`, 0o755);
  }
  put(root, 'node/etc/containers/registries.conf', '');
  const policy = { source: 'quay.io/a', mirrors: ['mirror.example/a'] };
  put(
    root,
    'node/etc/icsp.d/a.json',
    JSON.stringify({
      apiVersion: 'config.openshift.io/v1',
      kind: 'ImageDigestMirrorSet',
      metadata: { name: 'a' },
      spec: { imageDigestMirrors: [policy] },
    }),
  );
  const PATH = `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`;
  execFileSync(program, ['--root', join(root, 'node'), 'apply'], {
    env: { ...process.env, PATH },
    stdio: 'ignore',
  });
  t.regex(readFileSync(join(root, 'node/etc/containers/registries.conf'), 'utf8'), /mirror\.example/);
  t.false(existsSync(mark));
});
