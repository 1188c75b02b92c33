// What composition tells the operator: one row per finding, with the places it points at.
import test from 'ava';
import { composeWorld, image, mirror, placesOf, registry, reverse, rule, type World } from './world.ts';

interface Row {
  readonly title: string;
  readonly world: World;
  /** Findings that are not listed must not appear. */
  readonly expected: readonly string[];
  /** What the message of the first finding must name. */
  readonly names?: readonly string[];
  /** What some message must say. */
  readonly says?: readonly string[];
  /** The help of the first finding. */
  readonly remedy?: string;
}

const rows: readonly Row[] = [
  {
    title: 'a repeat is reported where it stands',
    world: { rules: [rule({ source: 's.com/x', mirrors: ['a.x', 'b.x', 'a.x'] })] },
    expected: ['ICSP100 a.yaml:13:9'],
  },
  {
    title: 'NeverContactSource without a mirror is reported, since it blocks nothing',
    world: { rules: [rule({ source: 's.com/x', mirrors: [], policy: 'never' })] },
    expected: ['ICSP101 a.yaml:10:5'],
  },
  {
    title: 'a conflict is reported once at the list that gives way, naming both and the order',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['a.x', 'b.x', 'c.x'], name: 'one' }),
        rule({ source: 's.com/x', mirrors: ['c.x', 'b.x', 'a.x'], name: 'two', file: 'b.yaml' }),
      ],
    },
    expected: ['ICSP102 b.yaml:10:5'],
    names: ['"one" (a.yaml:10)', '"two" (b.yaml:10)', '"a.x", "b.x", "c.x"'],
  },
  {
    title: 'a conflict of equal lists for both kinds of pulls is reported once',
    world: {
      rules: [
        rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['a.x', 'b.x'], name: 'one' }),
        rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['b.x', 'a.x'], name: 'two', line: 20 }),
      ],
    },
    expected: ['ICSP118 a.yaml:10:5', 'ICSP102 a.yaml:20:5'],
  },
  {
    title: 'a mirror before a source that some list puts first is reported',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['s.com/x', 'a.x'] }),
        rule({ source: 's.com/x', mirrors: ['b.x'], line: 20 }),
      ],
    },
    expected: ['ICSP103 a.yaml:11:9'],
  },
  {
    title: 'mirrors of two files that only the alphabet orders are reported once per source',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['a.x', 'c.x'] }),
        rule({ source: 's.com/x', mirrors: ['b.x', 'd.x'], file: 'b.yaml' }),
      ],
    },
    expected: ['ICSP104 b.yaml:11:9'],
    names: ['a.yaml:10', 'b.yaml:10'],
  },
  {
    title: 'mirrors of one file that only the alphabet orders are not reported',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['a.x'] }),
        rule({ source: 's.com/x', mirrors: ['b.x'], line: 20 }),
      ],
    },
    expected: [],
  },
  {
    title: 'entries that disagree on NeverContactSource are both named',
    world: {
      rules: [
        rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['a.x'], name: 'old' }),
        rule({ source: 's.com/x', mirrors: ['a.x'], name: 'new', policy: 'never', line: 20 }),
      ],
    },
    expected: ['ICSP105 a.yaml:10:5'],
    names: ['"new" (a.yaml:20)', '"old" (a.yaml:10)'],
  },
  {
    title: 'NeverContactSource with the source among the mirrors is reported at that mirror',
    world: {
      rules: [rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['a.x', 's.com/x'], policy: 'never' })],
    },
    expected: ['ICSP106 a.yaml:12:9'],
  },
  {
    title: 'NeverContactSource with digest mirrors only leaves tags unserved',
    world: { rules: [rule({ source: 's.com/x', mirrors: ['a.x'], policy: 'never' })] },
    expected: ['ICSP107 a.yaml:10:5'],
    names: ['by tag', 'no mirror serves them'],
    remedy: 'add an ImageTagMirrorSet for the source, or remove NeverContactSource',
  },
  {
    title: 'NeverContactSource whose tag mirrors are refused says what would allow them',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['a.x'], policy: 'never' }),
        rule({ kind: 'ITMS', source: 's.com/x', mirrors: ['a.x'], policy: 'never', line: 20 }),
      ],
      hosts: [],
    },
    expected: ['ICSP107 a.yaml:10:5', 'ICSP119 a.yaml:21:9'],
    names: ['by tag', '[content] hosts in icspd.conf refuses the mirrors for them'],
    remedy: 'allow the mirrors by [content] hosts in icspd.conf, or remove NeverContactSource',
  },
  {
    title: 'inherited NeverContactSource is reported where an own entry does not say it',
    world: {
      rules: [
        rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['a.x'], policy: 'never' }),
        rule({ source: 's.com/x/y', mirrors: ['b.x'], line: 20 }),
      ],
    },
    expected: ['ICSP108 a.yaml:20:5', 'ICSP114 a.yaml:20:5'],
    names: ['"set" (a.yaml:10)'],
  },
  {
    title: 'NeverContactSource that is not inherited is noticed',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['a.x'], policy: 'never' }),
        rule({ source: 's.com/x/y', mirrors: ['b.x'], line: 20 }),
      ],
    },
    expected: ['ICSP107 a.yaml:10:5', 'ICSP109 a.yaml:20:5', 'ICSP114 a.yaml:20:5'],
  },
  {
    title: 'a mirror that cannot be inherited is reported at the mirror',
    world: {
      rules: [rule({ source: '*.s.com', mirrors: ['a.x/r'] })],
      images: [image({ insecure: ['b.s.com:1'] })],
    },
    expected: ['ICSP115 a.yaml:10:5', 'ICSP110 a.yaml:11:9'],
  },
  {
    title: 'an object whose kind and name another one has is noticed once',
    world: {
      objects: ['b.yaml', 'a.yaml'].map((file) => ({
        apiVersion: 'config.openshift.io/v1',
        origin: { file, line: 1, kind: 'ImageDigestMirrorSet', name: 'twin' },
      })),
    },
    expected: ['ICSP111 b.yaml:1:-'],
    names: ['a.yaml:1'],
  },
  {
    title: 'a mirror in a blocked scope is reported at the mirror',
    world: {
      rules: [rule({ source: 's.com/x', mirrors: ['a.x', 'b.x:1/r'] })],
      images: [image({ blocked: ['b.x'] })],
    },
    expected: ['ICSP113 a.yaml:12:9'],
  },
  {
    title: 'a scope that takes the digest pulls over and inherits the tag mirrors says so',
    world: {
      baseline: [registry({ location: 's.com', mirrors: [mirror('a.x')] })],
      rules: [rule({ source: 's.com/x', mirrors: ['b.x'] })],
    },
    expected: ['ICSP114 a.yaml:10:5'],
    names: [
      '"s.com/x" takes over its part of "s.com": pulls by digest no longer use "a.x/x" of the baseline',
    ],
    remedy: 'name these mirrors in an entry for "s.com/x" too, if they should go on serving it',
  },
  {
    title: 'a scope that takes over both kinds of pulls names the mirrors of each, and whose they are',
    world: {
      baseline: [registry({ location: 's.com', mirrors: [mirror('a.x')] })],
      rules: [
        rule({ source: 's.com', mirrors: ['d.x'], name: 'outer' }),
        rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['b.x'], line: 20 }),
      ],
    },
    expected: ['ICSP116 a.yaml:10:5', 'ICSP114 a.yaml:20:5', 'ICSP118 a.yaml:20:5'],
    names: [],
    says: [
      'pulls by digest no longer use "a.x/x", "d.x/x" of the baseline and ImageDigestMirrorSet "outer" (a.yaml:10), those by tag no longer use "a.x/x" of the baseline',
    ],
  },
  {
    title: 'a scope that takes over the same mirrors for both kinds of pulls names them once',
    world: {
      baseline: [registry({ location: 's.com', mirrors: [mirror('a.x')] })],
      rules: [rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['b.x'] })],
    },
    expected: ['ICSP114 a.yaml:10:5', 'ICSP118 a.yaml:10:5'],
    names: ['pulls by digest and by tag no longer use "a.x/x" of the baseline'],
  },
  {
    title: 'a scope takes over what the scope around it inherited, under the name of who asked for it',
    world: {
      rules: [
        rule({ kind: 'ITMS', source: 's.com/x', mirrors: ['a.x'], name: 'outer' }),
        rule({ source: 's.com/x/y', mirrors: ['b.x'], line: 20 }),
        rule({ kind: 'ITMS', source: 's.com/x/y/z', mirrors: ['c.x'], line: 30 }),
      ],
    },
    expected: ['ICSP118 a.yaml:10:5', 'ICSP114 a.yaml:30:5', 'ICSP118 a.yaml:30:5'],
    names: [],
    says: ['pulls by tag no longer use "a.x/y/z" of ImageTagMirrorSet "outer" (a.yaml:10)'],
  },
  {
    title: 'a scope that inherits all mirrors takes nothing over',
    world: {
      baseline: [registry({ location: 's.com', mirrors: [mirror('a.x')] })],
      images: [image({ insecure: ['s.com/x'], blocked: ['s.com/y'] })],
    },
    expected: [],
  },
  {
    title: 'a scope that names the mirrors of the source around it takes nothing over',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['a.x'] }),
        rule({ source: 's.com/x/y', mirrors: ['b.x', 'a.x/y'], line: 20 }),
      ],
    },
    expected: [],
  },
  {
    title: 'a scope with a port takes over what the bare host served',
    world: {
      baseline: [registry({ location: 's.com', mirrors: [mirror('a.x')] })],
      images: [image({ insecure: ['s.com:1'] })],
    },
    expected: ['ICSP114 image.yaml:100:7'],
  },
  {
    title: 'a bare host breaks pulls with a port where a mirror has a path',
    world: { rules: [rule({ source: 's.com', mirrors: ['a.x', 'b.x/r'] })] },
    expected: ['ICSP115 a.yaml:10:5'],
    names: ['"b.x/r"'],
  },
  {
    title: 'a bare host carries ports over to bare mirrors',
    world: { rules: [rule({ source: 's.com', mirrors: ['a.x'] })] },
    expected: ['ICSP116 a.yaml:10:5'],
  },
  {
    title: 'entries that add up to more than eight mirrors are reported',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['1.x', '2.x', '3.x', '4.x', '5.x', '6.x'] }),
        rule({ source: 's.com/x', mirrors: ['6.x', '7.x', '8.x', '9.x'], line: 20 }),
      ],
    },
    expected: ['ICSP117 a.yaml:10:5'],
  },
  {
    title: 'tags with several places to come from are noticed once per source',
    world: { rules: [rule({ kind: 'ITMS', source: 's.com/x', mirrors: ['a.x', 'b.x'] })] },
    expected: ['ICSP118 a.yaml:10:5'],
  },
  {
    title: 'a host with a label of one letter has no effect beside its wildcard',
    world: { images: [image({ insecure: ['b.s.com', '*.s.com'] })] },
    expected: ['ICSP122 image.yaml:100:7'],
  },
  {
    title: 'so has one of the baseline, which the entry for the wildcard is told',
    world: {
      rules: [rule({ source: '*.s.com', mirrors: ['a.x'] })],
      baseline: [registry({ location: 'b.s.com' })],
    },
    expected: ['ICSP116 a.yaml:10:5', 'ICSP122 a.yaml:10:5'],
  },
  {
    title: 'a wildcard that would lift a protection is refused, wherever an entry asks for it',
    world: {
      rules: [rule({ source: '*.s.com', mirrors: ['a.x'] })],
      images: [image({ blocked: ['b.s.com'], insecure: ['*.s.com'] })],
    },
    expected: ['ICSP126 a.yaml:10:5', 'ICSP126 image.yaml:100:7'],
  },
  {
    title: 'a block that a wildcard of the baseline beats is an error: nothing is blocked',
    world: {
      images: [image({ blocked: ['b.s.com'] })],
      baseline: [registry({ prefix: '*.s.com' })],
    },
    expected: ['ICSP127 image.yaml:200:7'],
  },
  {
    title: 'so is a block that a drop-in replaces, or that its wildcard beats',
    world: {
      images: [image({ blocked: ['b.s.com', 't.com'] })],
      dropIn: [registry({ prefix: '*.s.com' }), registry({ location: 't.com' })],
    },
    expected: ['ICSP127 image.yaml:200:7', 'ICSP127 image.yaml:201:7'],
  },
  {
    title: 'a scope that a drop-in blocks is told which, since no policy says so',
    world: {
      rules: [rule({ source: 's.com/ns', mirrors: ['a.x'] })],
      dropIn: [registry({ location: 's.com', blocked: true })],
    },
    expected: ['ICSP128 a.yaml:10:5'],
  },
  {
    title: 'a mirror that a drop-in blocks is reported with that file',
    world: {
      rules: [rule({ source: 's.com', mirrors: ['a.x/team'] })],
      dropIn: [registry({ location: 'a.x', blocked: true })],
    },
    expected: ['ICSP115 a.yaml:10:5', 'ICSP113 a.yaml:11:9'],
    says: ['lies in "a.x", which the drop-in "50.conf" blocks, so its pulls fail'],
  },
  {
    title: 'a mirror that a drop-in lets through the block around it is not reported',
    world: {
      rules: [rule({ source: 's.com/x', mirrors: ['a.x/team'] })],
      baseline: [registry({ location: 'a.x', blocked: true })],
      dropIn: [registry({ location: 'a.x/team' })],
    },
    expected: [],
  },
  {
    title:
      "the mirrors of a table that a drop-in replaces are in nobody's way: the replacement is told instead",
    world: {
      rules: [rule({ source: 's.com/x', mirrors: ['a.x/team'] })],
      baseline: [registry({ location: 'a.x', blocked: true })],
      dropIn: [registry({ location: 's.com/x' })],
    },
    expected: [],
  },
  {
    title: 'a new scope that takes over part of what a drop-in serves is told whose mirrors it loses',
    world: {
      rules: [rule({ source: 's.com/ns', mirrors: ['a.x'] })],
      dropIn: [registry({ location: 's.com', mirrors: [mirror('d.x')] })],
    },
    expected: ['ICSP114 a.yaml:10:5'],
    names: ['"d.x/ns" of the drop-in "50.conf"'],
  },
  {
    title: 'a new scope takes over from a drop-in between it and a broader source',
    world: {
      rules: [
        rule({ source: 's.com/a', mirrors: ['a.x'] }),
        rule({ source: 's.com/a/b/c', mirrors: ['c.x'], line: 20 }),
      ],
      dropIn: [registry({ location: 's.com/a/b', mirrors: [mirror('a.x/b', 'digest-only')] })],
    },
    expected: ['ICSP114 a.yaml:20:5'],
    names: ['"a.x/b/c" of the drop-in "50.conf"'],
  },
  {
    title: 'a narrower table of a drop-in takes pulls away from a source, unless it names its mirrors',
    world: {
      rules: [rule({ source: 's.com/ns', mirrors: ['a.x', 'b.x'] })],
      dropIn: [
        registry({ location: 's.com/ns/lost', mirrors: [mirror('a.x/lost', 'digest-only')] }),
        registry({
          location: 's.com/ns/kept',
          mirrors: [mirror('b.x/kept', 'digest-only'), mirror('a.x/kept', 'digest-only')],
        }),
      ],
    },
    expected: ['ICSP252 50.conf:-:-'],
    names: [
      'takes "s.com/ns/lost" out of "s.com/ns"',
      'pulls by digest no longer use "b.x/lost" of ImageDigestMirrorSet',
    ],
    remedy: 'remove that [[registry]] from "50.conf", or write it as a policy',
  },
  {
    title: 'a narrower table of a drop-in may take pulls away from the baseline',
    world: {
      rules: [rule({ source: 's.com/ns', mirrors: ['a.x'] })],
      baseline: [registry({ location: 't.com', mirrors: [mirror('b.x')] })],
      dropIn: [registry({ location: 't.com/part' })],
    },
    expected: [],
  },
  {
    title: 'a source that a wildcard of a drop-in beats is told so',
    world: {
      rules: [rule({ source: 'b.s.com', mirrors: ['a.x'] })],
      dropIn: [registry({ prefix: '*.s.com' })],
    },
    expected: ['ICSP122 a.yaml:10:5'],
  },
  {
    title:
      'tables of others that beat each other are a matter of theirs, even if policies have to do with another',
    world: {
      rules: [rule({ source: 'o.com/x', mirrors: ['a.x'] })],
      dropIn: [registry({ prefix: '*.s.com' }), registry({ location: 'b.s.com' })],
    },
    expected: [],
  },
  {
    title: 'a port that is blocked with its host is told so, since OpenShift would not',
    world: {
      rules: [rule({ source: 's.com:443/ns', mirrors: ['a.x'] })],
      images: [image({ blocked: ['s.com'] })],
    },
    expected: ['ICSP129 a.yaml:10:5'],
  },
  {
    title: 'blocking a source that the baseline sends elsewhere is reported, since it blocks nothing',
    world: {
      baseline: [registry({ prefix: 's.com', location: 'up.com' })],
      images: [image({ blocked: ['s.com'] })],
    },
    expected: ['ICSP123 image.yaml:200:7'],
  },
  {
    title: 'a table that is blocked for its location is reported',
    world: {
      baseline: [registry({ prefix: 's.com', location: 'up.com' }), registry({ location: 'up.com' })],
      images: [image({ blocked: ['s.com'] })],
    },
    expected: ['ICSP124 image.yaml:200:7'],
  },
  {
    title: 'a scope that cannot be insecure for its location is reported',
    world: {
      baseline: [registry({ prefix: 's.com', location: 'up.com' }), registry({ location: 'up.com' })],
      images: [image({ insecure: ['s.com'] })],
    },
    expected: ['ICSP125 image.yaml:100:7'],
  },
  {
    title: 'a list that contradicts two others is reported once',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['a.x', 'b.x'], name: 'one' }),
        rule({ source: 's.com/x', mirrors: ['c.x', 'd.x'], name: 'three', line: 20 }),
        rule({ source: 's.com/x', mirrors: ['b.x', 'a.x', 'd.x', 'c.x'], name: 'two', line: 30 }),
      ],
    },
    expected: ['ICSP102 a.yaml:30:5'],
  },
  {
    title: 'where lists contradict each other, what the alphabet orders is not reported too',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['a.x', 'b.x'], name: 'one' }),
        rule({ source: 's.com/x', mirrors: ['b.x', 'a.x'], name: 'two', file: 'b.yaml' }),
        rule({ source: 's.com/x', mirrors: ['c.x'], name: 'z', file: 'c.yaml' }),
      ],
    },
    expected: ['ICSP102 b.yaml:10:5'],
  },
  {
    title:
      'mirrors that only the alphabet orders are reported if any two of their entries stand in two files',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['a.x'], name: 'one' }),
        rule({ source: 's.com/x', mirrors: ['a.x'], name: 'two', file: 'b.yaml' }),
        rule({ source: 's.com/x', mirrors: ['c.x'], name: 'three', line: 20 }),
      ],
    },
    expected: ['ICSP104 a.yaml:21:9'],
  },
  {
    title: 'a source that every list puts first is where they want it',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['s.com/x', 'a.x'], name: 'one' }),
        rule({ source: 's.com/x', mirrors: ['s.com/x', 'a.x', 'b.x'], name: 'two' }),
      ],
    },
    expected: [],
  },
  {
    title: 'what is said of a scope stands at the entry that comes first, not at the one that prevails',
    world: {
      rules: [
        rule({ kind: 'ITMS', source: 's.com/x', mirrors: ['a.x'], name: 'a', line: 20 }),
        rule({ kind: 'ITMS', source: 's.com/x', mirrors: ['b.x'], name: 'z' }),
      ],
    },
    expected: ['ICSP118 a.yaml:10:5'],
  },
  {
    title: 'a location that policies may not make insecure is named',
    world: {
      baseline: [registry({ prefix: 's.com', location: 'up.com' })],
      images: [image({ insecure: ['s.com'] })],
      hosts: ['s.com'],
    },
    expected: ['ICSP120 image.yaml:100:7'],
    names: ['the insecure location "up.com" is refused'],
  },
  {
    title: 'nothing is said of what the administrator alone wrote',
    world: {
      baseline: [
        registry({ location: 's.com/x', mirrors: Array.from({ length: 9 }, (_, i) => mirror(`${i}.x`)) }),
      ],
    },
    expected: [],
  },
  {
    title: 'eight mirrors together are not many',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['1.x', '2.x', '3.x', '4.x'] }),
        rule({ source: 's.com/x', mirrors: ['5.x', '6.x', '7.x', '8.x'], line: 20 }),
      ],
    },
    expected: [],
  },
  {
    title: 'eight mirrors of one entry are many together with another',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['1.x', '2.x', '3.x', '4.x', '5.x', '6.x', '7.x', '8.x'] }),
        rule({ source: 's.com/x', mirrors: ['9.x'], line: 20 }),
      ],
    },
    expected: ['ICSP117 a.yaml:10:5'],
  },
  {
    title: 'where one entry alone has many mirrors, that is said of the entry, not of the scope',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['1.x', '2.x', '3.x', '4.x', '5.x', '6.x', '7.x', '8.x', '9.x'] }),
        rule({ source: 's.com/x', mirrors: ['0.x'], line: 20 }),
      ],
    },
    expected: [],
  },
  {
    title: 'a blocked mirror of both kinds is reported once',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: ['b.com/m'] }),
        rule({ kind: 'ITMS', source: 's.com/x', mirrors: ['b.com/m'], line: 20 }),
      ],
      images: [image({ blocked: ['b.com'] })],
    },
    expected: ['ICSP118 a.yaml:10:5', 'ICSP113 a.yaml:11:9'],
  },
  {
    title: 'a mirror is not blocked where a table of the administrator for its port decides',
    world: {
      rules: [rule({ source: 's.com/x', mirrors: ['b.com:443/m'] })],
      images: [image({ blocked: ['b.com'] })],
      baseline: [registry({ location: 'b.com:443' })],
    },
    expected: [],
  },
  {
    title: 'NeverContactSource that is inherited by an entry that says it too is not reported',
    world: {
      rules: [
        rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['a.x'], policy: 'never' }),
        rule({ source: 's.com/x/y', mirrors: ['a.x/y'], policy: 'never', line: 20 }),
      ],
    },
    expected: [],
  },
  {
    title: 'a mirror with the rest of a scope behind it has at most 255 characters',
    world: {
      rules: [
        rule({ source: 's.com/x', mirrors: [`m.x/${'a'.repeat(241)}`] }),
        rule({ kind: 'ITMS', source: 's.com/x/234567890', mirrors: ['t.x'], line: 20 }),
        rule({ kind: 'ITMS', source: 's.com/x/2345678901', mirrors: ['t.x'], line: 30 }),
      ],
    },
    expected: ['ICSP110 a.yaml:11:9', 'ICSP118 a.yaml:20:5', 'ICSP114 a.yaml:30:5', 'ICSP118 a.yaml:30:5'],
    says: ['it would exceed 255 characters'],
  },
  {
    title: 'a conflict that both kinds of pulls have is reported once, though tags have another list as well',
    world: {
      rules: [
        rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['a.x', 'b.x'], name: 'one' }),
        rule({ kind: 'ICSP+tags', source: 's.com/x', mirrors: ['b.x', 'a.x'], name: 'two', line: 20 }),
        rule({ kind: 'ITMS', source: 's.com/x', mirrors: ['a.x', 'b.x'], line: 30 }),
      ],
    },
    expected: ['ICSP118 a.yaml:10:5', 'ICSP102 a.yaml:20:5'],
  },
  {
    title: 'a table of the administrator takes nothing over, though a policy adds to it',
    world: {
      rules: [rule({ source: 's.com/x', mirrors: ['b.x'] })],
      baseline: [
        registry({ location: 's.com', mirrors: [mirror('a.x')] }),
        registry({ location: 's.com/x' }),
      ],
    },
    expected: [],
  },
  {
    title: 'a block of the baseline that its own wildcard beats is what the administrator wrote',
    world: { baseline: [registry({ location: 'b.s.com', blocked: true }), registry({ prefix: '*.s.com' })] },
    expected: ['ICSP122 -:-:-'],
  },
  {
    title: 'a drop-in beats no protection where there is none',
    world: {
      rules: [rule({ source: 'b.s.com/x', mirrors: ['a.x'] })],
      dropIn: [registry({ location: 'b.s.com/x' })],
    },
    expected: [],
  },
  {
    title: 'a bare host carries no ports to mirrors that are refused',
    world: { rules: [rule({ kind: 'ITMS', source: 's.com', mirrors: ['a.x'], policy: 'never' })], hosts: [] },
    expected: ['ICSP107 a.yaml:10:5', 'ICSP107 a.yaml:10:5', 'ICSP119 a.yaml:11:9'],
  },
  {
    title: 'tables of one location that are all blocked agree already',
    world: {
      baseline: [
        registry({ prefix: 'a.com', location: 'up.com' }),
        registry({ prefix: 'b.com', location: 'up.com' }),
        registry({ location: 'up.com' }),
      ],
      images: [image({ blocked: ['a.com', 'b.com', 'up.com'] })],
    },
    expected: [],
  },
  {
    title:
      'where the administrator says that a location is insecure, a new table of it is, and nothing is said',
    world: {
      baseline: [registry({ prefix: 'a.com', location: 'up.com', insecure: true })],
      rules: [rule({ source: 'up.com/', mirrors: ['m.x/y'] })],
    },
    expected: [],
  },
  {
    title: 'of several hosts that a wildcard would beat the first by byte is named, whoever asks for it',
    world: { images: [image({ insecure: ['*.s.com'], blocked: ['b.s.com', 'a.s.com'] })] },
    expected: ['ICSP126 image.yaml:100:7'],
    names: ['"*.s.com"', '"a.s.com", which is as long and blocked'],
  },
];

