// The fields of an audit event: who, what and by which files, each one text that the journal can be searched by. PURE.
import { describeChooser, findContentChoosers } from '../registries/content-choosers.ts';
import type { FileFacts } from '../policy/drop-ins.ts';
import type { Plan } from './plan.ts';
import type { Reconciliation, Request } from './reconciliation.ts';
import type { Actor, GenerationRecord, PolicyInput } from './record.ts';

/** Journal fields without their `ICSPD_`; an empty value stands for none. */
export type AuditFields = Readonly<Record<string, string>>;

/** A list that is longer says how much more there is: the journal holds entries of tens of kilobytes, not of megabytes. */
const mostListed = 100;

/** Of every event: who asked, why, and by which plan the nodes of a fleet can be compared. */
export function commonFields({ actor, reason }: Request, { plan }: Reconciliation): AuditFields {
  return { ACTOR: describeActor(actor), REASON: reason, PLAN_DIGEST: plan?.digest ?? '' };
}

/** Of an act: also the generation, its proof, and what it changes. */
export function actFields(request: Request, result: Reconciliation): AuditFields {
  const { record, proof, plan } = result;
  return {
    ...commonFields(request, result),
    ...recordFields(record, result.seen),
    ...changeFields(plan),
    CRIO_PROOF: proof ?? '',
  };
}

function recordFields(record: GenerationRecord | null, seen: Reconciliation['seen']): AuditFields {
  if (record === null) return {};
  return {
    GENERATION: String(record.number),
    DIGEST: record.digest ?? 'absent',
    PREVIOUS_DIGEST: record.previousDigest ?? 'absent',
    CRIO_VERSION: record.crioVersion ?? '',
    POLICY_FILES: describePolicies(record.policies, seen),
  };
}

/** Those that are new or other than in the generation before come first. */
function describePolicies(policies: readonly PolicyInput[], seen: Reconciliation['seen']): string {
  const before = new Set(seen?.current?.policies.map(({ path, digest }) => `${path}:${digest}`));
  const isOld = ({ path, digest }: PolicyInput): boolean => before.has(`${path}:${digest}`);
  const ordered = policies.toSorted((one, other) => Number(isOld(one)) - Number(isOld(other)));
  return listFirst(
    ordered.map((policy) => describePolicy(policy, seen?.policyFacts.get(policy.path) ?? null)),
    '; ',
  );
}

function describePolicy({ path, digest }: PolicyInput, facts: FileFacts | null): string {
  return `${path} sha256=${digest}${facts === null ? '' : ` ${describeFacts(facts)}`}`;
}

function describeFacts({ uid, gid, mode, modifiedAtMs, changedAtMs }: FileFacts): string {
  const bits = mode.toString(8).padStart(4, '0');
  return `owner=${uid}:${gid} mode=${bits} mtime=${isoTime(modifiedAtMs)} ctime=${isoTime(changedAtMs)}`;
}

/** A file system can hold any number as a time, and not each is one of the calendar. */
function isoTime(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? 'unknown' : time.toISOString();
}

/** What is other once the plan is carried out; nothing where it writes nothing. */
function changeFields(plan: Plan | null): AuditFields {
  if (plan?.step.kind !== 'write') return {};
  const { changes, merged, mergedOnDisk } = plan;
  const scopes = new Set(changes.map(({ scope }) => scope ?? '(whole file)'));
  const before = new Set(findContentChoosers(mergedOnDisk).map(describeChooser));
  const choosers = findContentChoosers(merged)
    .map(describeChooser)
    .filter((chooser) => !before.has(chooser));
  return {
    CHANGE_CLASS: changes.some((change) => change.class === 'risky') ? 'risky' : 'safe',
    SOURCES_CHANGED: listFirst([...scopes], ' '),
    CONTENT_ADDED: listFirst(choosers, '; '),
  };
}

function listFirst(texts: readonly string[], separator: string): string {
  const more = texts.length > mostListed ? [`and ${texts.length - mostListed} more`] : [];
  return [...texts.slice(0, mostListed), ...more].join(separator);
}

function describeActor({ uid, loginUid, tty, command }: Actor): string {
  return `uid=${uid} loginuid=${loginUid ?? 'unset'} tty=${tty ?? 'none'} command=${command}`;
}
