import test from 'ava';
import fc from 'fast-check';
import type { FindingName } from '../../src/finding.ts';
import { formFault } from '../../src/policy/repository-fault.ts';
import { mirrorFaults, sourceFaults } from '../../src/policy/repository-meaning.ts';
import { isHost, isMirror, isScope, isSource } from '../../src/policy/repository.ts';
import { scopeFaults } from '../../src/policy/scope-fault.ts';

const repositories = [
  'quay.io',
  'localhost',
  'localhost:5000',
  'A.example.COM',
  '10.0.0.1:5000/x',
  'example.com/ns/repo/deeper/still',
  'example.com/a_b/c__d/e.f/g---h',
];
for (const text of repositories) {
  test(`${text} is a source and a mirror`, (t) => {
    t.true(isSource(text) && isMirror(text));
    t.is(formFault(text, 'source'), null);
    t.is(formFault(text, 'mirror'), null);
  });
}

for (const text of ['*.example.com', '*.com', '*.a.b.c']) {
  test(`${text} is a source and no mirror`, (t) => {
    t.true(isSource(text));
    t.false(isMirror(text));
    t.is(formFault(text, 'mirror')?.name, 'badWildcard');
  });
}

const wrong: readonly (readonly [what: string, text: string, name: FindingName, help?: string])[] = [
  ['an empty string', '', 'badRepository'],
  ['a scheme', 'https://quay.io/x', 'hasScheme', 'write "quay.io/x"'],
  ['the scheme of an image reference', 'docker://quay.io/x', 'hasScheme', 'write "quay.io/x"'],
  ['a tag', 'quay.io/x:latest', 'hasTag', 'write "quay.io/x"'],
  ['a tag behind a port', 'quay.io:443/x:1', 'hasTag', 'write "quay.io:443/x"'],
  ['a tag on a lone word', 'ubuntu:latest', 'hasTag'],
  ['a digest', `quay.io/x@sha256:${'0'.repeat(64)}`, 'hasDigest', 'write "quay.io/x"'],
  ['a tag and a digest', 'quay.io/x:1@sha256:abc', 'hasDigest', 'write "quay.io/x"'],
  ['a trailing slash', 'quay.io/x/', 'badSlash', 'write "quay.io/x"'],
  ['a double slash', 'quay.io//x', 'badSlash', 'write "quay.io/x"'],
  ['a leading slash', '/quay.io/x', 'badSlash', 'write "quay.io/x"'],
  ['upper case in the path', 'quay.io/Foo', 'upperCasePath', 'write "quay.io/foo"'],
  ['a trailing space', 'quay.io/x ', 'hasSpace', 'write "quay.io/x"'],
  ['an inner space', 'quay.io/x y', 'hasSpace'],
  ['a newline', 'quay.io/x\n', 'hasSpace'],
  ['an IPv6 address', '[2001:db8::1]:5000/x', 'isIpv6'],
  ['a bare IPv6 address', 'fe80::1', 'isIpv6'],
  ['a wildcard with a port', '*.example.com:5000', 'badWildcard', 'write "*.example.com"'],
  ['a wildcard with a path', '*.example.com/x', 'badWildcard'],
  ['a wildcard in the middle', 'a.*.com', 'badWildcard'],
  ['an underscore in the host', 'my_registry.example/x', 'underscoreInHost'],
  ['a port that is no number', 'quay.io:https', 'badRepository'],
  ['an empty port', 'quay.io:', 'badRepository'],
  ['a user name', 'someone@quay.io/x', 'badRepository'],
  ['a letter outside ASCII', 'bücher.example/x', 'badRepository'],
  ['three underscores', 'quay.io/a___b', 'badRepository'],
  ['257 characters', `quay.io/${'a'.repeat(249)}`, 'repositoryTooLong'],
];
for (const [what, text, name, help] of wrong) {
  test(`a source with ${what} is ${name}`, (t) => {
    const fault = formFault(text, 'source');
    t.is(fault?.name, name);
    if (help !== undefined) t.is(fault?.help, help);
  });
}

test('256 characters are not too many', (t) => {
  t.is(formFault(`quay.io/${'a'.repeat(248)}`, 'source'), null);
});

test('a password is not repeated in the message', (t) => {
  t.false(formFault('me:hunter2@quay.io/x', 'source')?.message.includes('hunter2'));
  t.false(formFault(`me:hunter2${'x'.repeat(300)}@quay.io/x`, 'source')?.message.includes('hunter2'));
});

