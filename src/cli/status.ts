// icspd status: one screen, the first line is the answer. Computed from disk, so that it is true when the daemon is dead.
import { escape, quote } from '../escape.ts';
import type { Finding } from '../finding.ts';
import { readDaemon, type DaemonState } from '../host/daemon.ts';
import { readNodeFacts, type NodeFacts } from '../host/node-facts.ts';
import type { UnitState } from '../agent/ports.ts';
import { findContentChoosers, type ContentChooser } from '../registries/content-choosers.ts';
import type { Call, OpenedAgent } from './command.ts';
import { lookAtNode, type Look } from './look.ts';
import { jsonFindings, paint, type Output } from './output.ts';

const exits = { healthy: 0, attention: 1, unprotected: 2, 'not running': 3 } as const;
type Health = keyof typeof exits;

export async function run({ output, openAgent }: Call): Promise<number> {
  const agent = await openAgent();
  const look = await lookAtNode(agent);
  const unit = (await agent.host.crio?.unit()) ?? null;
  const daemon = readDaemon(agent.paths);
  const facts = output.isJson || output.isVerbose ? await readNodeFacts() : null;
  const health = judge(look, daemon, agent.paths.root);
  const report: Report = { health, look, unit, daemon, facts, agent };
  if (output.isJson) output.printJson(describe(report));
  else print(output, report);
  return exits[health];
}

interface Report {
  readonly health: Health;
  readonly look: Look;
  readonly unit: UnitState | null;
  readonly daemon: DaemonState;
  readonly facts: NodeFacts | null;
  readonly agent: OpenedAgent;
}

/** Unprotected comes first: a node that would not start CRI-O, or pulls what it must not, is worse than a dead daemon. */
function judge({ plan, seen, findings }: Look, daemon: DaemonState, root: string): Health {
  const isRefusedByCrio = findings.some(({ id }) => id === 'ICSP392');
  if (isRefusedByCrio) return 'unprotected';
  // Below --root there is no daemon to expect.
  if (root === '/' && !daemon.isRunning) return 'not running';
  const isOpen = seen.current?.outcome === 'degraded' || seen.current?.proof === 'pending';
  const needsLook =
    findings.some(({ severity }) => severity === 'error') || plan.step.kind !== 'none' || isOpen;
  return needsLook ? 'attention' : 'healthy';
}

function firstLine({ health, look: { plan, seen, findings } }: Report): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const pinned = plan.wanted.pin === null ? '' : 'pinned, ';
  const generation =
    seen.current === null ? 'nothing applied yet' : `generation ${seen.current.number} in force`;
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const why = first === undefined ? pending(plan.step.kind) : `: ${first.message}${more}`;
  return `${pinned}${health}${health === 'healthy' ? `: ${generation}` : why}`;
}

function pending(step: string): string {
  return step === 'none' ? '' : ': changes wait to be applied';
}

function print(output: Output, report: Report): void {
  const { look, unit, daemon, facts, agent } = report;
  const { seen, plan, findings } = look;
  output.print(paint(firstLine(report), report.health === 'healthy' ? '1;32' : '1;33', output.hasColorOut));
  const { current } = seen;
  if (current !== null) {
    output.print(
      `  generation ${current.number}: ${current.outcome}, proof ${current.proof}, since ${current.writtenAt ?? current.startedAt}`,
    );
    output.print(`  digest     ${current.digest ?? 'no file'}`);
  }
  output.print(`  file       ${agent.paths.registriesConf}: ${plan.disk}`);
  output.print(`  baseline   ${seen.baseline.state}`);
  if (plan.wanted.pin !== null) {
    const { reason, since, until } = plan.wanted.pin;
    output.print(`  hold       since ${since}${until === null ? '' : ` until ${until}`}: ${quote(reason)}`);
  }
  output.print(`  daemon     ${daemon.isRunning ? `running, pid ${daemon.pid}` : 'not running'}`);
  if (unit !== null)
    output.print(
      `  crio       ${unit.isFound ? unit.active : 'no such unit'}, version ${seen.crioVersion ?? 'unknown'}`,
    );
  if (facts !== null)
    output.print(
      `  node       ${Object.values(facts)
        .map((fact) => escape(String(fact)))
        .join(', ')}`,
    );
  output.print(
    `  policies   ${seen.policies.files.length} file${seen.policies.files.length === 1 ? '' : 's'}`,
  );
  for (const { path, state, reason, standingInSince } of seen.policies.files) {
    const stand = standingInSince === null ? '' : `, standing in since ${standingInSince}`;
    output.print(
      `    ${state.padEnd(11)} ${escape(path)}${reason === null ? '' : ` (${escape(reason)})`}${stand}`,
    );
  }
  for (const chooser of findContentChoosers(plan.merged))
    output.print(`  content    ${describeChooser(chooser)}`);
  for (const change of plan.step.kind === 'none' ? [] : plan.changes) {
    output.print(`  waiting    ${change.class}: ${escape(change.sentence)}`);
  }
  output.printFindings(findings.filter(isWorthAttention));
}

/** Whom the node trusts with what an image contains, and where that is written. */
function describeChooser({ how, who, scope, file, origins }: ContentChooser): string {
  const [origin] = origins;
  const where = origin === undefined ? file : `${origin.file}:${origin.line}`;
  return `${how} ${escape(who)}${scope === null ? '' : ` for ${escape(scope)}`} (${escape(where)})`;
}

function isWorthAttention({ severity }: Finding): boolean {
  return severity !== 'notice';
}

function describe({ health, look, unit, daemon, facts, agent }: Report): object {
  const { seen, plan, findings } = look;
  return {
    health,
    generation: seen.current?.number ?? null,
    outcome: seen.current?.outcome ?? null,
    proof: seen.current?.proof ?? null,
    since: seen.current?.writtenAt ?? null,
    digests: {
      rendering: plan.rendering.digest,
      onDisk: seen.target.state === 'file' ? seen.target.file.digest : null,
      baseline: seen.baseline.state === 'captured' ? seen.baseline.file.digest : null,
    },
    disk: plan.disk,
    registriesConf: agent.paths.registriesConf,
    baseline: seen.baseline.state,
    pin: plan.wanted.pin,
    files: seen.policies.files,
    waiting: plan.step.kind === 'none' ? [] : plan.changes,
    contentChoosers: findContentChoosers(plan.merged),
    crio: unit === null ? null : { active: unit.active, isFound: unit.isFound, version: seen.crioVersion },
    daemon,
    node: facts,
    findings: jsonFindings(findings),
  };
}
