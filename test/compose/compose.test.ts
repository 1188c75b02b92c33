// What policies mean, point by point: rules and a baseline in, tables out.
import test from 'ava';
import { scopeOf } from '../../src/registries/model.ts';
import {
  composeWorld,
  image,
  mirror,
  registry,
  reverse,
  rule,
  viewOf,
  type View,
  type World,
} from './world.ts';

interface Row {
  readonly title: string;
  readonly world: World;
  readonly expected: Readonly<Record<string, View>>;
}

const rows: readonly Row[] = [
  {
    title: 'an entry without mirrors contributes nothing',
    world: { rules: [rule({ source: 's.com', mirrors: [] })] },
    expected: {},
  },
  {
    title: 'an entry that names only the source contributes nothing, and neither does its NeverContactSource',
    world: { rules: [rule({ source: 's.com', mirrors: ['s.com'], policy: 'never' })] },
    expected: {},
  },
  {
    title: 'of repeats inside a list the first counts',
    world: { rules: [rule({ source: 's.com', mirrors: ['b.x', 'a.x', 'b.x'] })] },
    expected: { 's.com': { digest: ['b.x', 'a.x'], tag: [] } },
  },
  {
    title: 'lists of several objects merge breadth first',
    world: {
      rules: [
        rule({ source: 's.com', mirrors: ['a1.x', 'a2.x', 'a3.x'], name: 'z' }),
        rule({ source: 's.com', mirrors: ['b1.x', 'b2.x', 'b3.x'], name: 'a' }),
      ],
    },
    expected: { 's.com': { digest: ['a1.x', 'b1.x', 'a2.x', 'b2.x', 'a3.x', 'b3.x'], tag: [] } },
  },
  {
    title: 'an object of the old API prevails in a conflict, whatever its name',
    world: {
      rules: [
        rule({ source: 's.com', mirrors: ['c.x', 'b.x', 'a.x'], name: 'a' }),
        rule({ source: 's.com', mirrors: ['a.x', 'b.x', 'c.x'], name: 'z', kind: 'ICSP' }),
      ],
    },
    expected: { 's.com': { digest: ['a.x', 'b.x', 'c.x'], tag: [] } },
  },
  {
    title: 'in one API the object whose name comes first prevails in a conflict, whatever its file',
    world: {
      rules: [
        rule({ source: 's.com', mirrors: ['a.x', 'b.x'], name: 'z', file: 'a.yaml' }),
        rule({ source: 's.com', mirrors: ['b.x', 'a.x'], name: 'a', file: 'z.yaml' }),
      ],
    },
    expected: { 's.com': { digest: ['b.x', 'a.x'], tag: [] } },
  },
  {
    title: 'a source at the end of the order is dropped',
    world: { rules: [rule({ source: 's.com', mirrors: ['a.x', 's.com'] })] },
    expected: { 's.com': { digest: ['a.x'], tag: [] } },
  },
  {
    title: 'a source elsewhere in the order stays as a mirror of itself',
    world: { rules: [rule({ kind: 'ITMS', source: 's.com', mirrors: ['s.com', 'a.x'] })] },
    expected: { 's.com': { digest: [], tag: ['s.com', 'a.x'] } },
  },
  {
    title: 'a wildcard whose lists contradict each other is no mirror of itself: that would break its pulls',
    world: {
      rules: [
        rule({ source: '*.s.com', mirrors: ['m.x', 'n.x'], name: 'a' }),
        rule({ source: '*.s.com', mirrors: ['n.x', 'o.x', 'm.x'], name: 'b' }),
      ],
    },
    expected: { '*.s.com': { digest: ['m.x', 'n.x', 'o.x'], tag: [] } },
  },
  {
    title: 'digest and tag mirrors keep orders of their own',
    world: {
      rules: [
        rule({ source: 's.com', mirrors: ['a.x', 'b.x'] }),
        rule({ kind: 'ITMS', source: 's.com', mirrors: ['b.x', 'a.x'] }),
      ],
    },
    expected: { 's.com': { digest: ['a.x', 'b.x'], tag: ['b.x', 'a.x'] } },
  },
  {
    title: 'NeverContactSource of one entry blocks the source, though another entry allows it',
    world: {
      rules: [
        rule({ source: 's.com', mirrors: ['a.x'], policy: 'never' }),
        rule({ kind: 'ITMS', source: 's.com', mirrors: ['b.x'], policy: 'allow' }),
      ],
    },
    expected: { 's.com': { digest: ['a.x'], tag: ['b.x'], blocked: true } },
  },
  {
    title: 'NeverContactSource takes the source out of its own list',
    world: { rules: [rule({ source: 's.com', mirrors: ['s.com', 'a.x'], policy: 'never' })] },
    expected: { 's.com': { digest: ['a.x'], tag: [], blocked: true } },
  },
  {
    title: 'a blocked scope blocks what is nested in it, and a new port that its host would have matched',
    world: {
      rules: [
        rule({ source: 's.com/ns', mirrors: ['a.x'] }),
        rule({ source: 's.com:443/ns', mirrors: ['a.x'] }),
      ],
      images: [image({ blocked: ['s.com'] })],
    },
    expected: {
      's.com': { digest: [], tag: [], blocked: true },
      's.com/ns': { digest: ['a.x'], tag: [], blocked: true },
      's.com:443/ns': { digest: ['a.x'], tag: [], blocked: true },
    },
  },
  {
    title:
      'a table that the administrator has for the port decides for what is below it, whatever blocks the host',
    world: {
      rules: [rule({ source: 's.com:443/ns', mirrors: ['a.x'] })],
      images: [image({ blocked: ['s.com'] })],
      baseline: [registry({ location: 's.com:443' })],
    },
    expected: {
      's.com': { digest: [], tag: [], blocked: true },
      's.com:443': { digest: [], tag: [] },
      's.com:443/ns': { digest: ['a.x'], tag: [] },
    },
  },
  {
    title: 'NeverContactSource of a host holds for a new port, even one with mirrors of both kinds',
    world: {
      rules: [
        rule({ source: 's.com', mirrors: ['a.x'], policy: 'never' }),
        rule({ source: 's.com:443', mirrors: ['b.x'], policy: 'allow' }),
        rule({ kind: 'ITMS', source: 's.com:443', mirrors: ['b.x'] }),
      ],
    },
    expected: {
      's.com': { digest: ['a.x'], tag: [], blocked: true },
      's.com:443': { digest: ['b.x'], tag: ['b.x'], blocked: true },
    },
  },
  {
    title: 'a new wildcard cannot unblock a host of one letter that it would beat',
    world: {
      rules: [rule({ source: '*.s.com', mirrors: ['a.x'] })],
      images: [image({ insecure: ['*.s.com'] })],
      baseline: [registry({ location: 'b.s.com', blocked: true })],
    },
    expected: { 'b.s.com': { digest: [], tag: [], blocked: true } },
  },
  {
    title: 'nor one that an Image blocks, nor one that another policy never contacts',
    world: {
      rules: [
        rule({ source: '*.s.com', mirrors: ['a.x'] }),
        rule({ source: '*.t.com', mirrors: ['a.x'] }),
        rule({ source: 'b.t.com', mirrors: ['c.x'], policy: 'never' }),
      ],
      images: [image({ blocked: ['b.s.com'] })],
    },
    expected: {
      'b.s.com': { digest: [], tag: [], blocked: true },
      'b.t.com': { digest: ['c.x'], tag: [], blocked: true },
    },
  },
  {
    title:
      'nor take one from where the administrator sends its pulls, nor give it other mirrors than for digests',
    world: {
      rules: [
        rule({ kind: 'ITMS', source: '*.s.com', mirrors: ['a.x'] }),
        rule({ kind: 'ITMS', source: '*.t.com', mirrors: ['a.x'] }),
      ],
      baseline: [
        registry({ prefix: 'b.s.com', location: 'vetted.com' }),
        registry({ location: 'b.t.com', mirrorByDigestOnly: true, mirrors: [mirror('c.x')] }),
      ],
    },
    expected: {
      'b.s.com': { digest: [], tag: [], location: 'vetted.com' },
      'b.t.com': { digest: ['c.x'], tag: [] },
    },
  },
  {
    title: 'NeverContactSource of a refused wildcard holds',
    world: {
      rules: [rule({ source: '*.s.com', mirrors: ['a.x'], policy: 'never' })],
      baseline: [registry({ prefix: 'b.s.com', location: 'vetted.com' })],
    },
    expected: {
      'b.s.com': { digest: [], tag: [], blocked: true, location: 'vetted.com' },
      '*.s.com': { digest: [], tag: [], blocked: true },
    },
  },
  {
    title: 'a wildcard that blocks as much as the host it beats is not refused',
    world: {
      rules: [rule({ source: '*.s.com', mirrors: ['a.x'] })],
      images: [image({ blocked: ['*.s.com'] })],
      baseline: [registry({ location: 'b.s.com', blocked: true })],
    },
    expected: {
      'b.s.com': { digest: ['a.x'], tag: [], blocked: true },
      '*.s.com': { digest: ['a.x'], tag: [], blocked: true },
    },
  },
  {
    title:
      'a new scope inside what a drop-in blocks or sends elsewhere is blocked or sent there; no table of the drop-in is ours',
    world: {
      rules: [
        rule({ kind: 'ITMS', source: 's.com/ns', mirrors: ['a.x'] }),
        rule({ kind: 'ITMS', source: 't.com:443/ns', mirrors: ['a.x'] }),
        rule({ kind: 'ITMS', source: 'u.com/ns', mirrors: ['a.x'] }),
        rule({ kind: 'ITMS', source: 'v.com/ns', mirrors: ['a.x'] }),
      ],
      baseline: [registry({ location: 's.com' }), registry({ location: 'v.com', blocked: true })],
      dropIn: [
        registry({ location: 's.com', blocked: true }),
        registry({ location: 't.com', blocked: true, mirrors: [mirror('m.x')] }),
        registry({ prefix: 'u.com', location: 'vetted.com' }),
        registry({ location: 'v.com' }),
      ],
    },
    expected: {
      's.com': { digest: [], tag: [] },
      'v.com': { digest: [], tag: [], blocked: true },
      's.com/ns': { digest: [], tag: ['a.x'], blocked: true },
      't.com:443/ns': { digest: [], tag: ['a.x'], blocked: true },
      'u.com/ns': { digest: [], tag: ['a.x'], location: 'vetted.com/ns' },
      'v.com/ns': { digest: [], tag: ['a.x'] },
    },
  },
  {
    title: 'a new wildcard cannot unblock a host of one letter that a drop-in blocks',
    world: {
      rules: [rule({ source: '*.s.com', mirrors: ['a.x'] })],
      dropIn: [registry({ location: 'b.s.com', blocked: true })],
    },
    expected: {},
  },
  {
    title: 'a nested table inherits from the most specific table around it',
    world: {
      rules: [
        rule({ source: 'a.com', mirrors: ['m1.x/a'] }),
        rule({ source: 'a.com/b', mirrors: ['m2.x/b'] }),
      ],
      images: [image({ blocked: ['a.com/b/c'] })],
    },
    expected: {
      'a.com': { digest: ['m1.x/a'], tag: [] },
      'a.com/b': { digest: ['m2.x/b'], tag: [] },
      'a.com/b/c': { digest: ['m2.x/b/c'], tag: [], blocked: true },
    },
  },
  {
    title: 'each kind is inherited by itself',
    world: {
      rules: [
        rule({ source: 'a.com', mirrors: ['d.x'] }),
        rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['t.x/x'] }),
      ],
    },
    expected: {
      'a.com': { digest: ['d.x'], tag: [] },
      'a.com/x': { digest: ['d.x/x'], tag: ['t.x/x'] },
    },
  },
  {
    title: 'inheritance reads what stood before any inheritance',
    world: {
      rules: [
        rule({ source: 'a.com', mirrors: ['d.x'], policy: 'never' }),
        rule({ source: 'a.com/b', kind: 'ITMS', mirrors: ['t.x'] }),
      ],
      images: [image({ insecure: ['a.com/b/c'] })],
    },
    expected: {
      'a.com': { digest: ['d.x'], tag: [], blocked: true },
      'a.com/b': { digest: ['d.x/b'], tag: ['t.x'], blocked: true },
      'a.com/b/c': { digest: ['d.x/b/c'], tag: ['t.x/c'], blocked: true, insecure: true },
    },
  },
  {
    title: 'through a wildcard what follows the host is appended',
    world: {
      rules: [rule({ source: '*.foo.com', mirrors: ['m.x/r'] })],
      images: [image({ insecure: ['bar.foo.com/ns', '*.bar.foo.com'] })],
    },
    expected: {
      '*.foo.com': { digest: ['m.x/r'], tag: [] },
      '*.bar.foo.com': { digest: ['m.x/r'], tag: [], insecure: true },
      'bar.foo.com/ns': { digest: ['m.x/r/ns'], tag: [], insecure: true },
    },
  },
  {
    title: 'through a wildcard a port goes behind a bare host, and other mirrors are left out',
    world: {
      rules: [rule({ source: '*.foo.com', mirrors: ['m.x', 'n.x/r', 'o.x:80'] })],
      images: [image({ insecure: ['bar.foo.com:5000/ns'] })],
    },
    expected: {
      '*.foo.com': { digest: ['m.x', 'n.x/r', 'o.x:80'], tag: [] },
      'bar.foo.com:5000/ns': { digest: ['m.x:5000/ns'], tag: [], insecure: true },
    },
  },
  {
    title: 'at equal length the wildcard is the more specific one',
    world: {
      rules: [
        rule({ source: '*.foo.com', mirrors: ['w.x'] }),
        rule({ source: 'b.foo.com', mirrors: ['l.x'] }),
      ],
      images: [image({ insecure: ['b.foo.com/ns'] })],
    },
    expected: {
      '*.foo.com': { digest: ['w.x'], tag: [] },
      'b.foo.com': { digest: ['l.x'], tag: [] },
      'b.foo.com/ns': { digest: ['w.x/ns'], tag: [], insecure: true },
    },
  },
  {
    title: 'NeverContactSource comes with inherited mirrors, even where an own entry allows',
    world: {
      rules: [
        rule({ source: 'a.com', mirrors: ['d.x'], policy: 'never' }),
        rule({ kind: 'ITMS', source: 'a.com/b', mirrors: ['t.x'], policy: 'allow' }),
      ],
    },
    expected: {
      'a.com': { digest: ['d.x'], tag: [], blocked: true },
      'a.com/b': { digest: ['d.x/b'], tag: ['t.x'], blocked: true },
    },
  },
  {
    title: 'a table that inherits no mirrors does not take NeverContactSource',
    world: {
      rules: [
        rule({ source: 'a.com', mirrors: ['d.x'], policy: 'never' }),
        rule({ source: 'a.com/b', mirrors: ['e.x'] }),
      ],
    },
    expected: {
      'a.com': { digest: ['d.x'], tag: [], blocked: true },
      'a.com/b': { digest: ['e.x'], tag: [] },
    },
  },
  {
    title: 'a source whose every mirror is left out takes NeverContactSource all the same',
    world: {
      rules: [rule({ source: '*.foo.com', mirrors: ['n.x/r'], policy: 'never' })],
      images: [image({ insecure: ['bar.foo.com:5000'] })],
    },
    expected: {
      '*.foo.com': { digest: ['n.x/r'], tag: [], blocked: true },
      'bar.foo.com:5000': { digest: [], tag: [], blocked: true, insecure: true },
    },
  },
  {
    title: 'insecure is set on nested scopes and on inherited mirror locations too',
    world: {
      rules: [rule({ source: 'a.com/top', mirrors: ['m.x/a'] })],
      images: [image({ insecure: ['m.x/a/sub', 'a.com/top/sub'] })],
    },
    expected: {
      'a.com/top': { digest: ['m.x/a'], tag: [] },
      'a.com/top/sub': { digest: ['m.x/a/sub!'], tag: [], insecure: true },
      'm.x/a/sub': { digest: [], tag: [], insecure: true },
    },
  },
  {
    title: 'insecure reaches the mirrors that the administrator wrote',
    world: {
      baseline: [registry({ location: 'a.com', mirrors: [mirror('m.x/a')] })],
      images: [image({ insecure: ['*.x', 'm.x'] })],
    },
    expected: {
      'a.com': { digest: ['m.x/a!'], tag: ['m.x/a!'] },
      '*.x': { digest: [], tag: [], insecure: true },
      'm.x': { digest: [], tag: [], insecure: true },
    },
  },
  {
    title: 'a policy appends its mirrors behind those of the baseline and repeats none of a kind',
    world: {
      baseline: [
        registry({
          prefix: 's.com',
          location: 'up.com/s',
          insecure: true,
          mirrors: [mirror('old.x'), mirror('t.x', 'tag-only')],
        }),
      ],
      rules: [rule({ kind: 'ICSP+tags', source: 's.com', mirrors: ['new.x', 't.x', 'old.x'] })],
    },
    expected: {
      's.com': {
        digest: ['old.x', 'new.x', 't.x'],
        tag: ['old.x', 't.x', 'new.x'],
        insecure: true,
        location: 'up.com/s',
      },
    },
  },
  {
    title: 'a created table starts as the most specific baseline table around it decides',
    world: {
      baseline: [
        registry({ prefix: 'a.com', location: 'up.com', blocked: true, insecure: true }),
        registry({ location: 'a.com/open' }),
      ],
      rules: [
        rule({ source: 'a.com/x/y', mirrors: ['m.x'] }),
        rule({ source: 'a.com/open/z', mirrors: ['m.x'] }),
      ],
    },
    expected: {
      'a.com': { digest: [], tag: [], blocked: true, insecure: true, location: 'up.com' },
      'a.com/open': { digest: [], tag: [] },
      'a.com/open/z': { digest: ['m.x'], tag: [] },
      'a.com/x/y': { digest: ['m.x'], tag: [], blocked: true, insecure: true, location: 'up.com/x/y' },
    },
  },
  {
    title: 'a created table with a port stays blocked where the baseline blocks the bare host',
    world: {
      baseline: [registry({ location: 'a.com', blocked: true })],
      rules: [rule({ source: 'a.com:443/x', mirrors: ['m.x'] })],
    },
    expected: {
      'a.com': { digest: [], tag: [], blocked: true },
      'a.com:443/x': { digest: ['m.x'], tag: [], blocked: true },
    },
  },
  {
    title: 'a created table is blocked where the port cannot follow the place that the baseline names',
    world: {
      baseline: [registry({ prefix: '*.a.com', location: 'up.com/root' })],
      rules: [rule({ source: 'x.a.com:443', mirrors: ['m.x'] })],
    },
    expected: {
      '*.a.com': { digest: [], tag: [], location: 'up.com/root' },
      'x.a.com:443': { digest: ['m.x'], tag: [], blocked: true },
    },
  },
  {
    title: 'a created table inherits mirrors of the baseline, those for digests only where it says so',
    world: {
      baseline: [
        registry({ location: 'a.com', mirrorByDigestOnly: true, mirrors: [mirror('m.x/', '', true)] }),
        registry({ location: 'b.com', mirrors: [mirror('n.x')] }),
      ],
      images: [image({ blocked: ['a.com/x', 'b.com/x'] })],
    },
    expected: {
      'a.com': { digest: ['m.x/!'], tag: [] },
      'b.com': { digest: ['n.x'], tag: ['n.x'] },
      'a.com/x': { digest: ['m.x/x!'], tag: [], blocked: true },
      'b.com/x': { digest: ['n.x/x'], tag: ['n.x/x'], blocked: true },
    },
  },
  {
    title: 'tables of the baseline inherit from policies, and never from each other',
    world: {
      baseline: [
        registry({ location: 'a.com', mirrors: [mirror('old.x')] }),
        registry({ location: 'a.com/direct' }),
      ],
      rules: [rule({ source: 'a.com', mirrors: ['new.x'] })],
    },
    expected: {
      'a.com': { digest: ['old.x', 'new.x'], tag: ['old.x'] },
      'a.com/direct': { digest: ['new.x/direct'], tag: [] },
    },
  },
  {
    title: 'a table of the baseline with mirror-by-digest-only inherits digest mirrors only',
    world: {
      baseline: [
        registry({ location: 'a.com/bare', mirrorByDigestOnly: true }),
        registry({ location: 'a.com/own', mirrorByDigestOnly: true, mirrors: [mirror('old.x')] }),
      ],
      rules: [
        rule({ kind: 'IDMS', source: 'a.com', mirrors: ['d.x'] }),
        rule({ kind: 'ITMS', source: 'a.com', mirrors: ['t.x'], policy: 'never' }),
      ],
    },
    expected: {
      'a.com': { digest: ['d.x'], tag: ['t.x'], blocked: true },
      'a.com/bare': { digest: ['d.x/bare'], tag: [], blocked: true },
      'a.com/own': { digest: ['old.x'], tag: [] },
    },
  },
  {
    title: 'tables that share a location are blocked together, since CRI-O refuses a file where they differ',
    world: {
      baseline: [registry({ prefix: 'a.com', location: 'up.com' }), registry({ location: 'up.com' })],
      rules: [rule({ source: 'a.com', mirrors: ['m.x'], policy: 'never' })],
    },
    expected: {
      'a.com': { digest: ['m.x'], tag: [], blocked: true, location: 'up.com' },
      'up.com': { digest: [], tag: [], blocked: true },
    },
  },
  {
    title: 'a table cannot be made insecure while another one with its location is not',
    world: {
      baseline: [registry({ prefix: 'a.com', location: 'up.com' }), registry({ location: 'up.com' })],
      images: [image({ insecure: ['a.com'] })],
    },
    expected: {
      'a.com': { digest: [], tag: [], location: 'up.com' },
      'up.com': { digest: [], tag: [] },
    },
  },
  {
    title: 'several Image documents unite their lists',
    world: { images: [image({ blocked: ['a.com'] }), image({ insecure: ['a.com'], file: 'b.yaml' })] },
    expected: { 'a.com': { digest: [], tag: [], blocked: true, insecure: true } },
  },
  {
    title: 'a slash at the end of a blocked scope is no part of it',
    world: {
      rules: [rule({ source: 'a.com/x', mirrors: ['m.x'] })],
      images: [image({ blocked: ['a.com/'] })],
    },
    expected: {
      'a.com': { digest: [], tag: [], blocked: true },
      'a.com/x': { digest: ['m.x'], tag: [], blocked: true },
    },
  },
  {
    title: 'a source at the end of a long list is dropped too',
    world: { rules: [rule({ source: 's.com', mirrors: ['a.x', 'b.x', 's.com'] })] },
    expected: { 's.com': { digest: ['a.x', 'b.x'], tag: [] } },
  },
  {
    title:
      'lists that are equal for digests stay apart where [content] hosts refuses a tag mirror of one of them',
    world: {
      rules: [
        rule({ kind: 'ICSP+tags', source: 's.com', mirrors: ['a.x'], name: 'one' }),
        rule({ kind: 'ICSP+tags', source: 's.com', mirrors: ['a.x', 'b.x'], name: 'two', line: 20 }),
      ],
      hosts: ['a.x'],
    },
    expected: { 's.com': { digest: ['a.x', 'b.x'], tag: ['a.x'] } },
  },
  {
    title: 'tables with one location agree, however many',
    world: {
      baseline: ['a.com', 'b.com', 'c.com'].map((prefix) => registry({ prefix, location: 'up.com' })),
      images: [image({ blocked: ['a.com'] })],
    },
    expected: {
      'a.com': { digest: [], tag: [], blocked: true, location: 'up.com' },
      'b.com': { digest: [], tag: [], blocked: true, location: 'up.com' },
      'c.com': { digest: [], tag: [], blocked: true, location: 'up.com' },
    },
  },
  {
    title: 'a source below a port that may be contacted is not blocked with it',
    world: {
      rules: [
        rule({ kind: 'ICSP+tags', source: 's.com:443', mirrors: ['a.x'], policy: 'never' }),
        rule({ kind: 'ICSP+tags', source: 's.com:443/ns', mirrors: ['b.x'], line: 20 }),
      ],
    },
    expected: {
      's.com:443': { digest: ['a.x'], tag: ['a.x'], blocked: true },
      's.com:443/ns': { digest: ['b.x'], tag: ['b.x'] },
    },
  },
  {
    title: 'what lies below a new port is blocked with the host too',
    world: {
      rules: [
        rule({ source: 's.com:443', mirrors: ['a.x'] }),
        rule({ kind: 'ICSP+tags', source: 's.com:443/ns', mirrors: ['b.x'], line: 20 }),
      ],
      images: [image({ blocked: ['s.com'] })],
    },
    expected: {
      's.com': { digest: [], tag: [], blocked: true },
      's.com:443': { digest: ['a.x'], tag: [], blocked: true },
      's.com:443/ns': { digest: ['b.x'], tag: ['b.x'], blocked: true },
    },
  },
  {
    title: 'an inherited mirror that is insecure for one kind of pulls only stands twice',
    world: {
      baseline: [
        registry({
          location: 's.com',
          mirrors: [mirror('m.x', 'digest-only', true), mirror('m.x', 'tag-only')],
        }),
      ],
      images: [image({ blocked: ['s.com/x'] })],
    },
    expected: {
      's.com': { digest: ['m.x!'], tag: ['m.x'] },
      's.com/x': { digest: ['m.x/x!'], tag: ['m.x/x'], blocked: true },
    },
  },
  {
    title: 'where the administrator says that a location is insecure, a new table of it is',
    world: {
      baseline: [registry({ prefix: 'a.com', location: 'up.com', insecure: true })],
      rules: [rule({ source: 'up.com', mirrors: ['m.x'] })],
    },
    expected: {
      'a.com': { digest: [], tag: [], insecure: true, location: 'up.com' },
      'up.com': { digest: ['m.x'], tag: [], insecure: true },
    },
  },
  {
    title: 'where his tables do not, a policy cannot make it so',
    world: {
      baseline: [registry({ prefix: 'a.com', location: 'up.com' })],
      rules: [rule({ source: 'up.com', mirrors: ['m.x'] })],
      images: [image({ insecure: ['up.com'] })],
    },
    expected: {
      'a.com': { digest: [], tag: [], location: 'up.com' },
      'up.com': { digest: ['m.x'], tag: [] },
    },
  },
  {
    title: 'of insecure scopes a wildcard that would lift a protection is refused, and the others are taken',
    world: { images: [image({ insecure: ['*.s.com', 'x.com'], blocked: ['b.s.com'] })] },
    expected: {
      'b.s.com': { digest: [], tag: [], blocked: true },
      'x.com': { digest: [], tag: [], insecure: true },
    },
  },
  {
    title: 'a wildcard that stands already takes mirrors, whatever it beats',
    world: {
      baseline: [registry({ prefix: '*.s.com' })],
      rules: [rule({ source: '*.s.com', mirrors: ['m.x'] })],
      images: [image({ blocked: ['b.s.com'] })],
    },
    expected: {
      '*.s.com': { digest: ['m.x'], tag: [] },
      'b.s.com': { digest: ['m.x'], tag: [], blocked: true },
    },
  },
  {
    title: 'a wildcard inside a blocked one of the baseline lifts nothing',
    world: {
      baseline: [
        registry({ prefix: '*.com', blocked: true }),
        registry({ location: 'b.s.com', blocked: true }),
      ],
      rules: [rule({ source: '*.s.com', mirrors: ['m.x'] })],
    },
    expected: {
      '*.com': { digest: [], tag: [], blocked: true },
      'b.s.com': { digest: ['m.x'], tag: [], blocked: true },
      '*.s.com': { digest: ['m.x'], tag: [], blocked: true },
    },
  },
  {
    title: 'of two tables of the baseline for one scope the first says where pulls below it go',
    world: {
      baseline: [
        registry({ prefix: 's.com', location: 'first.com' }),
        registry({ prefix: 's.com', location: 'second.com' }),
      ],
      rules: [rule({ source: 's.com/x', mirrors: ['m.x'] })],
    },
    expected: {
      's.com': { digest: [], tag: [], location: 'second.com' },
      's.com/x': { digest: ['m.x'], tag: [], location: 'first.com/x' },
    },
  },
];

