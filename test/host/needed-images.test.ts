// Which images the node needs, by the files of CRI-O and MicroShift as they really look.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { NeededImages } from '../../src/agent/ports.ts';
import { readNeededImages } from '../../src/host/needed-images.ts';
import { emptyTree, put, putDirectory } from './tree.ts';

const byDefault = 'registry.k8s.io/pause';
const main = 'etc/crio/crio.conf';
const drop = 'etc/crio/crio.conf.d';
const releases = 'usr/share/microshift/release';
const base = `quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:${'e3b0c442'.repeat(8)}`;

function pause(image: string): string {
  return `[crio]\nlog_dir = "/var/log/crio/pods"\n\n[crio.image]\n# the image of every pod\npause_image = "${image}"\n`;
}

function readFrom(t: ExecutionContext, files: Readonly<Record<string, string>>): NeededImages {
  const root = emptyTree(t);
  for (const [name, text] of Object.entries(files)) put(root, name, text);
  return readNeededImages(root);
}

const rows: readonly (readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  images: readonly string[],
])[] = [
  ['without a file of CRI-O its own default counts', {}, [byDefault]],
  ['a file that does not name one leaves the default', { [main]: '[crio.image]\n' }, [byDefault]],
  ['so does an empty value', { [main]: pause('') }, [byDefault]],
  ['the main file decides', { [main]: pause('a.example/pause:1') }, ['a.example/pause:1']],
  [
    'later drop-ins win, by byte, whatever their suffix',
    {
      [main]: pause('a.example/pause:1'),
      [`${drop}/20.conf.rpmsave`]: pause('d.example/pause:1'),
      [`${drop}/10.conf`]: pause('b.example/pause:1'),
      [`${drop}/9.conf`]: '[crio.runtime]\n',
      [`${drop}/20.conf`]: pause('c.example/pause:1'),
    },
    ['d.example/pause:1'],
  ],
  [
    'a release of MicroShift counts with all its images, once each',
    {
      [`${releases}/release-x86_64.json`]: JSON.stringify({
        release: { base: '4.16.0' },
        images: { cli: base, pod: base, topolvm: 'registry.redhat.io/lvms4/topolvm-rhel9:v4' },
      }),
      [`${releases}/release-olm-x86_64.json`]: JSON.stringify({ images: { olm: 'quay.io/olm/olm:v1' } }),
      [`${releases}/README.json`]: 'not a release',
    },
    [byDefault, 'quay.io/olm/olm:v1', base, 'registry.redhat.io/lvms4/topolvm-rhel9:v4'],
  ],
];

for (const [title, files, images] of rows) {
  test(title, (t) => {
    const found = readFrom(t, files);
    t.deepEqual(
      found.images.map(({ image }) => image),
      images,
    );
    t.deepEqual(found.findings, []);
  });
}

test('each image says who needs it', (t) => {
  const { images } = readFrom(t, { [main]: pause('a.example/pause:1') });
  t.regex(images[0]?.by ?? '', /^the pause image of CRI-O in ".*\/etc\/crio\/crio\.conf"$/);
  t.is(readFrom(t, {}).images[0]?.by, 'the pause image of CRI-O by default');
});

const troubles: readonly (readonly [title: string, file: string, text: string, why: RegExp])[] = [
  ['a file that is no TOML', main, '[crio.image\n', /cannot be told: /],
  ['an image without a registry', main, pause('pause:3.10'), /"pause:3\.10" .* is not an image/],
  ['words of no image', main, pause('https://a.example/Pause\\n\\u001b[31m'), /\\u\{1b\}.* is not an image/],
  ['a release that is no JSON', `${releases}/release-x86_64.json`, '{', /not JSON with an object "images"/],
  ['a release that is no object', `${releases}/release-a.json`, '[{}]', /not JSON with an object "images"/],
  ['a file beyond all measure', `${drop}/big`, ' '.repeat(1024 * 1024 + 1), /more than the 1048576/],
];

for (const [title, file, text, why] of troubles) {
  test(`${title} is told, and stops nothing`, (t) => {
    const { findings } = readFrom(t, { [file]: text });
    t.deepEqual(
      findings.map(({ id, severity }) => [id, severity]),
      [['ICSP352', 'warning']],
    );
    t.regex(findings[0]?.message ?? '', why);
  });
}

test('a FIFO in the place of a file neither blocks nor counts', (t) => {
  const root = emptyTree(t);
  putDirectory(root, drop);
  execFileSync('mkfifo', [join(root, drop, '10.conf')]);
  const { images, findings } = readNeededImages(root);
  t.deepEqual([images.length, findings.map(({ id }) => id)], [1, ['ICSP352']]);
});
