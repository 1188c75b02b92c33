// icspd run: the daemon.
import { posix } from 'node:path';
import { makeDriftLog } from '../agent/drift-log.ts';
import { makeFindingLog } from '../agent/finding-log.ts';
import type { Log } from '../agent/ports.ts';
import { startLoop, type Loop, type LoopTimes } from '../agent/loop.ts';
import { reconcile } from '../agent/reconcile.ts';
import type { Agent } from '../agent/reconciliation.ts';
import type { Outcome } from '../agent/record.ts';
import { quote } from '../escape.ts';
import { describeFinding, finding } from '../finding.ts';
import { findingOf } from '../host-error.ts';
import { systemClock } from '../host/clock.ts';
import { announceDaemon, readDaemon } from '../host/daemon.ts';
import { makeJournalLog } from '../host/log.ts';
import { releaseMemory } from '../host/memory.ts';
import { pinPath } from '../host/pin.ts';
import { watchSandbox } from '../host/sandbox.ts';
import { makeNotifier } from '../host/systemd.ts';
import { watchPaths } from '../host/watch.ts';
import { underRoot } from '../paths.ts';
import { currentActor } from './actor.ts';
import { UnusableSettings, type Call } from './command.ts';
import { makeMeter } from './meter.ts';
import { openAgentWith } from './node.ts';
import { plainRequest } from './request.ts';

const moreWatches = 'raise fs.inotify.max_user_watches';

/** EX_CONFIG of sysexits.h; the unit is not restarted for it. */
const configExit = 78;

/** EX_TEMPFAIL of sysexits.h; the unit is restarted for it, in a new sandbox. */
const sandboxExit = 75;

/** What a turn may take besides the reload: commands of the host have time limits of their own. */
const restOfTurnMs = 180_000;

/** The daemon shares the lock with commands; it must be ready within systemd's time limit, whoever holds it. */
const lockTimeoutMs = 5_000;

/** How long nothing has to happen until memory is given back: by then nobody holds the last look any more. */
const restMs = 1_000;

