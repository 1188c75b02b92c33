// Makes a running CRI-O load the file on disk, and finds out whether it did. `systemctl reload` says only that a signal was sent.
import type { Settings } from '../config.ts';
import { escape, quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { trimLocation } from '../registries/location.ts';
import type { MergedConf } from '../registries/merge.ts';
import { findingOf, HostError } from '../host-error.ts';
import type { LoadedConf } from './loaded-registries.ts';
import type { Crio, JournalReader, UnitState } from './crio-ports.ts';
import type { Host } from './ports.ts';
import { classify, classifyStart, type Evidence, type ProofContext } from './proof.ts';
import type { Outcome, Proof } from './record.ts';
import { isStartedSince, type Written } from './written.ts';

/** What came of a reload; `finding` says what to do about it, null where nothing has to be done. */
export interface Verdict {
  readonly outcome: Extract<Outcome, 'applied' | 'degraded' | 'rolled-back'>;
  readonly proof: Proof;
  /** A reload: CRI-O still holds what it had loaded before, unless it was `applied`. A start: CRI-O is down now. Else nothing was tried. */
  readonly of: 'reload' | 'start' | 'nothing';
  readonly finding: Finding | null;
}

/** CRI-O's line comes within milliseconds; on a node that is busy, or with a very large file, later. */
const proofWaitMs = 5_000;

/**
 * Reloads CRI-O if it is active, and reads the proof from its journal.
 * A unit that is starting is never signalled: SIGHUP before its handler is installed kills it, and systemd would not start it again.
 */
export async function reloadAndProve(host: Host, settings: Settings, on: FileOnDisk): Promise<Verdict> {
  const { crio } = host;
  if (crio === null) return { outcome: 'applied', proof: 'none', of: 'nothing', finding: null };
  let of: Verdict['of'] = 'nothing';
  try {
    const unit = await crio.unit();
    const moot = await judgeUnreloaded(host, unit, settings, on);
    if (moot !== null) return moot;
    of = 'reload';
    const journal = await crio.journal();
    await crio.reload(settings.reloadTimeoutMs);
    const context = proofContext(unit, settings, on.merged);
    const evidence = journal === null ? null : await awaitEvidence(host, journal, context);
    return evidence === null ? noProof(settings) : judge(evidence, settings, 'reload');
  } catch (error) {
    // The file passed validation and stays; the reload is tried again.
    return { outcome: 'degraded', proof: 'pending', of, finding: findingOf(error) };
  }
}

/** The same without a reload: null where there would be one. */
export async function proveUnreloaded(
  host: Host,
  settings: Settings,
  on: FileOnDisk,
): Promise<Verdict | null> {
  if (host.crio === null) return null;
  try {
    return await judgeUnreloaded(host, await host.crio.unit(), settings, on);
  } catch (error) {
    return { outcome: 'degraded', proof: 'pending', of: 'nothing', finding: findingOf(error) };
  }
}

/** registries.conf with the drop-ins over it. */
interface FileOnDisk {
  readonly merged: MergedConf;
  /** When the file was on disk for certain: a CRI-O that started later has read it, and owes no reload. */
  readonly written: Written;
}

/** The verdict on a CRI-O that must not be reloaded, or need not be; null where it has to be. */
async function judgeUnreloaded(
  host: Host,
  unit: UnitState,
  settings: Settings,
  on: FileOnDisk,
): Promise<Verdict | null> {
  if (!unit.isFound) return { outcome: 'applied', proof: 'none', of: 'nothing', finding: null };
  if (unit.active !== 'active') {
    const failed = await judgeStart(host, unit, settings, on);
    return failed ?? { outcome: 'applied', proof: 'pending', of: 'nothing', finding: null };
  }
  const start = { atMs: unit.startedAtMs, monotonicUs: unit.startedMonotonicUs };
  if (!isStartedSince(start, on.written, host.bootId)) return null;
  return { outcome: 'applied', proof: 'started-after', of: 'nothing', finding: null };
}

/**
 * Why a CRI-O that is down, or is started again and again, did not start; null if that has nothing to do with its registries, or
 * if the file is newer than the last try.
 */
async function judgeStart(
  { crio, bootId }: Host,
  unit: UnitState,
  settings: Settings,
  { merged, written }: FileOnDisk,
): Promise<Verdict | null> {
  const start = { atMs: unit.mainStartedAtMs, monotonicUs: unit.mainStartedMonotonicUs };
  if (crio === null || unit.active === 'active' || !isStartedSince(start, written, bootId)) return null;
  const evidence = classifyStart(await crio.lastWords(unit), proofContext(unit, settings, merged));
  return evidence === null ? null : judge(evidence, settings, 'start');
}

function proofContext(unit: UnitState, settings: Settings, merged: MergedConf): ProofContext {
  return {
    mainPid: unit.mainPid,
    registriesConfPath: settings.registriesConf,
    expected: loadedConf(merged),
  };
}

/** As judgeStart for the unit as it is now; else whether CRI-O is up, or not to be awaited: where there is none, or systemd does not tell. */
export async function judgeLastStart(
  host: Host,
  settings: Settings,
  on: FileOnDisk,
): Promise<Verdict | 'up' | 'down'> {
  const { crio } = host;
  if (crio === null) return 'up';
  try {
    const unit = await crio.unit();
    if (!unit.isFound || unit.active === 'active') return 'up';
    return (await judgeStart(host, unit, settings, on)) ?? 'down';
  } catch (error) {
    if (error instanceof HostError) return 'up';
    throw error;
  }
}

/** Reloads without asking what came of it: after a refused file was taken back, CRI-O holds the old configuration anyway. */
export async function reloadQuietly(crio: Crio, settings: Settings): Promise<Finding | null> {
  try {
    const unit = await crio.unit();
    if (unit.active === 'active') await crio.reload(settings.reloadTimeoutMs);
    return null;
  } catch (error) {
    return findingOf(error);
  }
}

async function awaitEvidence(
  host: Host,
  journal: JournalReader,
  context: ProofContext,
): Promise<Evidence | null> {
  const patience = new AbortController();
  const cancel = host.clock.after(proofWaitMs + context.expected.registries.length, () => patience.abort());
  try {
    for await (const line of journal.follow(patience.signal)) {
      const evidence = classify(line, context);
      if (evidence !== null) return evidence;
    }
    return null;
  } finally {
    cancel();
    patience.abort();
  }
}

function noProof({ reloadUnit }: Settings): Verdict {
  const silent = finding(
    'noProof',
    null,
    `${reloadUnit} was reloaded but did not say that it applied the file`,
    'set log_level = "info" in crio.conf, and see that journald runs; the file itself is valid and stays',
  );
  return { outcome: 'applied', proof: 'none', of: 'reload', finding: silent };
}

function judge(evidence: Evidence, settings: Settings, act: 'reload' | 'start'): Verdict {
  const { reloadUnit, registriesConf } = settings;
  const words = escape(evidence.words);
  switch (evidence.proof) {
    case 'applied':
      return { outcome: 'applied', proof: 'applied', of: act, finding: null };
    case 'refused': {
      const refused = finding(
        'crioRefused',
        wholeFile(registriesConf),
        act === 'reload'
          ? `CRI-O refused the file, and the previous one is put back: ${words}`
          : `CRI-O does not start on the file, and an earlier one is put back: ${words}`,
        act === 'reload'
          ? 'please report this with the policy files; icspd apply --retry tries it again'
          : `start CRI-O if systemd has given up: systemctl restart ${reloadUnit}; please report this with the policy files`,
      );
      return { outcome: 'rolled-back', proof: 'refused', of: act, finding: refused };
    }
    case 'blocked-elsewhere': {
      const culprit = evidence.file === null ? null : wholeFile(evidence.file);
      const blocked = finding(
        'crioBlocked',
        culprit,
        `CRI-O does not ${act}, and it is not registries.conf that it objects to: ${words}`,
        culprit === null
          ? `correct what ${reloadUnit} says`
          : `correct ${quote(culprit.file)}; icspd does not own it`,
      );
      return { outcome: 'degraded', proof: 'blocked-elsewhere', of: act, finding: blocked };
    }
  }
}

/** The merged configuration as CRI-O holds it after loading: prefixes filled in, trailing slashes gone. */
function loadedConf({ registries, searchRegistries }: MergedConf): LoadedConf {
  return {
    registries: registries.map(({ scope, registry }) => ({
      prefix: scope,
      location: trimLocation(registry.location),
      insecure: registry.insecure,
      blocked: registry.blocked,
      mirrorByDigestOnly: registry.mirrorByDigestOnly,
      mirrors: registry.mirrors.map(({ location, insecure, pullFromMirror }) => ({
        location: trimLocation(location),
        insecure,
        pullFromMirror,
      })),
    })),
    searchRegistries: searchRegistries?.values ?? [],
  };
}
