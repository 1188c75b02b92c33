// What is said, word by word, of a registries.conf that breaks a rule, or does not do what it says.
import test from 'ava';
import { auditRegistriesConf } from '../../src/registries/audit.ts';
import type { Finding } from '../../src/finding.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';
import { validateRegistriesConf } from '../../src/registries/validate.ts';

/** Each finding as `line:column message; help | excerpt`. */
const rows: readonly (readonly [what: string, text: string, said: readonly string[]])[] = [
  [
    'neither prefix nor location',
    '[[registry]]\nblocked = true\n',
    [
      '- a [[registry]] has neither location nor prefix; give it a location, or remove the table',
      '- no image can match the scope "": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
    ],
  ],
  [
    'a prefix without location',
    '[[registry]]\nprefix = "a.com"\n',
    [
      '- [[registry]] with prefix "a.com" has no location, which only a wildcard prefix such as "*.example.com" may lack; add location = "…"',
      '- location "" makes no valid reference, so that every pull of "a.com" fails: the location is empty; write it as host[:port][/path] in lower case',
    ],
  ],
  [
    'a scheme',
    '[[registry]]\nlocation = "https://a.com"\n',
    [
      '- location "https://a.com" has a URL scheme; write it without the scheme; for plain HTTP add insecure = true',
      '- no image can match the scope "https://a.com": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
    ],
  ],
  [
    'a scheme in a prefix',
    '[[registry]]\nprefix = "http://a.com"\nlocation = "a.com"\n',
    [
      '- prefix "http://a.com" has a URL scheme; write it without the scheme; for plain HTTP add insecure = true',
      '- no image can match the scope "http://a.com": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
    ],
  ],
  [
    'a scheme behind a host',
    '[[registry]]\nlocation = "a.com/https://b"\n',
    [
      '- no image can match the scope "a.com/https://b": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
    ],
  ],
  [
    'a scheme in a mirror',
    '[[registry]]\nlocation = "a.com"\n[[registry.mirror]]\nlocation = "https://b.com/"\n',
    [
      '- mirror location "https://b.com/" has a URL scheme; write it without the scheme; for plain HTTP add insecure = true',
      '- location "https://b.com/" makes no valid reference, so that every pull of "a.com" fails: invalid reference format; write it as host[:port][/path] in lower case',
    ],
  ],
  [
    'a mirror without location',
    '[[registry]]\nlocation = "a.com"\n[[registry.mirror]]\ninsecure = true\n',
    [
      '- a mirror of "a.com" has no location; give it a location, or remove the table',
      '- location "" makes no valid reference, so that every pull of "a.com" fails: the location is empty; write it as host[:port][/path] in lower case',
    ],
  ],
  [
    'pull-from-mirror on a table',
    '[[registry]]\nlocation = "a.com"\npull-from-mirror = "all"\n',
    [
      '- pull-from-mirror stands on [[registry]] "a.com", where only mirrors may have it; move it to the [[registry.mirror]] tables',
    ],
  ],
  [
    'digest-only said twice',
    '[[registry]]\nlocation = "a.com"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "b.com"\npull-from-mirror = "tag-only"\n',
    [
      '- [[registry]] "a.com" has mirror-by-digest-only = true and its mirror "b.com" has pull-from-mirror as well; remove mirror-by-digest-only and give each mirror pull-from-mirror = "digest-only"',
    ],
  ],
  [
    'an unknown pull-from-mirror',
    '[[registry]]\nlocation = "a.com"\n[[registry.mirror]]\nlocation = "b.com"\npull-from-mirror = "none"\n',
    ['- pull-from-mirror of mirror "b.com" of "a.com" is "none"; write all, digest-only or tag-only'],
  ],
  [
    'tables of one location that disagree on insecure',
    '[[registry]]\nlocation = "a.com"\n[[registry]]\nprefix = "b.com"\nlocation = "a.com/"\n[[registry]]\nprefix = "c.com"\nlocation = "a.com"\ninsecure = true\n',
    ['- two [[registry]] tables of "a.com" disagree about insecure; give both the same insecure'],
  ],
  [
    'tables of one location that disagree on blocked',
    '[[registry]]\nlocation = "a.com"\nblocked = true\n[[registry]]\nprefix = "b.com"\nlocation = "a.com"\n',
    ['- two [[registry]] tables of "a.com" disagree about blocked; give both the same blocked'],
  ],
  [
    'wildcards of one prefix that disagree',
    '[[registry]]\nprefix = "*.a.com"\n[[registry]]\nprefix = "*.a.com"\nblocked = true\n',
    [
      '- two [[registry]] tables of "*.a.com" disagree about blocked; give both the same blocked',
      '- a second [[registry]] for "*.a.com" is ignored, mirrors and flags included; put the mirrors into the first table of that scope',
    ],
  ],
  [
    'search registries that are none',
    'unqualified-search-registries = ["a.com/", "b.com/c", "https://d.com", ""]\n',
    [
      '- search registry "b.com/c" is not a host with or without a port; write only the host, such as "registry.example.com:5000"',
      '- search registry "https://d.com" has a URL scheme; write it without the scheme; for plain HTTP add insecure = true',
      '- search registry "" is not a host with or without a port; write only the host, such as "registry.example.com:5000"',
    ],
  ],
  [
    'modes',
    'short-name-mode = "Permissive"\n',
    ['- short-name-mode is "Permissive"; write enforcing, permissive or disabled'],
  ],
  ['an empty mode', 'short-name-mode = ""\n', []],
  [
    'wildcards with more than a domain',
    '[[registry]]\nprefix = "*.b.com:443"\n[[registry]]\nprefix = "*.a.com/x"\n[[registry]]\nprefix = "*.c.com@y"\n[[registry]]\nprefix = "*.b.com:443"\n',
    [
      '- wildcard prefix "*.a.com/x" has a path, a port or a digest; write only the domain, such as "*.example.com"',
      '- wildcard prefix "*.b.com:443" has a path, a port or a digest; write only the domain, such as "*.example.com"',
      '- wildcard prefix "*.c.com@y" has a path, a port or a digest; write only the domain, such as "*.example.com"',
      '- no image can match the scope "*.a.com/x": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
      '- no image can match the scope "*.c.com@y": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
      '- a second [[registry]] for "*.b.com:443" is ignored, mirrors and flags included; put the mirrors into the first table of that scope',
    ],
  ],
  [
    'aliases',
    '[aliases]\n"a.com/b" = "c.com/d"\n"a:1" = "c.com/d"\n"a@sha256:0000000000000000000000000000000000000000000000000000000000000000" = "c.com/d"\n"A" = "c.com/d"\na = "d"\nb = "c.com/d:1"\nc = "c.com/d@sha256:0000000000000000000000000000000000000000000000000000000000000000"\nd = "c.com/D"\ne = ""\nf = "localhost/x"\nlocalhost = "c.com/d"\n"localhost/x" = "c.com/d"\n',
    [
      '- alias "a.com/b" = "c.com/d": the short name must not have a registry; write "name" = "registry.example.com/path/name", or "" to erase the alias',
      '- alias "a:1" = "c.com/d": the short name must not have a tag; write "name" = "registry.example.com/path/name", or "" to erase the alias',
      '- alias "a@sha256:0000000000000000000000000000000000000000000000000000000000000000" = "c.com/d": the short name must not have a digest; write "name" = "registry.example.com/path/name", or "" to erase the alias',
      '- alias "A" = "c.com/d": the short name does not parse: invalid reference format: repository name must be lowercase; write "name" = "registry.example.com/path/name", or "" to erase the alias',
      '- alias "a" = "d": the value must have a registry and a repository; write "name" = "registry.example.com/path/name", or "" to erase the alias',
      '- alias "b" = "c.com/d:1": the value must not have a tag; write "name" = "registry.example.com/path/name", or "" to erase the alias',
      '- alias "c" = "c.com/d@sha256:0000000000000000000000000000000000000000000000000000000000000000": the value must not have a digest; write "name" = "registry.example.com/path/name", or "" to erase the alias',
      '- alias "d" = "c.com/D": the value does not parse: invalid reference format: repository name must be lowercase; write "name" = "registry.example.com/path/name", or "" to erase the alias',
      '- alias "localhost/x" = "c.com/d": the short name must not have a registry; write "name" = "registry.example.com/path/name", or "" to erase the alias',
    ],
  ],
  [
    'scopes that no image matches',
    '[[registry]]\nlocation = "a.com/B"\n[[registry]]\nlocation = "team"\n[[registry]]\nlocation = "a.com/b:1"\n[[registry]]\nlocation = "index.docker.io"\n[[registry]]\nprefix = "*.A_b"\n[[registry]]\nprefix = "//"\nlocation = "a.com"\n',
    [
      '- no image can match the scope "a.com/B": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
      '- no image can match the scope "team": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
      '- no image can match the scope "a.com/b:1": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
      '- no image can match the scope "index.docker.io": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
      '- no image can match the scope "*.A_b": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
      '- no image can match the scope "": images are matched by their full name, in lower case, without tag and digest; write it as host[:port][/path], or remove the table',
    ],
  ],
  [
    'scopes that images match',
    '[[registry]]\nlocation = "localhost"\n[[registry]]\nlocation = "a:5000"\n[[registry]]\nlocation = "docker.io"\n[[registry]]\nprefix = "*.a.com"\n[[registry]]\nlocation = "docker.io/a"\n',
    [],
  ],
  [
    'a second table',
    '[[registry]]\nlocation = "a.com"\n[[registry]]\nprefix = "a.com/"\nlocation = "a.com"\n',
    [
      '- a second [[registry]] for "a.com" is ignored, mirrors and flags included; put the mirrors into the first table of that scope',
    ],
  ],
  [
    'a mirror that breaks pulls',
    '[[registry]]\nlocation = "a.com"\n[[registry.mirror]]\nlocation = "b.com/C"\n[[registry.mirror]]\nlocation = "c.com/d:1"\n[[registry.mirror]]\nlocation = "e.com/f@sha256:0000000000000000000000000000000000000000000000000000000000000000"\n',
    [
      '- location "b.com/C" makes no valid reference, so that every pull of "a.com" fails: invalid reference format: repository name must be lowercase; write it as host[:port][/path] in lower case',
      '- location "c.com/d:1" makes no valid reference, so that every pull of "a.com" fails: invalid reference format; write it as host[:port][/path] in lower case',
      '- location "e.com/f@sha256:0000000000000000000000000000000000000000000000000000000000000000" makes no valid reference, so that every pull of "a.com" fails: invalid reference format; write it as host[:port][/path] in lower case',
    ],
  ],
  [
    'a location that breaks pulls',
    '[[registry]]\nprefix = "a.com"\nlocation = "B"\n',
    [
      '- location "B" makes no valid reference, so that every pull of "a.com" fails: invalid reference format: repository name must be lowercase; write it as host[:port][/path] in lower case',
    ],
  ],
  [
    'an empty location of slashes',
    '[[registry]]\nprefix = "a.com"\nlocation = "/"\n',
    [
      '- [[registry]] with prefix "a.com" has no location, which only a wildcard prefix such as "*.example.com" may lack; add location = "…"',
      '- location "/" makes no valid reference, so that every pull of "a.com" fails: the location is empty; write it as host[:port][/path] in lower case',
    ],
  ],
  [
    'locations of a wildcard',
    '[[registry]]\nprefix = "*.a.com"\nlocation = "b.com"\n[[registry.mirror]]\nlocation = "c"\n',
    [
      '- location "c" makes no valid reference, so that every pull of "*.a.com" fails: repository name must be canonical; write it as host[:port][/path] in lower case',
    ],
  ],
  [
    'docker.io for a folder, and for docker.io',
    '[[registry]]\nlocation = "a.com"\n[[registry.mirror]]\nlocation = "docker.io"\n[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "a.com"\n',
    [
      '- location "docker.io" makes no valid reference, so that every pull of "a.com" fails: repository name must be canonical; write it as host[:port][/path] in lower case',
    ],
  ],
  [
    'a block in vain',
    '[[registry]]\nprefix = "a.com"\nlocation = "b.com"\nblocked = true\n',
    [
      '- blocked = true on "a.com" does not block its location "b.com", which is pulled from all the same; add a [[registry]] with location = "b.com" and blocked = true',
    ],
  ],
  [
    'a block that the location has too',
    '[[registry]]\nprefix = "a.com"\nlocation = "b.com/c"\nblocked = true\n[[registry]]\nlocation = "b.com"\nblocked = true\n',
    [],
  ],
  [
    'a block whose location another table opens',
    '[[registry]]\nprefix = "a.com"\nlocation = "b.com/c"\nblocked = true\n[[registry]]\nlocation = "b.com"\nblocked = true\n[[registry]]\nlocation = "b.com/c"\n',
    [
      '- two [[registry]] tables of "b.com/c" disagree about blocked; give both the same blocked',
      '- blocked = true on "a.com" does not block its location "b.com/c", which is pulled from all the same; add a [[registry]] with location = "b.com/c" and blocked = true',
    ],
  ],
  [
    'blocked wildcards',
    '[[registry]]\nprefix = "*.a.com"\nblocked = true\n[[registry]]\nprefix = "*.b.com"\nlocation = "c.com"\nblocked = true\n',
    [
      '- blocked = true on "*.b.com" does not block its location "c.com", which is pulled from all the same; add a [[registry]] with location = "c.com" and blocked = true',
    ],
  ],
];

for (const [what, text, said] of rows) {
  test(`what is said of ${what}`, (t) => {
    t.deepEqual(
      read(text).map(({ line, column, message, help, excerpt }) => {
        const place = line === null || column === null ? '-' : `${line}:${column}`;
        return `${place} ${message}; ${help}${excerpt === null ? '' : ` | ${excerpt}`}`;
      }),
      said,
    );
  });
}

function read(text: string): readonly Finding[] {
  const { conf, findings } = parseRegistriesConf(new TextEncoder().encode(text), 'f');
  if (conf === null) return findings;
  return [...findings, ...validateRegistriesConf(conf, 'f'), ...auditRegistriesConf(conf, 'f')];
}
