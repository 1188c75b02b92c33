// The audit trail: which events a reconcile amounts to, for whoever asks the journal later. PURE.
import { describeFinding, type Finding } from '../finding.ts';
import type { Reconciliation, Request } from './reconcile.ts';
import type { Actor, GenerationRecord } from './record.ts';

/** Event → MESSAGE_ID, which never changes: the catalog and other people's filters rest on it. */
export const auditMessageIds = {
  applied: 'aa686d59859f43d98767c055d7566c1c',
  degraded: '2c624926086c4e38acf6d98cbd7d75ac',
  refused: 'd2a90a74345f4d76bf168c2ed6a88a45',
  'rolled-back': '19ed118bdbb146dba26ee8c1c40d74c2',
  'put-back': 'df5748577a694849a7c4a936cf12d68b',
  drift: '9ca7c76f3af64d589f42bbf2fd8db189',
  rewound: 'd75462838b194f0392c0e1202d2cc90d',
  restored: 'e2c98038476e4f48889c4b68bc6e9eed',
  'pin-dropped': '5fc7516f61ce4ca6b2f8befe05e6e94e',
  resumed: 'e98ba9de71d640f493a9a7bcc10533a2',
  'policy-refused': 'ce4dc05150204aad9206a2ea248b3719',
} as const;

export type AuditName = keyof typeof auditMessageIds;

/** One event. A state (as opposed to an act) is told when it begins, not again while it lasts. */
export interface AuditEvent {
  readonly name: AuditName;
  readonly isState: boolean;
  /** One sentence, one line. */
  readonly message: string;
  /** Journal fields without their `ICSPD_`; empty values are left out. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The events of one reconcile, acts first. */
export function eventsOf(request: Request, result: Reconciliation): readonly AuditEvent[] {
  return [...actsOf(request, result), ...statesOf(result)];
}

function actsOf(request: Request, result: Reconciliation): readonly AuditEvent[] {
  const { plan, outcome, proof, record } = result;
  const acts: AuditEvent[] = [];
  const fields = { ...recordFields(record), CRIO_PROOF: proof ?? '', ACTOR: describeActor(request.actor) };
  const add = (name: AuditName, message: string): void =>
    void acts.push({ name, isState: false, message, fields });

  if (request.pin === 'clear') add('resumed', 'the hold is ended, the policies count again');
  else if (request.pin !== null)
    add('restored', `an operator holds what was put back: ${request.pin.reason}`);
  const dropped = plan?.wanted.dropPin ?? null;
  if (dropped !== null)
    add(
      'pin-dropped',
      dropped === 'expired' ? 'the time of the hold is over' : 'the hold ended with an OS rollback',
    );
  if (plan?.disk === 'rewound')
    add('rewound', 'registries.conf is another rendering of icspd, as after an OS rollback');
  const wasWritten = plan?.step.kind === 'write';
  if (wasWritten && plan.disk === 'missing')
    add('put-back', 'registries.conf was missing or empty and is put back');
  if ((wasWritten || proof !== null) && isActOutcome(outcome)) {
    const changes = plan?.changes.map(({ sentence }) => sentence).join('; ') ?? '';
    add(
      outcome,
      `${outcome} (proof: ${proof ?? 'none'})${wasWritten && changes !== '' ? `: ${changes}` : ''}`,
    );
  }
  return acts;
}

function isActOutcome(outcome: Reconciliation['outcome']): outcome is 'applied' | 'degraded' | 'rolled-back' {
  return outcome === 'applied' || outcome === 'degraded' || outcome === 'rolled-back';
}

/** What stays wrong until somebody mends it. */
function statesOf({ outcome, plan, seen, findings }: Reconciliation): readonly AuditEvent[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const refusedFiles =
    seen?.policies.files.filter(({ state }) => state === 'refused' || state === 'unsupported') ?? [];
  const states = refusedFiles.map(({ path }) => {
    const why = errors.find(({ file }) => file === path);
    return state(
      'policy-refused',
      `${path} is refused${why === undefined ? '' : `: ${describeFinding(why)}`}`,
      { POLICY_FILES: path },
    );
  });
  if (outcome !== 'refused') return states;
  const isDrift = plan?.disk === 'edited' || plan?.disk === 'replaced';
  return [...states, state(isDrift ? 'drift' : 'refused', `nothing is written: ${firstReason(errors)}`, {})];
}

function firstReason(errors: readonly Finding[]): string {
  const reason = errors.at(-1);
  return reason === undefined ? 'see icspd status' : describeFinding(reason);
}

function state(name: AuditName, message: string, fields: AuditEvent['fields']): AuditEvent {
  return { name, isState: true, message, fields };
}

function recordFields(record: GenerationRecord | null): Record<string, string> {
  if (record === null) return {};
  return {
    GENERATION: String(record.number),
    DIGEST: record.digest ?? 'absent',
    PREVIOUS_DIGEST: record.previousDigest ?? 'absent',
    POLICY_FILES: record.policies.map(({ path, digest }) => `${path}:${digest}`).join(' '),
  };
}

function describeActor({ uid, loginUid, tty, command }: Actor): string {
  return `uid=${uid} loginuid=${loginUid ?? 'unset'} tty=${tty ?? 'none'} command=${command}`;
}
