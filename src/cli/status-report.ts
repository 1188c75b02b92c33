// How the answer of icspd status looks, on one screen and as JSON.
import { diskWords } from '../agent/disk-state.ts';
import type { Answer } from '../agent/health-answer.ts';
import { digestOnDisk } from '../agent/observation.ts';
import { digestNode } from '../agent/node-digests.ts';
import { describeHeld } from '../agent/pin-choice.ts';
import type { Plan } from '../agent/plan.ts';
import type { UnitState } from '../agent/ports.ts';
import type { PublishedStatus } from '../agent/published-status.ts';
import { listWaiting } from '../agent/waiting.ts';
import { escape, quote } from '../escape.ts';
import type { DaemonState } from '../host/daemon.ts';
import type { JournalStorage } from '../host/journal-storage.ts';
import { describeNodeFacts, type NodeFacts } from '../host/node-facts.ts';
import { describeChooser, findContentChoosers } from '../registries/content-choosers.ts';
import type { MergedConf } from '../registries/merge.ts';
import type { Agent } from '../agent/reconciliation.ts';
import type { JsonDocument } from './json-documents.ts';
import type { Look } from './look.ts';
import { jsonFindings, paint, type Output } from './output.ts';
import { ageOf, ageSecondsOf, whoOf } from './record-words.ts';

export interface StatusReport {
  readonly answer: Answer;
  /** What was published, for who may not read the state himself; else null. */
  readonly told: PublishedStatus | null;
  readonly look: Look;
  /** Null where there is no unit to ask for. */
  readonly unit: UnitState | null;
  readonly daemon: DaemonState;
  readonly facts: NodeFacts | null;
  /** Null below another root, whose journal is none of this system's. */
  readonly journal: JournalStorage | null;
  readonly agent: Agent;
}

/** Prints the answer, then what it rests on. */
export function printStatus(output: Output, report: StatusReport): void {
  const { answer, told, look, unit, daemon, facts, journal, agent } = report;
  const { seen, plan, findings } = look;
  const pinned = plan.wanted.pin === null && (told?.pin ?? null) === null ? '' : 'pinned, ';
  const color = answer.health === 'healthy' ? '1;32' : '1;33';
  output.print(paint(`${pinned}${answer.health}: ${escape(answer.why)}`, color, output.hasColorOut));
  const row = (name: string, words: string): void => output.print(`  ${name.padEnd(10)} ${words}`);

  const { generation, outcome, proof, since, digest } = told ?? inForce(seen);
  if (generation !== null) {
    const words = [outcome, `proof ${proof ?? 'none'}`].map((word) => escape(String(word))).join(', ');
    row('generation', `${generation}, ${words}; see icspd history`);
    row('since', escape(since ?? 'not known'));
    row('sha256', escape(digest ?? 'no file'));
  }
  if (told !== null) row('seen', escape(`${told.look.at} by icspd ${told.look.by}; root sees how it is now`));
  row('file', `${escape(agent.paths.registriesConf)}: ${diskWords[told?.disk ?? plan.disk]}`);
  for (const change of plan.drift) row('drift', `${change.class}: ${escape(change.sentence)}`);
  row('baseline', seen.baseline.state === 'captured' ? escape(agent.paths.baseline) : seen.baseline.state);
  if (plan.wanted.pin !== null) {
    const { reason, actor, since, until } = plan.wanted.pin;
    const times = `since ${since} (${ageOf(since, seen.now)})${until === null ? '' : ` until ${until}`}`;
    row('hold', `${describeHeld(plan.wanted.pin)} ${times}: ${quote(reason)}`);
    row('', `by ${whoOf(actor)}; icspd resume ends it`);
  } else if (told !== null && told.pin !== null) {
    const { generation: held, since: from, until } = told.pin;
    const what = held === null ? 'the baseline' : `generation ${held}`;
    row('hold', escape(`${what} since ${from}${until === null ? '' : ` until ${until}`}`));
  }
  row('daemon', daemon.isRunning ? `running, pid ${daemon.pid ?? 0}` : 'not running');
  if (unit !== null)
    row('crio', `${unit.isFound ? unit.active : 'no such unit'}, version ${describeVersion(report)}`);
  if (journal === 'volatile')
    row('journal', 'volatile: the audit trail is gone with the next boot; mkdir /var/log/journal keeps it');
  if (journal === 'none') row('journal', 'none: there is no audit trail');
  if (facts !== null) row('node', describeNodeFacts(facts));
  row('policies', `${seen.policies.files.length} file${seen.policies.files.length === 1 ? '' : 's'}`);
  for (const { path, state, reason, standingInSince } of seen.policies.files) {
    output.print(`    ${state.padEnd(11)} ${escape(path)}${reason === null ? '' : ` (${escape(reason)})`}`);
    if (standingInSince !== null)
      output.print(`    ${''.padEnd(11)} in force: its content accepted ${standingInSince}`);
  }
  for (const chooser of findContentChoosers(mergedInForce(plan))) row('content', describeChooser(chooser));
  if (told === null) {
    for (const change of listWaiting(plan)) {
      row('waiting', `${change.class}: ${escape(change.sentence)}`);
    }
  } else if (told.waitingCount > 0) {
    row('waiting', `${told.waitingCount} changes; icspd diff as root shows them`);
  }
  output.printFindings(findings);
}

/** The same as data; the shape of status --json. */
export function describeStatus({
  answer,
  told,
  look,
  unit,
  daemon,
  facts,
  journal,
  agent,
}: StatusReport): JsonDocument<'status'> {
  const { seen, plan, findings } = look;
  const { generation, outcome, proof, since } = told ?? inForce(seen);
  return {
    health: answer.health,
    why: answer.why,
    generation,
    outcome,
    proof,
    since,
    digests: {
      ...digestNode(seen, plan, mergedInForce(plan), (text) => agent.host.digest(text)),
      onDisk: digestOnDisk(seen),
    },
    disk: told?.disk ?? plan.disk,
    drift: plan.drift,
    registriesConf: agent.paths.registriesConf,
    baseline: seen.baseline.state,
    pin: plan.wanted.pin,
    pinAgeSeconds: plan.wanted.pin === null ? null : ageSecondsOf(plan.wanted.pin.since, seen.now),
    files: seen.policies.files,
    waiting: listWaiting(plan),
    planDigest: plan.digest,
    contentChoosers: findContentChoosers(mergedInForce(plan)),
    crio: unit === null ? null : { active: unit.active, isFound: unit.isFound, version: seen.crioVersion },
    journal,
    daemon,
    node: facts,
    findings: jsonFindings(findings),
  };
}

type InForce = Pick<PublishedStatus, 'generation' | 'outcome' | 'proof' | 'since' | 'digest'>;

function inForce({ current }: Look['seen']): InForce {
  return {
    generation: current?.number ?? null,
    outcome: current?.outcome ?? null,
    proof: current?.proof ?? null,
    since: current?.writtenAt ?? null,
    digest: current?.digest ?? null,
  };
}

/** What CRI-O has now; the rendering knows which policies it comes from, a file on disk does not. */
function mergedInForce({ step, merged, mergedOnDisk }: Plan): MergedConf {
  return step.kind === 'none' ? merged : mergedOnDisk;
}

function describeVersion({ look, agent }: StatusReport): string {
  if (agent.settings.assumeCrioVersion !== null) return `${agent.settings.assumeCrioVersion} (assumed)`;
  return look.seen.crioVersion ?? 'unknown';
}
