// What is said, word by word, of sources, mirrors and scopes.
import test from 'ava';
import type { Fault } from '../../src/policy/report.ts';
import { formFault } from '../../src/policy/repository-fault.ts';
import { mirrorFaults, sourceFaults } from '../../src/policy/repository-meaning.ts';
import { scopeFaults, searchFaults } from '../../src/policy/scope-fault.ts';

const form =
  'write host[:port][/path] with lower-case letters, digits and single . _ - between them in the path';

function say({ name, message, help }: Fault): string {
  return `${name}: ${message}; ${help}`;
}

/** What is said of the text as a source; of a mirror the same, unless there is a third column. */
const forms: readonly (readonly [text: string, source: string | null, mirror?: string])[] = [
  ['', `badRepository: source "" is empty; ${form}`],
  [' ', 'hasSpace: source " " has white space or a control character; remove it'],
  [
    'quay.io/x\u001b',
    'hasSpace: source "quay.io/x\\u{1b}" has white space or a control character; remove it',
  ],
  ['a b', 'hasSpace: source "a b" has white space or a control character; remove it'],
  ['https://quay.io/x', 'hasScheme: source "https://quay.io/x" has a URL scheme; write "quay.io/x"'],
  [
    'quay.io/x://y',
    'badSlash: source "quay.io/x://y" has a leading, double or trailing slash; leave only single slashes between components',
  ],
  [
    'x HTTPS://quay.io',
    'hasSpace: source "x HTTPS://quay.io" has white space or a control character; remove it',
  ],
  ['HTTPS://quay.io/X/', 'hasScheme: source "HTTPS://quay.io/X/" has a URL scheme; write "quay.io/x"'],
  ['[::1]:5000/x', 'isIpv6: source "[::1]:5000/x" has an IPv6 address; use a host name or an IPv4 address'],
  ['fe80::1', 'isIpv6: source "fe80::1" has an IPv6 address; use a host name or an IPv4 address'],
  [
    'quay.io/fe80::1',
    'hasTag: source "quay.io/fe80::1" has a tag; leave out the colon and what follows: a policy names repositories, not images',
  ],
  ['fe80::1/x', 'isIpv6: source "fe80::1/x" has an IPv6 address; use a host name or an IPv4 address'],
  ['FE80::1', 'isIpv6: source "FE80::1" has an IPv6 address; use a host name or an IPv4 address'],
  ['a:b:c', 'isIpv6: source "a:b:c" has an IPv6 address; use a host name or an IPv4 address'],
  ['quay.io/x@sha256:abc', 'hasDigest: source "quay.io/x@sha256:abc" has a digest; write "quay.io/x"'],
  [
    'quay.io/x@md5:00000000000000000000000000000000',
    'hasDigest: source "quay.io/x@md5:00000000000000000000000000000000" has a digest; write "quay.io/x"',
  ],
  [
    'quay.io/x@md5:0000000000000000000000000000000',
    'badRepository: source "quay.io/x@md5:0000000000000000000000000000000" has an @; leave it out; credentials belong in the auth file of CRI-O',
  ],
  [
    'me@quay.io/x',
    'badRepository: source "me@quay.io/x" has an @; leave it out; credentials belong in the auth file of CRI-O',
  ],
  [
    '*.example.com/x',
    'badWildcard: source "*.example.com/x" is not of the form *.example.com; write *. and a domain, nothing before and nothing behind',
    'badWildcard: mirror "*.example.com/x" is a wildcard; name one registry; only a source can be a wildcard',
  ],
  [
    '*.example.com',
    null,
    'badWildcard: mirror "*.example.com" is a wildcard; name one registry; only a source can be a wildcard',
  ],
  [
    '*.example.com:5000',
    'badWildcard: source "*.example.com:5000" is not of the form *.example.com; write "*.example.com"',
    'badWildcard: mirror "*.example.com:5000" is a wildcard; name one registry; only a source can be a wildcard',
  ],
  [
    '*.a.b:5000/x',
    'badWildcard: source "*.a.b:5000/x" is not of the form *.example.com; write *. and a domain, nothing before and nothing behind',
    'badWildcard: mirror "*.a.b:5000/x" is a wildcard; name one registry; only a source can be a wildcard',
  ],
  [
    'x*.example.com:1',
    'badWildcard: source "x*.example.com:1" is not of the form *.example.com; write *. and a domain, nothing before and nothing behind',
    'badWildcard: mirror "x*.example.com:1" is a wildcard; name one registry; only a source can be a wildcard',
  ],
  [
    '*.example.com:1x',
    'badWildcard: source "*.example.com:1x" is not of the form *.example.com; write *. and a domain, nothing before and nothing behind',
    'badWildcard: mirror "*.example.com:1x" is a wildcard; name one registry; only a source can be a wildcard',
  ],
  ['/quay.io/x', 'badSlash: source "/quay.io/x" has a leading, double or trailing slash; write "quay.io/x"'],
  ['quay.io//x', 'badSlash: source "quay.io//x" has a leading, double or trailing slash; write "quay.io/x"'],
  [
    'quay.io/x//',
    'badSlash: source "quay.io/x//" has a leading, double or trailing slash; write "quay.io/x"',
  ],
  [
    'quay.io///x',
    'badSlash: source "quay.io///x" has a leading, double or trailing slash; write "quay.io/x"',
  ],
  ['quay.io/x:latest', 'hasTag: source "quay.io/x:latest" has a tag; write "quay.io/x"'],
  ['quay.io/x:1/y', `badRepository: source "quay.io/x:1/y" is not a repository; ${form}`],
  ['quay.io:443/x:1', 'hasTag: source "quay.io:443/x:1" has a tag; write "quay.io:443/x"'],
  [
    'ubuntu:latest',
    'hasTag: source "ubuntu:latest" has a tag; leave out the colon and what follows: a policy names repositories, not images',
  ],
  ['ubuntu:1', null],
  [
    'ubuntu:1x',
    'hasTag: source "ubuntu:1x" has a tag; leave out the colon and what follows: a policy names repositories, not images',
  ],
  ['localhost:x', `badRepository: source "localhost:x" has a port that is no number; ${form}`],
  ['quay.io:https', `badRepository: source "quay.io:https" has a port that is no number; ${form}`],
  ['quay.io:1x/a', `badRepository: source "quay.io:1x/a" has a port that is no number; ${form}`],
  ['quay.io:x1', `badRepository: source "quay.io:x1" has a port that is no number; ${form}`],
  ['quay.io:', `badRepository: source "quay.io:" has a port that is no number; ${form}`],
  ['quay.io:/x', `badRepository: source "quay.io:/x" has a port that is no number; ${form}`],
  [
    'my_host.example/x',
    'underscoreInHost: source "my_host.example/x" has an underscore in its host name; give the registry a DNS name without underscores',
  ],
  ['quay.io/Foo:Tag', 'hasTag: source "quay.io/Foo:Tag" has a tag; write "quay.io/foo"'],
  ['QUAY.io/Foo/Bar:T', 'hasTag: source "QUAY.io/Foo/Bar:T" has a tag; write "QUAY.io/foo/bar"'],
  ['quay.io/fóo', `badRepository: source "quay.io/fóo" has a character outside ASCII; ${form}`],
  ['bücher.example', `badRepository: source "bücher.example" has a character outside ASCII; ${form}`],
  [
    '-a.example',
    `badRepository: source "-a.example" has a host name with an empty label, or one that begins or ends with a hyphen; ${form}`,
  ],
  [
    'a-.example',
    `badRepository: source "a-.example" has a host name with an empty label, or one that begins or ends with a hyphen; ${form}`,
  ],
  [
    'a.-b.example',
    `badRepository: source "a.-b.example" has a host name with an empty label, or one that begins or ends with a hyphen; ${form}`,
  ],
  [
    'a.example-',
    `badRepository: source "a.example-" has a host name with an empty label, or one that begins or ends with a hyphen; ${form}`,
  ],
  [
    '.a.example',
    `badRepository: source ".a.example" has a host name with an empty label, or one that begins or ends with a hyphen; ${form}`,
  ],
  [
    'a.example.',
    `badRepository: source "a.example." has a host name with an empty label, or one that begins or ends with a hyphen; ${form}`,
  ],
  [
    'a..example',
    `badRepository: source "a..example" has a host name with an empty label, or one that begins or ends with a hyphen; ${form}`,
  ],
  ['quay.io/a___b', `badRepository: source "quay.io/a___b" is not a repository; ${form}`],
  ['quay.io/-a', `badRepository: source "quay.io/-a" is not a repository; ${form}`],
  [
    'a:b/C:d:e',
    'hasTag: source "a:b/C:d:e" has a tag; leave out the colon and what follows: a policy names repositories, not images',
  ],
];