for (const { title, world, expected } of rows) {
  test(title, (t) => {
    const { conf } = composeWorld(world);
    t.deepEqual(viewOf(conf), expected);
    t.deepEqual(composeWorld(reverse(world)).conf, conf, 'told in the opposite order');
  });
}

test('equal orders of digest and tag mirrors stand once, without pull-from-mirror', (t) => {
  const rules = [
    rule({ source: 's.com', mirrors: ['a.x', 'b.x'], line: 10 }),
    rule({ kind: 'ITMS', source: 's.com', mirrors: ['a.x', 'b.x'], line: 20 }),
  ];
  const [table] = composeWorld({ rules }).conf.registries;
  t.deepEqual(
    table?.mirrors.map(({ location, pullFromMirror }) => [location, pullFromMirror]),
    [
      ['a.x', ''],
      ['b.x', ''],
    ],
  );
  t.deepEqual(
    table?.mirrors[0]?.origins.map(({ line }) => line),
    [11, 21],
  );
});

test('different orders stand as digest-only mirrors and then tag-only mirrors', (t) => {
  const rules = [
    rule({ source: 's.com', mirrors: ['a.x', 'b.x'] }),
    rule({ kind: 'ITMS', source: 's.com', mirrors: ['a.x'] }),
  ];
  const [table] = composeWorld({ rules }).conf.registries;
  t.deepEqual(
    table?.mirrors.map(({ location, pullFromMirror }) => [location, pullFromMirror]),
    [
      ['a.x', 'digest-only'],
      ['b.x', 'digest-only'],
      ['a.x', 'tag-only'],
    ],
  );
});

