// Runs inside the system: reconciles with the real executor and the real host, except that what the plan wants to write
// is exchanged for a file that CRI-O refuses. The program itself has no way to do this.
import { plainOptions } from '../../../src/agent/plan.ts';
import { reconcile } from '../../../src/agent/reconcile.ts';
import type { Target } from '../../../src/agent/ports.ts';
import { defaultSettings } from '../../../src/config.ts';
import { makeReadingCache } from '../../../src/agent/reading-cache.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { openHost } from '../../../src/host/host.ts';
import { makeJournalLog } from '../../../src/host/log.ts';
import { makeFindingLog } from '../../../src/agent/finding-log.ts';
import { pathsUnder } from '../../../src/paths.ts';

const broken = new TextEncoder().encode('[[registry]]\nlocation = "https://quay.example.org"\n');

const settings = defaultSettings;
const paths = pathsUnder('/', settings);
const log = await makeJournalLog();
const host = openHost(paths, settings, log);
const target: Target = { ...host.target, replace: (_, planned) => host.target.replace(broken, planned) };

const result = await reconcile(
  { host: { ...host, target }, paths, settings, settingsFindings: [], readings: makeReadingCache() },
  {
    ...plainOptions,
    reason: 'a broken rendering',
    actor: { uid: 0, loginUid: null, tty: null, command: 'test' },
    hold: null,
    lockTimeoutMs: 10_000,
    onSettled: () => Promise.resolve(),
  },
);
makeFindingLog(log, systemClock)(result.findings);
log('notice', `the outcome is ${result.outcome}, the proof is ${String(result.proof)}`);
await log.flush();