/** Exit status: 0 after SIGTERM or SIGINT, 1 if another daemon runs, 75 where it has to start anew, 78 where it must not run. */
export async function run({ options }: Call): Promise<number> {
  // From here on a SIGHUP means to reload; before the loop is there, there is nothing to reload.
  let loop: Loop | null = null;
  process.on('SIGHUP', () => loop?.reload());
  let agent: Agent;
  const log = await makeJournalLog();
  const logFindings = makeFindingLog(log, systemClock);
  const logDrift = makeDriftLog(log);
  try {
    agent = await openAgentWith(options, log);
  } catch (error) {
    if (!(error instanceof UnusableSettings)) throw error;
    logFindings(error.findings);
    await log.flush();
    return configExit;
  }
  log.setLevel(agent.settings.logLevel);
  if (agent.host.isMcoNode() && !agent.settings.allowMcoNode) {
    log(
      'error',
      'the Machine Config Operator owns registries.conf on this node; set allow-mco-node = true to run all the same',
    );
    await log.flush();
    return configExit;
  }

  const other = readDaemon(agent.paths);
  if (other.isRunning) {
    log('error', `icspd run is running already, pid ${other.pid ?? 'unknown'}`);
    await log.flush();
    return 1;
  }

  const toldDropIns = (await agent.host.crio?.conf())?.dropInDirectory ?? null;
  const withdraw = announce(agent, log);
  const actor = currentActor('run');
  const auditor = agent.host;
  const measure = makeMeter(agent);
  const findLost = watchSandbox(writtenDirectories(agent));
  let exitCode = 0;
  let lastOutcome: Outcome = 'unchanged';
  let cancelRest: (() => void) | null = null;
  const notifier = makeNotifier((message) => log('warning', message));
  loop = startLoop(
    {
      clock: agent.host.clock,
      log,
      notifier: {
        ...notifier,
        ready() {
          log('info', 'ready: registries.conf is as it should be, or must not be written now');
          return notifier.ready();
        },
      },
      watch: (onHint) =>
        watchPaths({
          paths: watchedPaths(agent, toldDropIns),
          onHint,
          onDegraded: (words) =>
            log('warning', describeFinding(finding('watchingDegraded', null, words, moreWatches))),
        }),
      async reconcile(reason, onSettled) {
        const beganMs = performance.now();
        // Who asks for a reload of icspd has perhaps mended what kept CRI-O from its own.
        const isPatient = reason !== 'reload';
        const plain = plainRequest(reason, actor);
        const result = await reconcile(agent, { ...plain, isPatient, lockTimeoutMs, onSettled });
        logFindings(result.findings);
        logDrift(result);
        measure(result, performance.now() - beganMs);
        const lost = findLost();
        if (lost !== null) {
          log(
            'error',
            `${quote(lost)} was replaced, and the sandbox of the unit has lost it; icspd starts anew`,
          );
          exitCode = sandboxExit;
          loop?.stop();
        }
        const isAct = result.plan?.step.kind === 'write';
        const isNews = result.outcome !== lastOutcome && result.outcome !== 'unchanged';
        if (isAct || isNews) log('notice', `${reason}: ${result.outcome}`);
        lastOutcome = result.outcome;
        cancelRest?.();
        cancelRest = agent.host.clock.after(restMs, releaseMemory);
        return result;
      },
      async reloadSettings() {
        try {
          const opened = await openAgentWith(options, log);
          // The audit trail goes on: what it has told is not told again.
          agent = { ...opened, host: { ...opened.host, audit: (events) => auditor.audit(events) } };
          log.setLevel(agent.settings.logLevel);
        } catch (error) {
          if (!(error instanceof UnusableSettings)) throw error;
          log('error', 'icspd.conf cannot be used; the settings in force stay');
          // Told with what else is wrong, until a reload finds a file that can be used.
          agent = { ...agent, settingsFindings: error.findings };
        }
        return timesOf(agent);
      },
    },
    timesOf(agent),
  );
  const running = loop;
  process.on('SIGTERM', () => running.stop());
  process.on('SIGINT', () => running.stop());
  // Timers and watches of the loop do not keep the process alive; this does.
  const anchor = setInterval(() => undefined, 2 ** 30);
  try {
    await running.done;
  } finally {
    clearInterval(anchor);
    withdraw();
    await log.flush();
  }
  return exitCode;
}

/** Without the announcement `icspd status` says that no daemon runs, which is no reason not to run. */
function announce({ paths }: Agent, log: Log): () => void {
  try {
    return announceDaemon(paths);
  } catch (error) {
    log('warning', describeFinding(findingOf(error)));
    return () => undefined;
  }
}

/** Everything that the result depends on; of the state the order of another process, whose end the daemon has to know. */
function watchedPaths({ paths }: Agent, toldDropIns: string | null): readonly string[] {
  const { policyDirs, registriesConf, registriesConfDir, baseline, baselineAbsent } = paths;
  const dropIns = toldDropIns === null ? registriesConfDir : underRoot(toldDropIns, paths.root);
  return [...policyDirs, registriesConf, dropIns, baseline, baselineAbsent, pinPath(paths)];
}

/** Directories, since a file is replaced by a rename. */
function writtenDirectories({ paths }: Agent): readonly string[] {
  return [posix.dirname(paths.registriesConf), paths.configDir];
}

function timesOf({ settings }: Agent): LoopTimes {
  return {
    resyncMs: settings.resyncMs,
    quietPeriodMs: settings.quietPeriodMs,
    quietPeriodMaxMs: settings.quietPeriodMaxMs,
    keepAliveMs: keepAliveMs(),
    longestTurnMs: restOfTurnMs + 2 * settings.reloadTimeoutMs,
  };
}

/** Half of what systemd allows between two signs of life, sd_watchdog_enabled(3); null where it does not watch. */
function keepAliveMs(): number | null {
  const allowedUs = Number(process.env['WATCHDOG_USEC'] ?? '0');
  return allowedUs > 0 ? allowedUs / 2_000 : null;
}