test('mirror-by-digest-only moves to the mirrors once a policy adds one, and stays otherwise', (t) => {
  const baseline = [registry({ location: 's.com', mirrorByDigestOnly: true, mirrors: [mirror('old.x')] })];
  const rules = [rule({ source: 's.com', mirrors: ['new.x'] })];
  const [changed] = composeWorld({ baseline, rules }).conf.registries;
  t.false(changed?.mirrorByDigestOnly);
  t.deepEqual(
    changed?.mirrors.map(({ pullFromMirror }) => pullFromMirror),
    ['digest-only', 'digest-only'],
  );
  t.deepEqual([...composeWorld({ baseline }).conf.registries], baseline);
});

test('the tables of the baseline come first in their order, then ours ascending by scope', (t) => {
  const baseline = [registry({ location: 'z.com' }), registry({ location: 'b.com' })];
  const rules = ['y.com', 'a.com', '*.c.com', 'B.com'].map((source) => rule({ source, mirrors: ['m.x'] }));
  t.deepEqual(composeWorld({ baseline, rules }).conf.registries.map(scopeOf), [
    'z.com',
    'b.com',
    '*.c.com',
    'B.com',
    'a.com',
    'y.com',
  ]);
});

test('the twins that oc adm catalog mirror writes give what either gives alone', (t) => {
  const twin = { source: 's.com', mirrors: ['b.x', 'a.x'] };
  const alone = composeWorld({ rules: [rule({ ...twin, kind: 'ICSP' })] });
  const both = composeWorld({ rules: [rule({ ...twin, kind: 'ICSP' }), rule({ ...twin, kind: 'IDMS' })] });
  t.deepEqual(viewOf(both.conf), viewOf(alone.conf));
  t.deepEqual(
    both.findings.filter(({ severity }) => severity === 'warning').map(({ id }) => id),
    alone.findings.filter(({ severity }) => severity === 'warning').map(({ id }) => id),
  );
});

