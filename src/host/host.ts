// Puts the facilities of the host together into the one Host that the agent sees.
import { existsSync, readFileSync } from 'node:fs';
import type { Host, Log } from '../agent/ports.ts';
import type { Settings } from '../config.ts';
import type { Paths } from '../paths.ts';
import { version } from '../version.ts';
import { openAccepted } from './accepted.ts';
import { openAudit } from './audit.ts';
import { openBaseline } from './baseline.ts';
import { asCaller } from './caller.ts';
import { systemClock } from './clock.ts';
import { openCrio } from './crio.ts';
import { readDaemon } from './daemon.ts';
import { readDeployment } from './deployment.ts';
import { digest } from './digest.ts';
import { openDropIns } from './drop-in-dir.ts';
import { openGenerations } from './generations.ts';
import { openLock } from './lock.ts';
import { readNeededImages } from './needed-images.ts';
import { findNewerState } from './newer-state.ts';
import { describeNodeFacts, readNodeFacts } from './node-facts.ts';
import { openPin } from './pin.ts';
import { readPolicyDirectories } from './policy-dirs.ts';
import { openPublisher } from './published-status.ts';
import { readRegistryLogins } from './registry-logins.ts';
import { openTarget } from './target.ts';
import { trustUnder } from './trust.ts';

/** What the command line names in place of the node's own: taken literally, also under --root, and trust is only a warning. */
export interface NamedInputs {
  readonly policyDirs?: readonly string[];
  readonly baseline?: string;
}

/**
 * Opens the host below `paths.root`. Below another root than / there is no CRI-O: its unit and its journal are this
 * system's, not that root's.
 */
export function openHost(paths: Paths, settings: Settings, log: Log, named: NamedInputs = {}): Host {
  const trust = trustUnder(paths.root);
  const namedTrust = trustUnder('/', false);
  return {
    clock: systemClock,
    log,
    readPolicies: () =>
      named.policyDirs === undefined
        ? readPolicyDirectories(paths.policyDirs, trust)
        : asCaller(() => readPolicyDirectories(named.policyDirs ?? [], namedTrust)),
    baseline: named.baseline === undefined ? openBaseline(paths, trust) : openNamedBaseline(named.baseline),
    target: openTarget(paths, trust),
    dropIns: openDropIns(paths),
    accepted: openAccepted(paths, trust),
    generations: openGenerations(paths, trust, log),
    pin: openPin(paths, trust),
    lock: openLock(paths, trust),
    crio: paths.root === '/' ? openCrio(settings.reloadUnit) : null,
    readNeededImages: () => readNeededImages(paths.root),
    readRegistryLogins: () => readRegistryLogins(paths.root),
    isMcoNode: () => existsSync(paths.mcoConfig),
    audit: paths.root === '/' ? openAuditOf(paths) : () => Promise.resolve(),
    // What is made below another root is no node yet, and an image has nothing in /run.
    publish: paths.root === '/' ? openPublisher(paths, log) : () => undefined,
    digest,
    version,
    bootId: readBootId(),
    deployment: paths.root === '/' ? readDeployment() : null,
    newerStateSince: () => findNewerState(paths),
  };
}

/**
 * Entries are attributed to the unit by the process that they are about, which journald has to find alive: a command is gone
 * too soon, and the daemon, where it runs, is what it acts for.
 */
function openAuditOf(paths: Paths): Host['audit'] {
  return openAudit({
    clock: systemClock,
    subjectPid: () => readDaemon(paths).pid ?? process.pid,
    describeNode: async () => {
      const facts = await readNodeFacts();
      return facts === null ? '' : describeNodeFacts(facts);
    },
  });
}

/** Is only read: what the command line names is nobody's baseline to capture. */
function openNamedBaseline(path: string): Host['baseline'] {
  const store = openBaseline(
    { root: '/', registriesConf: path, baseline: path, baselineAbsent: `${path}.absent` },
    trustUnder('/', false),
  );
  return { ...store, read: () => asCaller(() => store.read()) };
}

function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null; // No /proc, as in some image builds.
  }
}