for (const [text, source, mirror = source?.replace('source', 'mirror') ?? null] of forms) {
  test(`the form of ${JSON.stringify(text)}`, (t) => {
    const [asSource, asMirror] = [formFault(text, 'source'), formFault(text, 'mirror')];
    t.is(asSource === null ? null : say(asSource), source);
    t.is(asMirror === null ? null : say(asMirror), mirror);
  });
}

type Said = readonly (readonly [text: string, said: readonly string[]])[];

const sources: Said = [
  ['quay.io', []],
  [
    'index.docker.io/library',
    [
      'sourceNeverMatches: source "index.docker.io/library" never matches: image names say docker.io instead of index.docker.io; write "docker.io/library"',
    ],
  ],
  ['index.docker.io:443/x', []],
  [
    'library/alpine',
    [
      'sourceNeverMatches: source "library/alpine" never matches: "library" has no dot and no port, so it is not read as a registry; write the registry in front, such as "docker.io/library/alpine", or its full host name',
    ],
  ],
  [
    'Library/alpine',
    [
      'sourceNeverMatches: source "Library/alpine" never matches: "Library" has no dot and no port, so it is not read as a registry; write the registry in front, such as "docker.io/library/alpine", or its full host name',
      'upperCaseHost: source "Library/alpine" matches only names that are written so: hosts are compared by case; write "library/alpine"',
    ],
  ],
  ['localhost', []],
  [
    'Quay.io/a',
    [
      'upperCaseHost: source "Quay.io/a" matches only names that are written so: hosts are compared by case; write "quay.io/a"',
    ],
  ],
  [
    '*.Example.com',
    [
      'upperCaseHost: source "*.Example.com" matches only names that are written so: hosts are compared by case; write "*.example.com"',
    ],
  ],
  ['*.x', []],
  ['quay.io:65535', []],
  [
    'quay.io:65536/a',
    [
      'portOutOfRange: source "quay.io:65536/a" has a port above 65535; write the port on which the registry listens',
    ],
  ],
  [
    'registry:99999',
    [
      'portOutOfRange: source "registry:99999" has a port above 65535; write the port on which the registry listens',
    ],
  ],
];