const sources: readonly (readonly [source: string, names: readonly string[]])[] = [
  ['quay.io', []],
  ['localhost/x', []],
  ['*.example.com', []],
  ['library/alpine', ['sourceNeverMatches']],
  ['registry', ['sourceNeverMatches']],
  ['registry:5000', []],
  ['index.docker.io/library', ['sourceNeverMatches']],
  ['quay.io:65536/x', ['portOutOfRange']],
  ['quay.io:65535/x', []],
];
test('a host in upper case is told how it is compared, and how to write it', (t) => {
  const told = (faults: readonly { readonly help: string }[]): readonly string[] =>
    faults.map(({ help }) => help);
  t.deepEqual(told(sourceFaults('Docker.IO/library')), ['write "docker.io/library"']);
  t.deepEqual(told(sourceFaults('*.Example.com')), ['write "*.example.com"']);
  t.deepEqual(told(scopeFaults('Docker.IO:443')), ['write "docker.io:443"']);
  t.deepEqual(told(mirrorFaults('Mirror.example/a', 'quay.io')), []);
});

for (const [source, names] of sources) {
  test(`the source ${source} has ${names.join() || 'no fault'}`, (t) => {
    t.deepEqual(
      sourceFaults(source).map(({ name }) => name),
      names,
    );
  });
}

const mirrors: readonly (readonly [mirror: string, source: string, names: readonly string[]])[] = [
  ['m.example/x', 'quay.io', []],
  ['mirror/x', 'quay.io', ['mirrorNotCanonical']],
  ['mirror', 'quay.io', ['mirrorNotCanonical']],
  ['mirror:5000', 'quay.io', []],
  ['localhost/x', 'quay.io', []],
  ['index.docker.io/x', 'quay.io', ['mirrorNotCanonical']],
  ['docker.io', 'quay.io', ['mirrorNotCanonical']],
  ['docker.io', 'quay.io/team', ['mirrorNotCanonical']],
  ['docker.io', '*.example.com', ['mirrorNotCanonical']],
  ['docker.io', 'docker.io', []],
  ['docker.io/library', 'quay.io', []],
  ['docker.io/pause', 'registry.k8s.io/pause', ['exactSourceFails']],
  ['docker.io/a/b', 'quay.io/team', []],
  ['m.example', 'quay.io/team', []],
  ['m.example', 'quay.io/team/image', ['exactSourceFails']],
  ['m.example:99999/x', 'quay.io', ['portOutOfRange']],
];
for (const [mirror, source, names] of mirrors) {
  test(`the mirror ${mirror} of ${source} has ${names.join() || 'no fault'}`, (t) => {
    t.deepEqual(
      mirrorFaults(mirror, source).map(({ name }) => name),
      names,
    );
  });
}

test('a scope may begin with *. and have a star nowhere else', (t) => {
  for (const scope of ['example.com', '*.example.com', 'example.com/a:b']) t.true(isScope(scope), scope);
  for (const scope of ['', '*', '**.a.b', 'a.*.b', '*.a.b/c', '*.a.b:1', '*a.b', '*.*a.b'])
    t.false(isScope(scope), scope);
});

test('a search registry is a host with an optional port', (t) => {
  for (const host of ['quay.io', 'localhost', 'quay.io:443']) t.true(isHost(host), host);
  for (const host of ['', 'quay.io/x', 'quay.io:', 'a_b.io', '*.a.b', 'https://quay.io'])
    t.false(isHost(host), host);
});

test('a law: what is told to be written fits the grammar', (t) => {
  const piece = fc.constantFrom(
    'a',
    'B',
    '1',
    '.',
    '-',
    '_',
    '/',
    ':',
    '@',
    '*',
    ' ',
    'https://',
    'quay.io',
    'sha256:',
    ':5000',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      const fault = formFault(text, 'source');
      t.is(fault === null, isSource(text));
      const written = /^write "(.*)"$/.exec(fault?.help ?? '')?.[1];
      if (written !== undefined) t.true(isSource(written), `${text} → ${written}`);
    }),
  );
  t.pass();
});

test('a law: a mirror is a source, and has 256 characters at most', (t) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400, unit: fc.constantFrom('a', 'b.c', '/', ':1', '-') }), (text) => {
      if (!isMirror(text)) return true;
      return isSource(text) && text.length <= 256;
    }),
  );
  t.pass();
});
