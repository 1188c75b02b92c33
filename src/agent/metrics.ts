// What Prometheus is told of a node, as the text that node_exporter's textfile collector reads. PURE.
import { escape } from '../escape.ts';
import type { Severity } from '../finding.ts';
import { FINDINGS } from '../finding.ts';
import type { FileState } from '../policy/accept.ts';
import { findUnprotected, findUnstartable } from './health.ts';
import { digestNode } from './node-digests.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Outcome, Proof } from './record.ts';
import { listWaiting } from './waiting.ts';

/** What is counted from reconcile to reconcile. */
export interface Totals {
  readonly reconciles: number;
  readonly reconcileSeconds: number;
  readonly reloadFailures: number;
}

export const noTotals: Totals = { reconciles: 0, reconcileSeconds: 0, reloadFailures: 0 };

/** Who tells. */
export interface Teller {
  readonly version: string;
  /** sha256 in hex. */
  readonly digest: (text: string) => string;
}

const outcomes = [
  'applied',
  'unchanged',
  'parked',
  'held',
  'refused',
  'rolled-back',
  'degraded',
] as const satisfies readonly Outcome[];
const proofs = [
  'applied',
  'started-after',
  'none',
  'pending',
  'refused',
  'blocked-elsewhere',
] as const satisfies readonly Proof[];
const fileStates = [
  'accepted',
  'refused',
  'unsupported',
  'masked',
  'overridden',
  'skipped',
] as const satisfies readonly FileState['state'][];
const severities = ['error', 'warning', 'notice'] as const satisfies readonly Severity[];

/** Counts one more reconcile. A reload has failed where CRI-O refused something, or was not seen to load the file. */
export function addToTotals(totals: Totals, { outcome, proof }: Reconciliation, seconds: number): Totals {
  const isRefused = proof === 'refused' || proof === 'blocked-elsewhere';
  const hasFailed = isRefused || (outcome === 'degraded' && proof !== null);
  return {
    reconciles: totals.reconciles + 1,
    reconcileSeconds: totals.reconcileSeconds + seconds,
    reloadFailures: totals.reloadFailures + Number(hasFailed),
  };
}

/** The totals that an earlier text holds; nothing counted where it holds none. */
export function readTotals(text: string): Totals {
  const valueOf = (name: string): number => {
    const value = Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    return Number.isFinite(value) && value >= 0 ? value : 0;
  };
  return {
    reconciles: valueOf('icspd_reconcile_duration_seconds_count'),
    reconcileSeconds: valueOf('icspd_reconcile_duration_seconds_sum'),
    reloadFailures: valueOf('icspd_reload_failures_total'),
  };
}

/** How the node is, as text: numbers, digests, ids and versions, and no value of any file. Null where it could not be read. */
export function formatNode(result: Reconciliation, teller: Teller): string | null {
  const families = describeNode(result, teller);
  return families.length === 0 ? null : families.flatMap(format).join('');
}

/** How the last look went, and all of them together, as text. */
export function formatTurn(result: Reconciliation, totals: Totals, now: Date): string {
  return describeTurn(result, totals, now).flatMap(format).join('');
}

