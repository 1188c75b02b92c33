// The audit trail: which events a reconcile amounts to, for whoever asks the journal later. PURE.
import { describeFinding, FINDINGS, type Finding } from '../finding.ts';
import type { AuditEvent, AuditName } from './audit-event.ts';
import { listGone } from './booted-etc.ts';
import { describeHeld } from './pin-choice.ts';
import { actFields, commonFields, type AuditFields } from './audit-fields.ts';
import type { Plan } from './plan.ts';
import type { Reconciliation, Request } from './reconciliation.ts';
import { findWhyWaiting } from './waiting.ts';

const driftIds: ReadonlySet<string> = new Set([FINDINGS.driftEdited.id, FINDINGS.driftReplaced.id]);
const mostChanges = 20;

/** The events of one reconcile, acts first. */
export function eventsOf(request: Request, result: Reconciliation): readonly AuditEvent[] {
  return [...actsOf(request, result), ...statesOf(request, result)];
}

function actsOf(request: Request, result: Reconciliation): readonly AuditEvent[] {
  const { plan, outcome, proof, record, hold, seen } = result;
  const acts: AuditEvent[] = [];
  // Of a file of 10 000 entries they cost something, and most reconciles are no act.
  let fields: AuditFields | null = null;
  const fieldsOf = (): AuditFields => (fields ??= actFields(request, result));
  const add = (name: AuditName, words: string, own: AuditEvent['fields'] = {}): void =>
    void acts.push({ name, isState: false, message: `${name}: ${words}`, fields: { ...fieldsOf(), ...own } });

  if (request.hold === 'resume') add('resumed', 'the hold is ended, the policies count again');
  else if (request.hold !== null && hold !== null && hold === plan?.wanted.pin) {
    const isStanding = request.hold.goal === 'in force';
    const words = `an operator holds ${describeHeld(hold)}${isStanding ? ', which is in force' : ''}`;
    add(isStanding ? 'pinned' : 'restored', `${words}: ${hold.reason}`);
  }
  for (const path of leftOut(request, result)) {
    add('file-left-out', `${path} is left out of this apply`, { POLICY_FILES: path });
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
  const isOver = wasWritten && taken === null && (plan.disk === 'edited' || plan.disk === 'replaced');
  if (isOver && (outcome === 'applied' || outcome === 'degraded')) {
    const words = `what somebody put into registries.conf is overwritten, and kept with generation ${record?.number ?? 0}`;
    add('overwritten', words, { FOREIGN_DIGEST: foreignDigest(seen) });
  }
  if ((wasWritten || isNews(result)) && isActOutcome(outcome)) {
    const changes = wasWritten ? plan.changes.map(({ sentence }) => sentence).join('; ') : '';
    const message = `${outcome}, proof ${proof ?? 'none'}${changes === '' ? '' : `: ${changes}`}`;
    acts.push({ name: outcome, isState: false, message, fields: fieldsOf() });
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
function statesOf(request: Request, result: Reconciliation): readonly AuditEvent[] {
  const { outcome, plan, seen, findings } = result;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const states: AuditEvent[] = [];
  const add = (name: AuditName, words: string, own: AuditEvent['fields'] = {}, key?: string): void => {
    const fields = { ...commonFields(request, result), ...own };
    const event = { name, isState: true, message: `${name}: ${words}`, fields };
    states.push(key === undefined ? event : { ...event, key });
  };
  for (const { path, state } of seen?.policies.files ?? []) {
    if (state !== 'refused' && state !== 'unsupported') continue;
    const why = errors.find(({ file }) => file === path);
    const words = `${path} is refused${why === undefined ? '' : `: ${describeFinding(why)}`}`;
    add('policy-refused', words, { POLICY_FILES: path });
  }
  for (const held of errors.filter(({ id }) => id === FINDINGS.carriedOver.id)) {
    add('source-held', describeFinding(held), { POLICY_FILES: held.file ?? '' });
  }
  const waiting = plan === null ? null : findWhyWaiting(plan);
  // Told once; when others wait, or for another reason, that is another piece of news.
  if (waiting !== null) add('parked', `${waiting.message} (plan ${plan?.digest ?? 'unknown'})`);
  if (outcome !== 'refused') return states;
  const stopped = errors.find(({ id }) => id === FINDINGS.layeringStopped.id);
  if (plan === null || (plan.disk !== 'edited' && plan.disk !== 'replaced')) {
    add('refused', `nothing is written: ${firstReason(errors)}`);
  } else if (stopped !== undefined) {
    // Where they do not cease, once for all of them.
    add('layering-stopped', describeFinding(stopped), {}, 'layering-stopped');
  } else {
    const digest = foreignDigest(seen);
    const words = `nothing is written: ${describeDrift(plan, errors)}`;
    add('drift', words, { FOREIGN_DIGEST: digest }, `drift ${digest}`);
  }
  return states;
}

/** Of each text that somebody puts there once, with what it changes. */
function describeDrift({ drift }: Plan, errors: readonly Finding[]): string {
  const why = errors.find(({ id }) => driftIds.has(id)) ?? errors.at(-1);
  const changes = drift.slice(0, mostChanges).map(({ sentence }) => sentence);
  const more = drift.length > mostChanges ? [`${drift.length - mostChanges} more`] : [];
  return [why === undefined ? 'see icspd status' : describeFinding(why), ...changes, ...more].join('; ');
}

/** sha256 of what somebody put there. */
function foreignDigest(seen: Reconciliation['seen']): string {
  return seen?.target.state === 'file' ? seen.target.file.digest : '';
}

function firstReason(errors: readonly Finding[]): string {
  const reason = errors.at(-1);
  return reason === undefined ? 'see icspd status' : describeFinding(reason);
}