for (const { title, world, expected, names = [], says = [], remedy } of rows) {
  test(title, (t) => {
    const composition = composeWorld(world);
    t.deepEqual(placesOf(composition), expected);
    t.deepEqual(composeWorld(reverse(world)), composition, 'told in the opposite order');
    const [first] = composition.findings;
    for (const name of names) t.true(first?.message.includes(name), `${first?.message ?? ''} names ${name}`);
    const messages = composition.findings.map(({ message }) => message);
    for (const text of says)
      t.true(
        messages.some((message) => message.includes(text)),
        messages.join('; '),
      );
    if (remedy !== undefined) t.is(first?.help, remedy);
  });
}

test('a message shows no more than eight mirrors of a long order', (t) => {
  const mirrors = Array.from({ length: 30 }, (_, i) => `${String(i).padStart(2, '0')}.x`);
  const rules = [
    rule({ source: 's.com/x', mirrors, name: 'one' }),
    rule({ source: 's.com/x', mirrors: mirrors.toReversed(), name: 'two' }),
  ];
  const conflict = composeWorld({ rules }).findings.find(({ id }) => id === 'ICSP102');
  t.true(conflict?.message.endsWith('"07.x" and 22 more'), conflict?.message);
  const eight = [
    rule({ source: 's.com/x', mirrors: mirrors.slice(0, 8), name: 'one' }),
    rule({ source: 's.com/x', mirrors: mirrors.slice(0, 8).toReversed(), name: 'two' }),
  ];
  t.true(composeWorld({ rules: eight }).findings[0]?.message.endsWith('"07.x"'));
});

test('foreign strings are escaped in messages', (t) => {
  const rules = [rule({ source: 's.com/x', mirrors: [], policy: 'never', name: 'a\u001b[2J' })];
  const images = [image({ blocked: ['b.com/\u001b[2J'], insecure: ['b.com/\u001b[2J'] })];
  const { findings } = composeWorld({ rules, images, hosts: [] });
  t.true(findings.length > 1);
  t.false(findings.some(({ message, help }) => (message + help).includes('\u001b')));
});

test('of a thousand lists that contradict each other the first are reported', (t) => {
  const rules = Array.from({ length: 1000 }, (_, i) =>
    rule({ source: 's.com', mirrors: i % 2 === 0 ? ['a.x', 'b.x'] : ['b.x', 'a.x'], line: i + 1, index: i }),
  );
  const { findings } = composeWorld({ rules });
  t.is(findings.filter(({ id }) => id === 'ICSP102').length, 20);
});
