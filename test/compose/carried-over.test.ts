// What is added to a source while the file behind it cannot be read.
import test from 'ava';
import { composeOver } from '../../src/compose/carry-over.ts';
import { inForce, inputOf } from './loss.ts';
import { composeWorld, image, mirror, registry, rule, viewOf, type View, type World } from './world.ts';

interface Row {
  readonly title: string;
  /** False: no record says which file is behind what. */
  readonly isKnown?: boolean;
  /** What stood: what the lost file said, and others. */
  readonly lost: World;
  /** What can be read now. */
  readonly now: World;
  readonly expected: Readonly<Record<string, View>>;
}

const never = { rules: [rule({ source: 'a.com', mirrors: ['m.x'], policy: 'never', file: 'lost.yaml' })] };
const open = { rules: [rule({ source: 'a.com', mirrors: ['m.x'], file: 'lost.yaml' })] };
const closed: View = { digest: ['m.x'], tag: [], blocked: true };
const both = rule({ kind: 'ICSP+tags', source: 'a.com/x', mirrors: ['n.x'] });
const ofAdministrator = registry({ location: 'a.com/x', mirrors: [mirror('o.x')] });

const belowAdministrator = [
  registry({ location: 'a.com', mirrors: [mirror('m.x')] }),
  registry({ location: 'a.com/x', mirrorByDigestOnly: true }),
];
const asAdministrator = rule({ source: 'a.com', mirrors: ['m.x', 'n.x'] });