const scopes: Said = [
  ['', ['badScope: scope "" is empty; write a host, a repository or *.example.com']],
  ['a b', ['badScope: scope "a b" has white space or a character outside printable ASCII; remove it']],
  ['bücher', ['badScope: scope "bücher" has white space or a character outside printable ASCII; remove it']],
  [
    'https://a.b',
    ['badScope: scope "https://a.b" has a URL scheme; leave out everything up to and including ://'],
  ],
  ['x://', ['badScope: scope "x://" has a URL scheme; leave out everything up to and including ://']],
  [
    '/a.b',
    [
      'badScope: scope "/a.b" has a leading, double or trailing slash; leave only single slashes between components',
    ],
  ],
  [
    'a.b//c',
    [
      'badScope: scope "a.b//c" has a leading, double or trailing slash; leave only single slashes between components',
    ],
  ],
  [
    'a.b/',
    [
      'badScope: scope "a.b/" has a leading, double or trailing slash; leave only single slashes between components',
    ],
  ],
  [
    'a@b',
    [
      'badScope: scope "a@b" has an @; leave out the @ and what belongs to it: credentials belong in the auth file of CRI-O, and scopes have no digest',
    ],
  ],
  [
    'a.b/c@sha256:x',
    [
      'badScope: scope "a.b/c@sha256:x" has an @; leave out the @ and what belongs to it: credentials belong in the auth file of CRI-O, and scopes have no digest',
    ],
  ],
  [
    '**.a',
    [
      'badScope: scope "**.a" has a wildcard that is not of the form *.example.com; write *. and a domain, nothing else',
    ],
  ],
  [
    '*.a.b/c',
    [
      'badScope: scope "*.a.b/c" has a wildcard that is not of the form *.example.com; write *. and a domain, nothing else',
    ],
  ],
  [
    '*',
    [
      'badScope: scope "*" has a wildcard that is not of the form *.example.com; write *. and a domain, nothing else',
    ],
  ],
  [
    'a.*',
    [
      'badScope: scope "a.*" has a wildcard that is not of the form *.example.com; write *. and a domain, nothing else',
    ],
  ],
  [
    'a.b/c:1',
    [
      'sourceNeverMatches: scope "a.b/c:1" never matches: it is neither a host, a repository nor *.example.com; leave out tags and digests, and write the path in lower case',
    ],
  ],
  [
    'a.b/C',
    [
      'sourceNeverMatches: scope "a.b/C" never matches: it is neither a host, a repository nor *.example.com; leave out tags and digests, and write the path in lower case',
    ],
  ],
  [
    'library/x',
    [
      'sourceNeverMatches: scope "library/x" never matches: "library" has no dot and no port, so it is not read as a registry; write the registry in front, such as "docker.io/library/x", or its full host name',
    ],
  ],
  [
    'Quay.io',
    [
      'upperCaseHost: scope "Quay.io" matches only names that are written so: hosts are compared by case; write "quay.io"',
    ],
  ],
  [
    '*.Quay.io',
    [
      'upperCaseHost: scope "*.Quay.io" matches only names that are written so: hosts are compared by case; write "*.quay.io"',
    ],
  ],
  ['*.a', []],
  ['quay.io:99999', []],
  [
    'a'.repeat(257),
    [
      'badScope: scope "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" is longer than 256 characters; use a shorter one',
    ],
  ],
  [`a.b/${'c'.repeat(252)}`, []],
];

