// What is added to a source while the file behind it cannot be read.
import test from 'ava';
import { composeOver } from '../../src/compose/carry-over.ts';
import type { ComposeInput, Composition } from '../../src/compose/compose.ts';
import { provenanceOf, type InForce } from '../../src/compose/in-force.ts';
import { emptyConf } from '../../src/registries/model.ts';
import { composeWorld, image, mirror, registry, rule, viewOf, type View, type World } from './world.ts';

interface Row {
  readonly title: string;
  /** What the lost file said. */
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
];

function inputOf({ rules = [], images = [], baseline = [], hosts = ['*'] }: World): ComposeInput {
  return {
    content: { objects: [], rules, registrySources: images },
    baseline: { ...emptyConf, registries: baseline },
    dropIns: [],
    contentHosts: hosts,
  };
}

function inForce({ conf, searchOrigins }: Composition): InForce {
  const lost = { path: 'lost.yaml', type: 'file' } as const;
  return {
    conf,
    provenance: provenanceOf(conf, searchOrigins),
    unreadable: [lost],
    blame: (file) => (file === lost.path ? lost : null),
  };
}

for (const { title, lost, now, expected } of rows) {
  test(title, (t) => {
    t.deepEqual(viewOf(composeOver(inputOf(now), inForce(composeWorld(lost))).conf), expected);
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