const rows: readonly Row[] = [
  {
    title: 'a new source below a blocked one inherits its mirrors and is blocked as well',
    lost: never,
    now: { rules: [rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['n.x'] })] },
    expected: { 'a.com': closed, 'a.com/x': { digest: ['m.x/x'], tag: ['n.x'], blocked: true } },
  },
  {
    title:
      'a new source with mirrors of its own below a blocked one is blocked as well: nobody knows who blocks it',
    lost: never,
    now: { rules: [both] },
    expected: { 'a.com': closed, 'a.com/x': { digest: ['n.x'], tag: ['n.x'], blocked: true } },
  },
  {
    title: 'a new source below an open one is open',
    lost: open,
    now: { rules: [rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['n.x'] })] },
    expected: {
      'a.com': { digest: ['m.x'], tag: [] },
      'a.com/x': { digest: ['m.x/x'], tag: ['n.x'] },
    },
  },
  {
    title: 'a new source below an open table of the administrator is open, whatever is around that',
    lost: { ...never, baseline: [ofAdministrator] },
    now: {
      baseline: [ofAdministrator],
      rules: [rule({ kind: 'ICSP+tags', source: 'a.com/x/y', mirrors: ['n.x'] })],
    },
    expected: {
      'a.com/x': { digest: ['o.x'], tag: ['o.x'] },
      'a.com': closed,
      'a.com/x/y': { digest: ['n.x'], tag: ['n.x'] },
    },
  },
  {
    title: 'new mirrors come behind those that stay, and none stands twice',
    lost: open,
    now: { rules: [rule({ source: 'a.com', mirrors: ['n.x', 'm.x'] })] },
    expected: { 'a.com': { digest: ['m.x', 'n.x'], tag: [] } },
  },
  {
    title: 'an insecure scope goes on marking the mirrors inside it, new ones too',
    lost: { images: [image({ insecure: ['m.x'], file: 'lost.yaml' })] },
    now: { rules: [rule({ source: 'a.com', mirrors: ['m.x/r', 'n.x'] })] },
    expected: {
      'a.com': { digest: ['m.x/r!', 'n.x'], tag: [] },
      'm.x': { digest: [], tag: [], insecure: true },
    },
  },
  {
    title: 'a new table of the administrator below a blocked one is open',
    lost: never,
    now: { baseline: [ofAdministrator] },
    expected: { 'a.com/x': { digest: ['o.x'], tag: ['o.x'] }, 'a.com': closed },
  },
  {
    title: 'a new source below one of two that are carried over is blocked where that one is',
    lost: { rules: [...never.rules, rule({ source: 'o.org', mirrors: ['m.x'], file: 'lost.yaml' })] },
    now: {
      rules: [
        rule({ kind: 'ICSP+tags', source: 'a.com/x', mirrors: ['n.x'] }),
        rule({ kind: 'ICSP+tags', source: 'o.org/x', mirrors: ['n.x'] }),
      ],
    },
    expected: {
      'a.com': closed,
      'a.com/x': { digest: ['n.x'], tag: ['n.x'], blocked: true },
      'o.org': { digest: ['m.x'], tag: [] },
      'o.org/x': { digest: ['n.x'], tag: ['n.x'] },
    },
  },
  {
    title: 'a source that stood open below a blocked one stays open while it has mirrors of its own',
    lost: { rules: [...never.rules, both] },
    now: { rules: [both] },
    expected: { 'a.com': closed, 'a.com/x': { digest: ['n.x'], tag: ['n.x'] } },
  },
  {
    title: 'a source that stood open is blocked with the one that it now takes mirrors from',
    lost: { rules: [...never.rules, both] },
    now: { rules: [rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['n.x'] })] },
    expected: { 'a.com': closed, 'a.com/x': { digest: ['m.x/x'], tag: ['n.x'], blocked: true } },
  },
  {
    title:
      'a source that stood open and now takes mirrors from an open one stays open, whatever is around that',
    lost: {
      rules: [
        ...never.rules,
        rule({ kind: 'ICSP+tags', source: 'a.com/x', mirrors: ['o.x'], file: 'lost.yaml' }),
        rule({ kind: 'ICSP+tags', source: 'a.com/x/y', mirrors: ['n.x'] }),
      ],
    },
    now: { rules: [rule({ kind: 'ITMS', source: 'a.com/x/y', mirrors: ['n.x'] })] },
    expected: {
      'a.com': closed,
      'a.com/x': { digest: ['o.x'], tag: ['o.x'] },
      'a.com/x/y': { digest: ['o.x/y'], tag: ['n.x'] },
    },
  },
  {
    title:
      'without a record, a source that stood open with the mirrors of one further out stays open, though one between is blocked',
    isKnown: false,
    lost: {
      rules: [
        rule({ source: 'a.com', mirrors: ['m.x', 'o.x'] }),
        rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['n.x'], policy: 'never', file: 'lost.yaml' }),
        rule({ kind: 'ITMS', source: 'a.com/x/y', mirrors: ['n.x'] }),
      ],
    },
    now: {
      rules: [
        rule({ source: 'a.com', mirrors: ['m.x', 'o.x'] }),
        rule({ kind: 'ITMS', source: 'a.com/x/y', mirrors: ['n.x'] }),
      ],
    },
    expected: {
      'a.com': { digest: ['m.x', 'o.x'], tag: [] },
      'a.com/x': { digest: ['m.x/x', 'o.x/x'], tag: ['n.x'], blocked: true },
      'a.com/x/y': { digest: ['m.x/x/y', 'o.x/x/y'], tag: ['n.x'] },
    },
  },
  {
    title:
      'a source that stood open with some of the mirrors is blocked with the one that gives it others too',
    lost: {
      rules: [
        rule({ source: 'a.com', mirrors: ['m.x', 'o.x'], policy: 'never', file: 'lost.yaml' }),
        rule({ source: 'a.com/x', mirrors: ['m.x/x'] }),
        rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['o.x/x'] }),
      ],
    },
    now: { rules: [rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['o.x/x'] })] },
    expected: {
      'a.com': { digest: ['m.x', 'o.x'], tag: [], blocked: true },
      'a.com/x': { digest: ['m.x/x', 'o.x/x'], tag: ['o.x/x'], blocked: true },
    },
  },
  {
    title: 'the source behind all mirrors is left out: it is tried last anyway',
    lost: open,
    now: { rules: [rule({ source: 'a.com', mirrors: ['a.com', 'm.x'] })] },
    expected: { 'a.com': { digest: ['m.x'], tag: [] } },
  },
  {
    title: 'the source before a mirror stays there',
    lost: open,
    now: { rules: [rule({ source: 'a.com', mirrors: ['a.com', 'n.x'] })] },
    expected: { 'a.com': { digest: ['m.x', 'a.com', 'n.x'], tag: [] } },
  },
  {
    title: "the source behind the administrator's mirrors stays where it stands",
    lost: {
      baseline: [registry({ location: 'a.com', mirrors: [mirror('m.x')] })],
      rules: [rule({ source: 'a.com', mirrors: ['a.com', 'm.x'], file: 'lost.yaml' })],
    },
    now: { baseline: [registry({ location: 'a.com', mirrors: [mirror('m.x')] })] },
    expected: { 'a.com': { digest: ['m.x', 'a.com'], tag: ['m.x'] } },
  },
  {
    title: 'a mirror that only readable files named stays while one of them names it for that kind',
    lost: {
      rules: [
        rule({ source: 'a.com/x', mirrors: ['m.x'], file: 'lost.yaml' }),
        rule({ source: 'a.com/x', mirrors: ['n.x', 'o.x/x', 'p.x'], line: 20 }),
      ],
    },
    now: {
      rules: [
        rule({ source: 'a.com', mirrors: ['q.x', 'o.x'] }),
        rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['n.x'] }),
      ],
    },
    expected: {
      'a.com': { digest: ['q.x', 'o.x'], tag: [] },
      'a.com/x': { digest: ['m.x', 'o.x/x'], tag: ['n.x'] },
    },
  },
  {
    title:
      "an insecure scope marks the mirrors inside it also where the administrator's mark is for its table alone",
    lost: {
      baseline: [registry({ location: 'm.x', insecure: true })],
      images: [image({ insecure: ['m.x'], file: 'lost.yaml' })],
      rules: [rule({ source: 'm.x', mirrors: ['q.x'], file: 'lost.yaml' })],
    },
    now: {
      baseline: [registry({ location: 'm.x', insecure: true })],
      rules: [rule({ source: 'a.com', mirrors: ['m.x/r'] })],
    },
    expected: {
      'm.x': { digest: ['q.x'], tag: [], insecure: true },
      'a.com': { digest: ['m.x/r!'], tag: [] },
    },
  },
  {
    title:
      "beside the administrator's mark, that of an Image which can be read goes with it from the mirrors inside",
    lost: {
      baseline: [registry({ location: 'm.x', insecure: true })],
      images: [image({ insecure: ['m.x'] })],
      rules: [rule({ source: 'm.x', mirrors: ['q.x'], file: 'lost.yaml' })],
    },
    now: {
      baseline: [registry({ location: 'm.x', insecure: true })],
      rules: [rule({ source: 'a.com', mirrors: ['m.x/r'] })],
    },
    expected: {
      'm.x': { digest: ['q.x'], tag: [], insecure: true },
      'a.com': { digest: ['m.x/r'], tag: [] },
    },
  },
  {
    title: "what an Image blocks does not mark the mirrors inside it because of the administrator's mark",
    lost: {
      baseline: [registry({ location: 'm.x', insecure: true })],
      images: [image({ blocked: ['m.x'], file: 'lost.yaml' })],
    },
    now: {
      baseline: [registry({ location: 'm.x', insecure: true })],
      rules: [rule({ source: 'a.com', mirrors: ['m.x/r'] })],
    },
    expected: {
      'm.x': { digest: [], tag: [], blocked: true, insecure: true },
      'a.com': { digest: ['m.x/r'], tag: [] },
    },
  },
  {
    title:
      "a mirror of the administrator's that is insecure stays so below his table, and none like it becomes so",
    lost: {
      baseline: [registry({ location: 'a.com', mirrors: [mirror('m.x', 'digest-only', true)] })],
      rules: [rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['m.x/x'], file: 'lost.yaml' })],
    },
    now: { baseline: [registry({ location: 'a.com', mirrors: [mirror('m.x', 'digest-only', true)] })] },
    expected: {
      'a.com': { digest: ['m.x!'], tag: [] },
      'a.com/x': { digest: ['m.x/x!'], tag: ['m.x/x'] },
    },
  },
  {
    title:
      'without a record, an insecure host stays so beside a wildcard as long as it that the administrator marks',
    isKnown: false,
    lost: {
      baseline: [registry({ prefix: '*.a.com', insecure: true }), registry({ location: 'b.a.com' })],
      images: [image({ insecure: ['b.a.com'], file: 'lost.yaml' })],
    },
    now: { baseline: [registry({ prefix: '*.a.com', insecure: true }), registry({ location: 'b.a.com' })] },
    expected: {
      '*.a.com': { digest: [], tag: [], insecure: true },
      'b.a.com': { digest: [], tag: [], insecure: true },
    },
  },
  {
    title:
      'without a record, an insecure scope that nothing readable asks for marks what comes new inside it',
    isKnown: false,
    lost: { images: [image({ insecure: ['m.x'], file: 'lost.yaml' })] },
    now: { rules: [rule({ source: 'a.com', mirrors: ['m.x/r'] })] },
    expected: {
      'a.com': { digest: ['m.x/r!'], tag: [] },
      'm.x': { digest: [], tag: [], insecure: true },
    },
  },
  {
    title:
      'without a record, what readable files explain stands as it does, also where it inherits of what is carried over in another order',
    isKnown: false,
    lost: {
      baseline: belowAdministrator,
      rules: [asAdministrator, rule({ kind: 'ITMS', source: 'a.com', mirrors: ['t.x'], file: 'lost.yaml' })],
    },
    now: { baseline: belowAdministrator, rules: [asAdministrator] },
    expected: {
      'a.com': { digest: ['m.x', 'n.x'], tag: ['m.x', 't.x'] },
      'a.com/x': { digest: ['m.x/x', 'n.x/x'], tag: [] },
    },
  },
];