/** How the node is. */
function describeNode(result: Reconciliation, { version, digest }: Teller): readonly Family[] {
  const { plan, seen, record, hold, findings, outcome } = result;
  if (plan === null || seen === null) return [];
  const isWritten = plan.step.kind === 'write' && (outcome === 'applied' || outcome === 'degraded');
  const inForce = plan.step.kind === 'none' || isWritten ? plan.merged : plan.mergedOnDisk;
  const { dropIns, ...digests } = digestNode(seen, plan, inForce, digest);
  const unstartable = findUnstartable(isWritten ? null : seen.target, findings);
  const waiting = outcome === 'parked' ? listWaiting(plan).length : plan.parked.length;
  const lockedOut = findings.filter(({ id }) => id === FINDINGS.mustPullBlocked.id).length;
  const isDrift = !isWritten && (plan.disk === 'edited' || plan.disk === 'replaced');
  return [
    gauge('info', 'Versions, and the sha256 of what the configuration of the node is made of.', [
      [1, { version, crio_version: seen.crioVersion ?? '', drop_ins: dropIns, ...textsOf(digests) }],
    ]),
    gauge('generation', 'Number of the generation that is in force, or was tried last.', [
      [record?.number ?? 0],
    ]),
    gauge(
      'last_apply_timestamp_seconds',
      'When registries.conf was written last.',
      timeOf(record?.writtenAt ?? null),
    ),
    gauge(
      'last_apply_proof',
      'What shows that CRI-O took the file: 1 for the proof that there is.',
      proofs.map((proof) => [Number(proof === record?.proof), { proof }]),
    ),
    gauge(
      'policy_files',
      'Policy files by what became of them.',
      fileStates.map((state) => [
        seen.policies.files.filter((file) => file.state === state).length,
        { state },
      ]),
    ),
    gauge('drift', 'Whether somebody edited or replaced registries.conf, and it stays so.', [
      [Number(isDrift)],
    ]),
    gauge('pinned', 'Whether an operator holds the configuration.', [[Number(hold !== null)]]),
    gauge(
      'pin_timestamp_seconds',
      'Since when an operator holds the configuration.',
      timeOf(hold?.since ?? null),
    ),
    gauge('parked_changes', 'Changes that wait for an order.', [[waiting]]),
    gauge('unprotected', 'Whether a protection that was asked for is not in force.', [
      [Number(findUnprotected(findings) !== null)],
    ]),
    gauge('crio_start_blocked', 'Whether CRI-O would not start on the files that are there.', [
      [Number(unstartable !== null)],
    ]),
    gauge('must_pull_blocked', 'Images that must be pullable and have no endpoint.', [[lockedOut]]),
  ];
}

/** How the last look went, and all of them together. */
function describeTurn(
  { outcome, findings }: Reconciliation,
  { reconciles, reconcileSeconds, reloadFailures }: Totals,
  now: Date,
): readonly Family[] {
  return [
    gauge(
      'outcome',
      'What the last reconcile did: 1 for its outcome.',
      outcomes.map((word) => [Number(word === outcome), { outcome: word }]),
    ),
    gauge(
      'findings',
      'Findings by severity; icspd status lists them.',
      severities.map((severity) => [
        findings.filter((finding) => finding.severity === severity).length,
        { severity },
      ]),
    ),
    gauge('last_reconcile_timestamp_seconds', 'When the last reconcile ended.', [[now.getTime() / 1000]]),
    {
      name: 'icspd_reload_failures_total',
      about: 'Reloads that failed, that CRI-O refused or that were blocked; kept until the next boot.',
      type: 'counter',
      samples: [{ suffix: '', value: reloadFailures, labels: {} }],
    },
    {
      name: 'icspd_reconcile_duration_seconds',
      about: 'How long reconciles took, reload and proof included; kept until the next boot.',
      type: 'summary',
      samples: [
        { suffix: '_sum', value: reconcileSeconds, labels: {} },
        { suffix: '_count', value: reconciles, labels: {} },
      ],
    },
  ];
}

type Labels = Readonly<Record<string, string>>;

/** One metric, with all that is known of it. */
interface Family {
  readonly name: string;
  readonly about: string;
  readonly type: 'gauge' | 'counter' | 'summary';
  readonly samples: readonly { readonly suffix: string; readonly value: number; readonly labels: Labels }[];
}

function gauge(
  name: string,
  about: string,
  samples: readonly (readonly [value: number, labels?: Labels])[],
): Family {
  const all = samples.map(([value, labels = {}]) => ({ suffix: '', value, labels }));
  return { name: `icspd_${name}`, about, type: 'gauge', samples: all };
}

/** No sample where there was no such time. */
function timeOf(time: string | null): readonly (readonly [number])[] {
  return time === null ? [] : [[Date.parse(time) / 1000]];
}

function textsOf(values: Readonly<Record<string, string | null>>): Labels {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? '']));
}

function format({ name, about, type, samples }: Family): readonly string[] {
  if (samples.length === 0) return [];
  const lines = samples.map(
    ({ suffix, value, labels }) => `${name}${suffix}${formatLabels(labels)} ${value}\n`,
  );
  return [`# HELP ${name} ${about}\n`, `# TYPE ${name} ${type}\n`, ...lines];
}

/** The exposition format escapes backslashes and quotes; escape() has left no line feed. */
function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escape(value).replace(/["\\]/g, '\\$&')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