const searchRegistries: Said = [
  ['quay.io', []],
  [
    'quay.io/x',
    [
      'badScope: search registry "quay.io/x" is not a host with an optional port; write host[:port], without scheme and path',
    ],
  ],
  [
    '',
    [
      'badScope: search registry "" is not a host with an optional port; write host[:port], without scheme and path',
    ],
  ],
];

for (const [what, rows, faultsOf] of [
  ['source', sources, sourceFaults],
  ['scope', scopes, scopeFaults],
  ['search registry', searchRegistries, searchFaults],
] as const) {
  for (const [text, said] of rows) {
    test(`the meaning of the ${what} ${JSON.stringify(text.slice(0, 20))} of ${text.length} characters`, (t) => {
      t.deepEqual(faultsOf(text).map(say), said);
    });
  }
}

const mirrors: readonly (readonly [mirror: string, source: string, said: readonly string[]])[] = [
  [
    'mirror/x',
    'quay.io',
    [
      'mirrorNotCanonical: mirror "mirror/x" would break every pull of the source: "mirror" has no dot and no port, so it is not read as a registry; write the full host name of the mirror, or its port',
    ],
  ],
  ['mirror:5000/x', 'quay.io', []],
  [
    'index.docker.io/x',
    'quay.io',
    [
      'mirrorNotCanonical: mirror "index.docker.io/x" would break every pull of the source: index.docker.io is not the canonical name; write "docker.io/x"',
    ],
  ],
  [
    'index.docker.io',
    'quay.io',
    [
      'mirrorNotCanonical: mirror "index.docker.io" would break every pull of the source: index.docker.io is not the canonical name; write "docker.io"',
    ],
  ],
  [
    'docker.io',
    'quay.io',
    [
      'mirrorNotCanonical: mirror "docker.io" would break pulls of images with one name below "quay.io": docker.io needs two, such as library/alpine; write a path behind docker.io, such as "docker.io/library"',
    ],
  ],
  [
    'docker.io',
    '*.example.com',
    [
      'mirrorNotCanonical: mirror "docker.io" would break pulls of images with one name below "*.example.com": docker.io needs two, such as library/alpine; write a path behind docker.io, such as "docker.io/library"',
    ],
  ],
  ['docker.io', 'docker.io', []],
  ['docker.io:443', 'quay.io', []],
  [
    'docker.io/library',
    'quay.io/a/b',
    [
      'exactSourceFails: mirror "docker.io/library" would break a pull of exactly "quay.io/a/b", since it is no image name by itself; write the whole name of its copy as the mirror, if the source is one image',
    ],
  ],
  [
    'docker.io/pause',
    'registry.k8s.io/pause',
    [
      'exactSourceFails: mirror "docker.io/pause" would break a pull of exactly "registry.k8s.io/pause", since it is no image name by itself; write the whole name of its copy as the mirror, if the source is one image',
    ],
  ],
  ['docker.io/pause', 'docker.io/pause', []],
  ['docker.io/pause', 'docker.io/other', []],
  ['docker.io:443/pause', 'quay.io/pause', []],
  ['docker.io/pause', '*.example.com', []],
  ['docker.io/a/b', 'quay.io/a/b', []],
  [
    'm.example',
    'quay.io/a/b',
    [
      'exactSourceFails: mirror "m.example" would break a pull of exactly "quay.io/a/b", since it is no image name by itself; write the whole name of its copy as the mirror, if the source is one image',
    ],
  ],
  ['m.example', 'quay.io/a', []],
  ['m.example', 'm.example', []],
  ['m.example', '*.example.com', []],
  [
    'm.example:5000',
    'quay.io/a/b',
    [
      'exactSourceFails: mirror "m.example:5000" would break a pull of exactly "quay.io/a/b", since it is no image name by itself; write the whole name of its copy as the mirror, if the source is one image',
    ],
  ],
  ['m.example/x', 'quay.io/a/b', []],
  [
    'localhost',
    'quay.io/a/b',
    [
      'exactSourceFails: mirror "localhost" would break a pull of exactly "quay.io/a/b", since it is no image name by itself; write the whole name of its copy as the mirror, if the source is one image',
    ],
  ],
  [
    'm.example:65536',
    'quay.io',
    [
      'portOutOfRange: mirror "m.example:65536" has a port above 65535; write the port on which the registry listens',
    ],
  ],
];

for (const [mirror, source, said] of mirrors) {
  test(`the meaning of the mirror ${mirror} for ${source}`, (t) => {
    t.deepEqual(mirrorFaults(mirror, source).map(say), said);
  });
}
