// The audit trail: which events a reconcile amounts to, for whoever asks the journal later. PURE.
import { describeFinding, FINDINGS, type Finding } from '../finding.ts';
import type { AuditEvent, AuditName } from './audit-event.ts';
import { listGone } from './booted-etc.ts';
import { describeHeld } from './pin-choice.ts';
import type { Plan } from './plan.ts';
import type { Reconciliation, Request } from './reconciliation.ts';
import type { Actor, GenerationRecord } from './record.ts';
import { findWhyWaiting } from './waiting.ts';

const driftIds: ReadonlySet<string> = new Set([FINDINGS.driftEdited.id, FINDINGS.driftReplaced.id]);
const mostChanges = 20;

/** The events of one reconcile, acts first. */
export function eventsOf(request: Request, result: Reconciliation): readonly AuditEvent[] {
  return [...actsOf(request, result), ...statesOf(result)];
}

function actsOf(request: Request, result: Reconciliation): readonly AuditEvent[] {
  const { plan, outcome, proof, record, hold, seen } = result;
  const acts: AuditEvent[] = [];
  const fields = {
    ...recordFields(record),
    ...planFields(plan),
    CRIO_PROOF: proof ?? '',
    ACTOR: describeActor(request.actor),
  };
  const add = (name: AuditName, words: string): void =>
    void acts.push({ name, isState: false, message: `${name}: ${words}`, fields });

  if (request.hold === 'resume') add('resumed', 'the hold is ended, the policies count again');
  else if (request.hold !== null && hold !== null && hold === plan?.wanted.pin) {
    const isStanding = request.hold.goal === 'in force';
    const words = `an operator holds ${describeHeld(hold)}${isStanding ? ', which is in force' : ''}`;
    add(isStanding ? 'held' : 'restored', `${words}: ${hold.reason}`);
  }
  for (const path of leftOut(request, result)) {
    const message = `left-out: ${path} is left out of this apply`;
    acts.push({ name: 'left-out', isState: false, message, fields: { ...fields, POLICY_FILES: path } });
  }
  const dropped = whyDropped(request, result);
  if (dropped !== null) add('pin-dropped', dropped);
  if (plan?.disk === 'rewound') {
    const gone = listGone(seen?.otherEtc?.gone ?? []);
    add('rewound', `registries.conf is another rendering of icspd, as after an OS rollback${gone}`);
  }
  const taken = plan === null || plan.step.kind === 'stop' ? null : plan.step.baseline;
  if (taken !== null && taken.by !== 'first contact') {
    const kept = `the old one is kept with generation ${record?.number ?? 0}`;
    if (taken.by === 'layer') add('layered', `what somebody put there is the new baseline; ${kept}`);
    else add('adopted', `an operator made what was on disk the new baseline; ${kept}`);
  }
  const wasWritten = plan?.step.kind === 'write';
  if (wasWritten && plan.disk === 'missing')
    add('put-back', 'registries.conf was missing or empty and is put back');
  if ((wasWritten || isNews(result)) && isActOutcome(outcome)) {
    const changes = wasWritten ? plan.changes.map(({ sentence }) => sentence).join('; ') : '';
    const message = `${outcome}, proof ${proof ?? 'none'}${changes === '' ? '' : `: ${changes}`}`;
    acts.push({ name: outcome, isState: false, message, fields });
  }
  return acts;
}

/** A reload that is tried again and again is told when something comes of it, not each time. */
function isNews({ outcome, proof, seen }: Reconciliation): boolean {
  const before = seen?.current ?? null;
  return proof !== null && (before?.proof !== proof || before.outcome !== outcome);
}

function leftOut({ without }: Request, { seen }: Reconciliation): readonly string[] {
  return without.filter((path) => seen?.policies.files.some((file) => file.path === path));
}

/** Why a hold ended without an order to end it; null if none did. */
function whyDropped(request: Request, { plan, hold }: Reconciliation): string | null {
  switch (plan?.wanted.dropPin ?? null) {
    case 'expired':
      return 'the time of the hold is over';
    case 'other deployment':
      return 'the hold was given for another deployment of the OS';
    case 'rewound':
      return 'the hold ended with an OS rollback';
    case null: {
      const isGivenUp = request.hold === null && plan !== null && plan.wanted.pin !== null && hold === null;
      return isGivenUp ? 'CRI-O refused what was held' : null;
    }
  }
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
  states.push(...describeWaiting(plan));
  if (outcome !== 'refused') return states;
  const isDrift = plan?.disk === 'edited' || plan?.disk === 'replaced';
  if (isDrift) return [...states, describeDrift(plan, seen, errors)];
  return [...states, state('refused', `nothing is written: ${firstReason(errors)}`, planFields(plan))];
}

/** Changes that wait are told once; when others wait, or for another reason, that is another piece of news. */
function describeWaiting(plan: Reconciliation['plan']): readonly AuditEvent[] {
  const why = plan === null ? null : findWhyWaiting(plan);
  if (why === null) return [];
  return [state('parked', `${why.message} (plan ${plan?.digest ?? 'unknown'})`, planFields(plan))];
}

function planFields(plan: Reconciliation['plan']): Record<string, string> {
  return { PLAN_DIGEST: plan?.digest ?? '' };
}

/** Of each text that somebody puts there once, with what it changes; where they do not cease, once for all of them. */
function describeDrift(plan: Plan, seen: Reconciliation['seen'], errors: readonly Finding[]): AuditEvent {
  const stopped = errors.find(({ id }) => id === FINDINGS.layeringStopped.id);
  if (stopped !== undefined) {
    const told = state('layering-stopped', describeFinding(stopped), {});
    return { ...told, key: 'layering-stopped' };
  }
  const digest = seen?.target.state === 'file' ? seen.target.file.digest : '';
  const why = errors.find(({ id }) => driftIds.has(id)) ?? errors.at(-1);
  const changes = plan.drift.slice(0, mostChanges).map(({ sentence }) => sentence);
  const more = plan.drift.length > mostChanges ? [`${plan.drift.length - mostChanges} more`] : [];
  const words = [why === undefined ? 'see icspd status' : describeFinding(why), ...changes, ...more].join(
    '; ',
  );
  const told = state('drift', `nothing is written: ${words}`, {
    ...planFields(plan),
    FOREIGN_DIGEST: digest,
  });
  return { ...told, key: `drift ${digest}` };
}

function firstReason(errors: readonly Finding[]): string {
  const reason = errors.at(-1);
  return reason === undefined ? 'see icspd status' : describeFinding(reason);
}

function state(name: AuditName, message: string, fields: AuditEvent['fields']): AuditEvent {
  return { name, isState: true, message: `${name}: ${message}`, fields };
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
