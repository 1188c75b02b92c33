// Makes a running CRI-O load the file on disk, and finds out whether it did. `systemctl reload` says only that a signal was sent.
import type { Settings } from '../config.ts';
import { escape, quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { trimLocation } from '../registries/location.ts';
import type { MergedConf } from '../registries/merge.ts';
import { findingOf } from '../host-error.ts';
import type { LoadedConf } from './loaded-registries.ts';
import type { Crio, Host, JournalReader } from './ports.ts';
import { classify, type Evidence, type ProofContext } from './proof.ts';
import type { Outcome, Proof } from './record.ts';

/** What came of a reload; `finding` says what to do about it, null where nothing has to be done. */
export interface Verdict {
  readonly outcome: Extract<Outcome, 'applied' | 'degraded' | 'rolled-back'>;
  readonly proof: Proof;
  readonly finding: Finding | null;
}

/** CRI-O's line comes within milliseconds; on a node that is busy, or with a very large file, later. */
const proofWaitMs = 5_000;

/**
 * Reloads CRI-O if it is active, and reads the proof from its journal.
 * A unit that is starting is never signalled: SIGHUP before its handler is installed kills it, and systemd would not start it again.
 * @param writtenAt when the file was on disk for certain, ISO 8601: a CRI-O that started later has read it, and owes no reload
 */
export async function reloadAndProve(
  host: Host,
  settings: Settings,
  merged: MergedConf,
  writtenAt: string | null,
): Promise<Verdict> {
  const { crio } = host;
  if (crio === null) return { outcome: 'applied', proof: 'none', finding: null };
  try {
    const unit = await crio.unit();
    if (!unit.isFound) return { outcome: 'applied', proof: 'none', finding: null };
    if (unit.active !== 'active') return { outcome: 'applied', proof: 'pending', finding: null };
    if (writtenAt !== null && unit.startedAtMs > Date.parse(writtenAt)) {
      return { outcome: 'applied', proof: 'started-after', finding: null };
    }
    const journal = await crio.journal();
    await crio.reload(settings.reloadTimeoutMs);
    const context = {
      mainPid: unit.mainPid,
      registriesConfPath: settings.registriesConf,
      expected: loadedConf(merged),
    };
    const evidence = journal === null ? null : await awaitEvidence(host, journal, context);
    return judge(evidence, settings);
  } catch (error) {
    // The file passed validation and stays; the reload is tried again.
    return { outcome: 'degraded', proof: 'pending', finding: findingOf(error) };
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

function judge(evidence: Evidence | null, settings: Settings): Verdict {
  if (evidence === null) {
    const noProof = finding(
      'noProof',
      null,
      `${settings.reloadUnit} was reloaded but did not say that it applied the file`,
      'set log_level = "info" in crio.conf, and see that journald runs; the file itself is valid and stays',
    );
    return { outcome: 'applied', proof: 'none', finding: noProof };
  }
  switch (evidence.proof) {
    case 'applied':
      return { outcome: 'applied', proof: 'applied', finding: null };
    case 'refused': {
      const refused = finding(
        'crioRefused',
        wholeFile(settings.registriesConf),
        `CRI-O refused the file, and the previous one is put back: ${escape(evidence.words)}`,
        'please report this with the policy files; icspd apply --retry tries it again',
      );
      return { outcome: 'rolled-back', proof: 'refused', finding: refused };
    }
    case 'blocked-elsewhere': {
      const culprit = evidence.file === null ? null : wholeFile(evidence.file);
      const blocked = finding(
        'crioBlocked',
        culprit,
        `CRI-O does not reload, and it is not registries.conf that it objects to: ${escape(evidence.words)}`,
        culprit === null
          ? `correct what ${settings.reloadUnit} says`
          : `correct ${quote(culprit.file)}; icspd does not own it`,
      );
      return { outcome: 'degraded', proof: 'blocked-elsewhere', finding: blocked };
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
