// icspd status: one screen, the first line is the answer. Computed from disk, so that it is true when the daemon is dead.
import { findUnprotected, findUnstartable } from '../agent/health.ts';
import { judgeReaders } from '../agent/pull-kinds.ts';
import type { Agent } from '../agent/reconciliation.ts';
import type { Plan } from '../agent/plan.ts';
import type { UnitState } from '../agent/ports.ts';
import { findWhyWaiting, listWaiting } from '../agent/waiting.ts';
import { escape } from '../escape.ts';
import { FINDINGS, type Finding } from '../finding.ts';
import { HostError } from '../host-error.ts';
import { readDaemon } from '../host/daemon.ts';
import { readJournalStorage } from '../host/journal-storage.ts';
import { readNodeFacts } from '../host/node-facts.ts';
import { readOtherReaders } from '../host/other-readers.ts';
import { UnusableSettings, type Call } from './command.ts';
import { lookAtNode, type Look } from './look.ts';
import { jsonFindings, type Output } from './output.ts';
import { describeStatus, printStatus, type Answer, type StatusReport } from './status-report.ts';

const exits = { healthy: 0, attention: 1, unprotected: 2, 'not running': 3 } as const;

/** Exit status: 0 healthy (pinned too), 1 attention, 2 unprotected, 3 the daemon does not run. */
export async function run({ output, openAgent }: Call): Promise<number> {
  const agent = await openOrAnswer(openAgent, output);
  if (agent === null) return exits.attention;
  const look = await lookWithReaders(agent);
  const facts = output.isJson || output.isVerbose ? await readNodeFacts() : null;
  const unit = await readUnit(agent);
  const daemon = readDaemon(agent.paths);
  const report: StatusReport = {
    answer: answer({ agent, ...look, unit, daemon }),
    look,
    unit,
    daemon,
    facts,
    journal: agent.paths.root === '/' ? readJournalStorage() : null,
    agent,
  };
  if (output.isJson) output.printJson('status', describeStatus(report));
  else printStatus(output, report);
  return exits[report.answer.health];
}

/** Null where icspd.conf cannot be used: then that is the answer. */
async function openOrAnswer(openAgent: Call['openAgent'], output: Output): Promise<Agent | null> {
  try {
    return await openAgent();
  } catch (error) {
    if (!(error instanceof UnusableSettings)) throw error;
    const { findings } = error;
    const health = 'attention';
    const why = describeErrors(findings, findings.length);
    if (output.isJson)
      output.printJson('status-without-settings', { health, why, findings: jsonFindings(findings) });
    else {
      output.print(`${health}: ${escape(why)}`);
      output.printFindings(findings);
    }
    return null;
  }
}

/** Also what other programs make of the files; those of this system are none of another root's. */
async function lookWithReaders(agent: Agent): Promise<Look> {
  const look = await lookAtNode(agent, true);
  if (agent.paths.root !== '/') return look;
  return {
    ...look,
    findings: [...look.findings, ...(await judgeReaders(look.plan.merged, readOtherReaders))],
  };
}

/** Null below another root, and where systemd does not tell (a user without its bus): a part of the answer, not its end. */
async function readUnit({ host }: Agent): Promise<UnitState | null> {
  try {
    return (await host.crio?.unit()) ?? null;
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

type Situation = Pick<StatusReport, 'agent' | 'unit' | 'daemon'> & StatusReport['look'];

/** Unprotected comes first: a node that would not start CRI-O is worse than a dead daemon. */
function answer({ agent, seen, plan, findings, daemon, unit }: Situation): Answer {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const worst = findUnstartable(seen.target, errors) ?? findUnprotected(errors);
  if (worst !== null) return { health: 'unprotected', why: describeErrors([worst], errors.length) };
  // Below --root there is no daemon to expect.
  if (agent.paths.root === '/' && !daemon.isRunning) {
    return { health: 'not running', why: 'icspd is not running; systemctl start icspd' };
  }
  if (errors.length > 0)
    return { health: 'attention', why: describeErrors(errors.toSorted(byWeight), errors.length) };
  const waiting = describeWaiting(plan);
  if (waiting !== null) return { health: 'attention', why: waiting };
  const { current } = seen;
  if (current === null) return { health: 'healthy', why: 'nothing applied yet' };
  const generation = `generation ${current.number}`;
  if (current.proof === 'pending') {
    const crio = unit === null ? '' : `, which is ${unit.active}`;
    return {
      health: 'attention',
      why: `${generation} waits for CRI-O${crio}; systemctl status ${agent.settings.reloadUnit}`,
    };
  }
  if (current.outcome === 'degraded') {
    return {
      health: 'attention',
      why: `CRI-O was not seen to load ${generation}; journalctl -u ${agent.settings.reloadUnit}`,
    };
  }
  return { health: 'healthy', why: `${generation} in force` };
}

/** What is wrong with the node comes before a policy file, whose last good content stays in force: see the families of ids. */
function byWeight(one: Finding, other: Finding): number {
  return Number(isOfPolicies(one)) - Number(isOfPolicies(other));
}

function isOfPolicies({ id }: Finding): boolean {
  return id < FINDINGS.confNotUtf8.id;
}

/** Why changes wait, and what ends the waiting. */
const orders: ReadonlyMap<string, string> = new Map([
  [FINDINGS.observing.id, 'since apply = "observe"; icspd diff'],
  [FINDINGS.removalWaits.id, 'since most sources would go; icspd diff, then icspd apply --allow-removal'],
  [FINDINGS.riskyParked.id, 'since apply = "safe"; icspd diff, then icspd apply'],
]);

/** Null if nothing waits. */
function describeWaiting(plan: Plan): string | null {
  const count = listWaiting(plan).length;
  if (plan.step.kind === 'none' && count === 0) return null;
  const order = orders.get(findWhyWaiting(plan)?.id ?? '');
  if (order === undefined) return 'changes wait to be applied; icspd apply';
  return `${count === 1 ? '1 change waits' : `${count} changes wait`}, ${order}`;
}

/** The first error with its file, so that the line can be acted on. */
function describeErrors([first]: readonly Finding[], count: number): string {
  if (first === undefined) return '';
  const place = [first.file, first.line].filter((part) => part !== null).join(':');
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return `${first.message}${place === '' ? '' : `, ${place}`}${more}`;
}