for (const { title, isKnown = true, lost, now, expected } of rows) {
  test(title, (t) => {
    const stood = inForce(composeWorld(lost), isKnown);
    t.deepEqual(viewOf(composeOver(inputOf(now), stood).conf), expected);
  });
}

test('[content] hosts takes the tag pulls and the marks of what is carried over, and leaves its digest pulls', (t) => {
  const stood = composeWorld({
    rules: [rule({ kind: 'ICSP+tags', source: 'a.com', mirrors: ['m.x', 'n.x'], file: 'lost.yaml' })],
    images: [image({ insecure: ['m.x', 'n.x'], file: 'lost.yaml' })],
  });
  const { conf, findings } = composeOver(inputOf({ hosts: ['n.x'] }), inForce(stood));
  t.deepEqual(viewOf(conf), {
    'a.com': { digest: ['m.x', 'n.x!'], tag: ['n.x!'] },
    'm.x': { digest: [], tag: [] },
    'n.x': { digest: [], tag: [], insecure: true },
  });
  const refusals = findings.filter(({ message }) => message.includes('is refused'));
  t.deepEqual(
    refusals.map(({ file, message }) => `${file ?? ''}: ${message.slice(0, message.indexOf(' is refused'))}`),
    ['lost.yaml: the insecure registry "m.x"', 'lost.yaml: the tag mirror "m.x"'],
  );
});
