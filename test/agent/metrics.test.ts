// What Prometheus is told of a node.
import test, { type ExecutionContext } from 'ava';
import {
  addToTotals,
  formatNode,
  formatTurn,
  noTotals,
  readTotals,
  type Totals,
} from '../../src/agent/metrics.ts';
import type { Reconciliation } from '../../src/agent/reconciliation.ts';
import type { Settings } from '../../src/config.ts';
import { complaints, testWithPromtool } from '../packaging/promtool.ts';
import {
  digestMirrorSet,
  makeCrio,
  makeNode,
  refusal,
  type ScratchNode,
  type ScriptedCrio,
} from './scratch-node.ts';

interface Scene {
  readonly node: ScratchNode;
  readonly crio: ScriptedCrio;
}

const policy = '/etc/icsp.d/a.json';

function open(t: ExecutionContext, settings: Partial<Settings> = {}): Scene {
  const crio = makeCrio();
  const node = makeNode({ crio, settings });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  return { node, crio };
}

function tell(node: ScratchNode, result: Reconciliation, totals: Totals = noTotals): string {
  const teller = { version: '0.1.0', digest: (text: string) => node.host.digest(text) };
  const now = new Date('2026-01-01T00:00:00.500Z');
  return (formatNode(result, teller) ?? '') + formatTurn(result, totals, now);
}

/** The value of one series, as it is written; null where there is none. */
function valueOf(text: string, series: string): string | null {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line?.slice(series.length + 1) ?? null;
}

testWithPromtool('the names, types and texts are as Prometheus wants them', async (t) => {
  const { node } = open(t);
  const applied = tell(node, await node.apply());
  t.is(complaints(['check', 'metrics'], applied), '');
  const held = await node.apply({ hold: { goal: 'in force', forMs: null } });
  t.is(complaints(['check', 'metrics'], tell(node, held)), '');
});

test('an apply is told with its time, generation, outcome and proof', async (t) => {
  const { node } = open(t);
  const result = await node.apply();
  const text = tell(node, result);
  t.is(valueOf(text, 'icspd_generation'), '1');
  t.is(valueOf(text, 'icspd_outcome{outcome="applied"}'), '1');
  t.is(valueOf(text, 'icspd_outcome{outcome="refused"}'), '0');
  t.is(valueOf(text, 'icspd_policy_files{state="accepted"}'), '1');
  t.is(valueOf(text, 'icspd_last_reconcile_timestamp_seconds'), '1767225600.5');
  const next = tell(node, await node.apply());
  t.is(valueOf(next, 'icspd_last_apply_proof{proof="applied"}'), '1');
  t.is(
    valueOf(next, 'icspd_last_apply_timestamp_seconds'),
    String(Date.parse(node.host.generations.current()?.writtenAt ?? '') / 1000),
  );
});

