// The table of what can be on disk, row by row: by content alone, and the first row that fits.
import test from 'ava';
import { classifyDisk, type DiskSigns, type DiskState } from '../../src/agent/disk-state.ts';
import type { Baseline, TargetState } from '../../src/agent/ports.ts';
import { finding } from '../../src/finding.ts';
import { digest } from '../../src/host/digest.ts';
import { sealRendering } from '../../src/registries/seal.ts';

const path = '/etc/containers/registries.conf';
const own = '# mine\nunqualified-search-registries = ["own.example"]\n';
const body = '[[registry]]\nlocation = "a.example"\n\n[[registry]]\nlocation = "b.example"\n';
const otherBody = '[[registry]]\nlocation = "c.example"\n';
const rendering = seal(body);

function seal(text: string): string {
  return sealRendering(text, digest(text), {
    hasBaseline: true,
    baselinePath: '/etc/icspd/baseline.conf',
    registriesConfPath: path,
  });
}

function onDisk(text: string | null, obstacle: 'obstacle' | null = null): TargetState {
  if (text === null) return { state: 'absent' };
  const bytes = Buffer.from(text);
  return {
    state: 'file',
    file: { path, bytes, digest: digest(bytes) },
    findings: [],
    obstacle: obstacle === null ? null : finding('targetNotOwned', null, 'not of root', 'chown it'),
    owner: '0:0',
    modifiedAt: '2026-01-01T00:00:00.000Z',
  };
}

function captured(text: string): Baseline {
  const bytes = Buffer.from(text);
  const file = { path: '/etc/icspd/baseline.conf', bytes, digest: digest(bytes) };
  return { state: 'captured', file, findings: [] };
}

type InForce = Pick<DiskSigns, 'current' | 'currentBytes'>;

function inForce(text: string | null): InForce {
  const bytes = text === null ? null : Buffer.from(text);
  return { current: { digest: bytes === null ? null : digest(bytes) }, currentBytes: bytes };
}

const nothingYet: InForce = { current: null, currentBytes: null };

const mine = captured(own);
const none: Baseline = { state: 'none' };
const absent: Baseline = { state: 'absent' };
const unusable = finding('targetNotRegular', null, 'a FIFO', 'move it away');

const rows: readonly [string, TargetState, Baseline, InForce, DiskState][] = [
  ['our header and no baseline', onDisk(rendering), none, inForce(rendering), 'no-baseline'],
  [
    'our header over a changed body and no baseline',
    onDisk(`${rendering}#`),
    none,
    nothingYet,
    'no-baseline',
  ],
  ['the text in force', onDisk(rendering), mine, inForce(rendering), 'ours'],
  ['the text in force, of another owner', onDisk(rendering, 'obstacle'), mine, inForce(rendering), 'ours'],
  ['another rendering of ours', onDisk(seal(otherBody)), mine, inForce(rendering), 'rewound'],
  ['a rendering that this node never wrote', onDisk(rendering), mine, nothingYet, 'rewound'],
  ['a rendering where there was no file before', onDisk(rendering), absent, inForce(null), 'rewound'],
  [
    'the rendering with a comment behind it',
    onDisk(`${rendering}# x\n`),
    mine,
    inForce(rendering),
    'same-meaning',
  ],
  ['the rendering without its header', onDisk(body), mine, inForce(rendering), 'same-meaning'],
  [
    'its tables in another order',
    onDisk('[[registry]]\nlocation = "b.example"\n[[registry]]\nlocation = "a.example"\n'),
    mine,
    inForce(rendering),
    'same-meaning',
  ],
  [
    'the baseline with another comment, before the first apply',
    onDisk(`${own}# y\n`),
    mine,
    nothingYet,
    'same-meaning',
  ],
  [
    'comments only, where there is no file by right',
    onDisk('# todo\n'),
    absent,
    inForce(null),
    'same-meaning',
  ],
  ['an empty file, where there is none by right', onDisk(''), absent, nothingYet, 'same-meaning'],
  [
    'our header over a changed body',
    onDisk(`${rendering}[[registry]]\nlocation = "x.example"\n`),
    mine,
    inForce(rendering),
    'edited',
  ],
  ['a rendering that was cut short', onDisk(rendering.slice(0, -20)), mine, inForce(rendering), 'edited'],
  [
    'a changed rendering, where the text in force is lost',
    onDisk(`${rendering}# x\n`),
    mine,
    { current: { digest: 'x' }, currentBytes: null },
    'edited',
  ],
  ['the baseline', onDisk(own), mine, inForce(rendering), 'baseline'],
  [
    'the old baseline, in force while the baseline was edited',
    onDisk(own),
    captured(`${own}# new\n`),
    inForce(own),
    'ours',
  ],
  [
    'the same, where its text is lost',
    onDisk(own),
    captured(`${own}# new\n`),
    { ...inForce(own), currentBytes: null },
    'ours',
  ],
  ['no file, as before icspd', onDisk(null), absent, inForce(null), 'baseline'],
  ['an empty baseline', onDisk(''), captured(''), inForce(''), 'baseline'],
  ['a file of somebody, and nothing known', onDisk(own), none, nothingYet, 'first-contact'],
  ['no file, and nothing known', onDisk(null), none, nothingYet, 'first-contact'],
  ['an empty file, and nothing known', onDisk(''), none, nothingYet, 'first-contact'],
  ['another file without our header', onDisk(otherBody), mine, inForce(rendering), 'replaced'],
  ['a file that CRI-O would refuse', onDisk('[[registry]\n'), mine, inForce(rendering), 'replaced'],
  ['a file where there was none before', onDisk(own), absent, inForce(null), 'replaced'],
  ['no file, where there was one', onDisk(null), mine, inForce(own), 'missing'],
  ['no file, though nothing was applied yet', onDisk(null), mine, nothingYet, 'missing'],
  ['no file, in place of a rendering', onDisk(null), absent, inForce(rendering), 'missing'],
  ['an empty file in place of a rendering', onDisk(''), mine, inForce(rendering), 'missing'],
  ['an empty file in place of comments', onDisk(''), captured('# mine\n'), inForce('# mine\n'), 'missing'],
  ['what is no file', { state: 'unusable', finding: unusable }, mine, nothingYet, 'unusable'],
];

for (const [what, target, baseline, current, state] of rows) {
  test(`${what}: ${state}`, (t) => {
    t.is(classifyDisk({ target, baseline, ...current }, digest), state);
  });
}
