import test from 'ava';
import { sealRendering, unseal } from '../../src/registries/seal.ts';

const digest = 'a'.repeat(64);
const options = {
  hasBaseline: true,
  baselinePath: '/etc/icspd/baseline.conf',
  registriesConfPath: '/etc/containers/registries.conf',
};
const body = '[[registry]]\nlocation = "a.com"\n\n[[registry.mirror]]\nlocation = "m.com"\n';

test('the header tells who manages the file, its digest, how to ask and the ways back', (t) => {
  t.is(
    sealRendering(body, digest, options),
    `# This file is managed by icspd: do not edit it, changes are overwritten or refused.
# sha256 of what follows this comment: ${digest}
# Why an image is pulled from where:  icspd explain IMAGE
# Back to how it was before icspd:    icspd restore --baseline
# The same where icspd is gone:       cp -p /etc/icspd/baseline.conf /etc/containers/registries.conf && systemctl reload crio

${body}`,
  );
});

test('where there was no file before, the way back removes it', (t) => {
  const text = sealRendering(body, digest, { ...options, hasBaseline: false });
  t.true(text.includes(' rm /etc/containers/registries.conf && systemctl reload crio\n'));
});

for (const each of [body, '', '\n\n', '# a comment\n']) {
  test(`what is sealed is unsealed: ${JSON.stringify(each)}`, (t) => {
    t.deepEqual(unseal(sealRendering(each, digest, options)), { digest, body: each });
  });
}

test('an edited body is unsealed as it stands, for the caller to compare digests', (t) => {
  t.is(unseal(`${sealRendering(body, digest, options)}# mine\n`)?.body, `${body}# mine\n`);
});

const foreign: readonly (readonly [title: string, text: string])[] = [
  ['an empty file', ''],
  ['a file without header', body],
  ['a header with a digest cut short', sealRendering(body, 'abc', options)],
  ['a header in the middle of a file', `\n${sealRendering(body, digest, options)}`],
  ['a header that nothing follows', sealRendering(body, digest, options).split('\n\n')[0] ?? ''],
  ['a header with a digest of 65 digits', sealRendering(body, `${digest}a`, options)],
  ['a header with a letter before the digest', sealRendering(body, `x${digest}`, options)],
  ['a header with another first line', sealRendering(body, digest, options).replace('managed by', 'made by')],
  ['a header without its digest', sealRendering(body, digest, options).replace(/# sha256.*\n/, '')],
  ['a header with a line that is no comment', sealRendering(body, digest, options).replace('# Why', 'Why')],
];

for (const [title, text] of foreign) {
  test(`${title} is not ours`, (t) => {
    t.is(unseal(text), null);
  });
}

test('odd paths stay one line of printable ASCII', (t) => {
  const text = sealRendering('', digest, { ...options, registriesConfPath: "/tmp/é 'x'\n\u202e" });
  t.regex(text, /^[\n -~]*$/);
  t.is(text.split('\n').length, 7);
});