test('tables carry the lines of the entries behind them, mirrors their own lines, inherited ones those of where they come from', (t) => {
  const rules = [
    rule({ source: 'a.com', mirrors: ['m.x'], name: 'one', file: 'b.yaml', line: 3 }),
    rule({ source: 'a.com', mirrors: ['m.x'], name: 'two', file: 'a.yaml', line: 7 }),
  ];
  const images = [image({ blocked: ['a.com/x'] })];
  const { registries } = composeWorld({ rules, images }).conf;
  const [outer, inner] = registries;
  const lines = (origins: readonly { file: string; line: number }[] = []): readonly string[] =>
    origins.map(({ file, line }) => `${file}:${line}`);
  t.deepEqual(lines(outer?.origins), ['a.yaml:7', 'b.yaml:3']);
  t.deepEqual(lines(inner?.mirrors[0]?.origins), ['a.yaml:8', 'b.yaml:4']);
  t.deepEqual(lines(inner?.origins), ['image.yaml:200']);
});

test('what the administrator wrote carries no origins, though a policy asks for the same', (t) => {
  const baseline = [registry({ location: 'a.com', mirrors: [mirror('m.x')] })];
  const rules = [rule({ source: 'a.com', mirrors: ['m.x'] })];
  const [table] = composeWorld({ baseline, rules }).conf.registries;
  t.deepEqual(table?.mirrors, baseline[0]?.mirrors);
});

