// icspd status: one screen, the first line is the answer. Computed from disk, so that it is true when the daemon is dead.
import { answer, describeErrors, type Answer } from '../agent/health-answer.ts';
import { judgeReaders } from '../agent/pull-kinds.ts';
import type { Agent } from '../agent/reconciliation.ts';
import type { UnitState } from '../agent/crio-ports.ts';
import { escape } from '../escape.ts';
import type { PublishedStatus } from '../agent/published-status.ts';
import { FINDINGS, type Finding } from '../finding.ts';
import { HostError } from '../host-error.ts';
import { readDaemon } from '../host/daemon.ts';
import { readJournalStorage } from '../host/journal-storage.ts';
import { readNodeFacts } from '../host/node-facts.ts';
import { readOtherReaders } from '../host/other-readers.ts';
import { readPublished } from '../host/published-status.ts';
import { UnusableSettings, type Call } from './command.ts';
import { lookAtNode, type Look } from './look.ts';
import { jsonFindings, type Output } from './output.ts';
import { describeStatus, type StatusReport } from './status-report.ts';
import { printStatus } from './status-text.ts';

const exits = { healthy: 0, attention: 1, unprotected: 2, 'not running': 3 } as const;

/** Exit status: 0 healthy (pinned too), 1 attention, 2 unprotected, 3 the daemon does not run. */
export async function run({ output, openAgent }: Call): Promise<number> {
  const agent = await openOrAnswer(openAgent, output);
  if (agent === null) return exits.attention;
  const look = await lookWithReaders(agent);
  const facts = output.isJson || output.isVerbose ? await readNodeFacts() : null;
  const unit = await readUnit(agent);
  const daemon = readDaemon(agent.paths);
  const told = look.findings.some(isBlind) ? readPublished(agent.paths) : null;
  const report: StatusReport = {
    answer: told === null ? answerFor({ agent, look, unit, daemon }) : answerAsTold(told, daemon),
    told,
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
    const why = describeErrors(findings, findings.length, messageOf);
    if (output.isJson)
      output.printJson('status-without-settings', { health, why, findings: jsonFindings(findings) });
    else {
      output.say(`${health}: ${escape(why)}`);
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

/** Who may not read the state does not know what is in force, and is told what was published. */
function isBlind({ id }: Finding): boolean {
  return id === FINDINGS.stateNotRead.id;
}

function answerFor({
  agent,
  look,
  unit,
  daemon,
}: Pick<StatusReport, 'agent' | 'look' | 'unit' | 'daemon'>): Answer {
  const { seen, plan, findings } = look;
  return answer(
    {
      findings,
      target: seen.target,
      plan,
      current: seen.current,
      crioState: unit?.active ?? null,
      reloadUnit: agent.settings.reloadUnit,
      // Below --root there is no daemon to expect.
      isDaemonMissing: agent.paths.root === '/' && !daemon.isRunning,
    },
    messageOf,
  );
}

/** As it was when the last look was published, but for the daemon, of which everybody sees whether it runs. */
function answerAsTold({ health, why }: PublishedStatus, daemon: StatusReport['daemon']): Answer {
  if (health === 'unprotected' || daemon.isRunning) return { health, why };
  return { health: 'not running', why: 'nobody follows the policies; systemctl start icspd' };
}

function messageOf({ message }: Finding): string {
  return message;
}