test('equal nodes have equal digests, and each of the five follows what it is about', async (t) => {
  const digestsOf = async (change: (node: ScratchNode) => void): Promise<Record<string, string>> => {
    const { node } = open(t);
    change(node);
    await node.apply();
    const [line = ''] = /^icspd_info\{.*\} 1$/m.exec(tell(node, await node.apply())) ?? [];
    return Object.fromEntries(
      [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
  };
  const plain = await digestsOf(() => undefined);
  const withDropIn = await digestsOf((node) =>
    node.write(
      '/etc/containers/registries.conf.d/x.conf',
      '[[registry]]\nlocation = "x.example"\nblocked = true\n',
    ),
  );
  const withPolicy = await digestsOf((node) =>
    node.write('/etc/icsp.d/b.json', digestMirrorSet('quay.io/b', 'mirror.example/b')),
  );
  const names = ['baseline', 'drop_ins', 'merged', 'policies', 'rendering'];
  for (const name of names.filter((each) => each !== 'baseline'))
    t.regex(plain[name] ?? '', /^[0-9a-f]{64}$/, name);
  t.is(withDropIn['rendering'], plain['rendering']);
  t.not(withDropIn['merged'], plain['merged']);
  t.not(withPolicy['rendering'], plain['rendering']);
  t.not(withPolicy['merged'], plain['merged']);
  t.deepEqual([plain['version'], plain['crio_version']], ['0.1.0', '1.36.3']);
});

test('drift, a hold, changes that wait, refused files and findings are each a number', async (t) => {
  const { node } = open(t);
  await node.apply();
  node.write('/etc/icsp.d/b.json', '{');
  node.write('/etc/containers/registries.conf', 'unqualified-search-registries = ["other.example"]\n');
  const drift = tell(node, await node.apply());
  t.is(valueOf(drift, 'icspd_drift'), '1');
  t.is(valueOf(drift, 'icspd_policy_files{state="refused"}'), '1');
  t.not(valueOf(drift, 'icspd_findings{severity="error"}'), '0');
  t.is(valueOf(drift, 'icspd_pin_timestamp_seconds'), null);
  await node.apply({ discardDrift: true });
  const result = await node.apply({ hold: { goal: 'in force', forMs: null } });
  const held = tell(node, result);
  t.is(valueOf(held, 'icspd_drift'), '0');
  t.is(valueOf(held, 'icspd_pinned'), '1');
  t.is(valueOf(held, 'icspd_pin_timestamp_seconds'), String(Date.parse(result.hold?.since ?? '') / 1000));
});

test('changes that wait for an order are counted', async (t) => {
  const { node } = open(t, { apply: 'observe' });
  t.is(valueOf(tell(node, await node.apply()), 'icspd_parked_changes'), '1');
});

test('a file that CRI-O would not start on is told, until it is overwritten', async (t) => {
  const { node } = open(t);
  await node.apply();
  node.write('/etc/containers/registries.conf', '[[registry]]\nlocation = "https://x.example"\n');
  t.is(valueOf(tell(node, await node.apply()), 'icspd_crio_start_blocked'), '1');
  t.is(valueOf(tell(node, await node.apply({ discardDrift: true })), 'icspd_crio_start_blocked'), '0');
});

test('a drop-in that CRI-O would not start on is told as well', async (t) => {
  const { node } = open(t);
  node.write('/etc/containers/registries.conf.d/x.conf', '[[registry]]\nlocation = "https://x.example"\n');
  t.is(valueOf(tell(node, await node.apply()), 'icspd_crio_start_blocked'), '1');
});

test('a needed image without an endpoint, and a protection that is not in force, are told', async (t) => {
  const { node } = open(t, { mustPull: ['registry.k8s.io/pause:3.10'] });
  node.write(
    '/etc/containers/registries.conf',
    '[[registry]]\nlocation = "registry.k8s.io"\nblocked = true\n',
  );
  const text = tell(node, await node.apply());
  t.is(valueOf(text, 'icspd_must_pull_blocked'), '1');
  t.is(valueOf(text, 'icspd_unprotected'), '0');
  node.write('/etc/icsp.d/block.yaml', blockOf('closed.example'));
  await node.apply();
  node.write('/etc/containers/registries.conf.d/x.conf', '[[registry]]\nlocation = "closed.example"\n');
  t.is(valueOf(tell(node, await node.apply()), 'icspd_unprotected'), '1');
});

function blockOf(scope: string): string {
  return `apiVersion: config.openshift.io/v1\nkind: Image\nmetadata: {name: cluster}\nspec: {registrySources: {blockedRegistries: [${scope}]}}\n`;
}

test('reloads that fail are counted, a refusal among them; looks that reload nothing are not', async (t) => {
  const { node, crio } = open(t);
  let totals = addToTotals(noTotals, await node.apply(), 0.25);
  t.is(totals.reloadFailures, 0);
  node.write('/etc/icsp.d/b.json', digestMirrorSet('quay.io/b', 'mirror.example/b'));
  crio.answer = [refusal(node)];
  totals = addToTotals(totals, await node.apply(), 0.5);
  t.is(totals.reloadFailures, 1);
  const again = await node.apply();
  totals = addToTotals(totals, again, 0.25);
  t.deepEqual(totals, { reconciles: 3, reconcileSeconds: 1, reloadFailures: 1 });
  t.deepEqual(readTotals(tell(node, again, totals)), totals);
});

test('a text of somebody else begins the count anew', (t) => {
  t.deepEqual(readTotals('icspd_reload_failures_total -3\nnonsense'), noTotals);
});

test('where the node cannot be read, nothing is told of it but how the look went', async (t) => {
  const { node } = open(t);
  const known = await node.apply();
  const failed: Reconciliation = { ...known, outcome: 'refused', plan: null, seen: null, findings: [] };
  const text = tell(node, failed);
  t.is(valueOf(text, 'icspd_generation'), null);
  t.is(valueOf(text, 'icspd_outcome{outcome="refused"}'), '1');
});

test('no value of any file is told', async (t) => {
  const { node } = open(t);
  t.false(/quay|mirror|\.d\//.test(tell(node, await node.apply()).replace(/^# .*$/gm, '')));
});