test('a second table of a scope, which CRI-O ignores, inherits nothing', (t) => {
  const second = registry({ location: 's.com/x', mirrors: [mirror('own.x', 'tag-only')] });
  const baseline = [registry({ location: 's.com/x' }), second];
  const rules = [rule({ source: 's.com', mirrors: ['a.x'] })];
  const { registries } = composeWorld({ baseline, rules }).conf;
  t.deepEqual(registries[1], second);
});

test('a table that inherits NeverContactSource carries the lines that say so', (t) => {
  const rules = [
    rule({ source: 's.com', mirrors: ['a.x'], policy: 'never' }),
    rule({ kind: 'ITMS', source: 's.com/x', mirrors: ['b.x'], line: 20 }),
  ];
  const table = composeWorld({ rules }).conf.registries.find((each) => scopeOf(each) === 's.com/x');
  t.true(table?.blocked);
  t.deepEqual(
    table?.origins.map(({ line }) => line),
    [10, 20],
  );
});

test('an inherited mirror keeps what icspd does not know of it, for one kind of pulls too', (t) => {
  const marked = { ...mirror('m.x', 'digest-only'), extra: { unknown: 1 } };
  const baseline = [registry({ location: 's.com', mirrors: [marked, mirror('m.x', 'tag-only')] })];
  const { registries } = composeWorld({ baseline, images: [image({ blocked: ['s.com/x'] })] }).conf;
  t.deepEqual(
    registries[1]?.mirrors.map(({ pullFromMirror, extra }) => [pullFromMirror, extra]),
    [
      ['digest-only', { unknown: 1 }],
      ['tag-only', {}],
    ],
  );
});

test('a port that is blocked with its host carries the lines that block the host', (t) => {
  const rules = [rule({ source: 's.com:443', mirrors: ['a.x'] })];
  const { registries } = composeWorld({ rules, images: [image({ blocked: ['s.com'] })] }).conf;
  t.deepEqual(
    registries.find((table) => scopeOf(table) === 's.com:443')?.origins.map(({ line }) => line),
    [10, 200],
  );
});

test('without policies the baseline is returned as it is', (t) => {
  const baseline = [
    registry({
      prefix: 'a.com/',
      location: 'b.com/',
      mirrors: [mirror('m.x/', 'tag-only')],
      extra: { k: 1 },
    }),
    registry({ location: 'a.com/x' }),
    registry({ location: 'a.com/x', mirrors: [mirror('dead.x')] }),
  ];
  const { conf, findings } = composeWorld({ baseline, search: ['q.io'] });
  t.deepEqual([...conf.registries], baseline);
  t.deepEqual(conf.searchRegistries, ['q.io']);
  t.deepEqual(findings, []);
});
