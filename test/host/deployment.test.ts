// The name of the deployment that is booted.
import test from 'ava';
import { readDeployment, type BootFiles } from '../../src/host/deployment.ts';

const link = '/ostree/boot.1/fedora-coreos/9d7a/0';
const missing = (): never => {
  throw new Error('ENOENT');
};
const booted = (commandLine: string, resolve: BootFiles['resolve'] = missing): string | null =>
  readDeployment({ commandLine: () => commandLine, resolve });

test('it is the directory that ostree= leads to, whichever of the two boot links led there', (t) => {
  const resolve = (): string => '/sysroot/ostree/deploy/fedora-coreos/deploy/3f1c.0';
  const lines = [link, link.replace('boot.1', 'boot.0')].map(
    (path) => `root=UUID=1 rw ostree=${path} quiet\n`,
  );
  t.deepEqual(
    lines.map((line) => booted(line, resolve)),
    ['fedora-coreos/3f1c.0', 'fedora-coreos/3f1c.0'],
  );
});

test('where the link leads nowhere, or not to a deployment, it is the argument', (t) => {
  t.is(booted(`ostree=${link}`), link);
  t.is(
    booted(`ostree=${link}`, () => '/elsewhere'),
    link,
  );
});

test('there is none where the kernel was told of none, or does not tell', (t) => {
  t.is(booted('root=/dev/vda1 xostree=/no quiet'), null);
  t.is(booted(''), null);
  t.is(readDeployment({ commandLine: missing, resolve: missing }), null);
});
