// Finishes or undoes what an earlier process began, by looking at the file, not by believing the record.
import { unseal } from '../registries/seal.ts';
import { acceptedHere, findOtherEtc } from './booted-etc.ts';
import type { FileText, Host, TargetState } from './ports.ts';
import type { Actor, GenerationRecord } from './record.ts';
import { unknownSources, type Sources } from './sources.ts';

/** As far back as is looked for an apply of this deployment: longer histories, all of others, must not slow each reconcile. */
const longestLookBack = 200;

/**
 * Settles an apply of this deployment that was cut off, in this boot or an earlier one: if its text is on disk it counts as
 * applied, with its reload still owed; if not, it never happened. Either way no temp file and no link of it stays.
 * One of another deployment has its file there: it waits until that one is booted again.
 */
export function settleInterrupted(host: Host): void {
  host.target.sweep();
  const latest = host.generations.walk().take(longestLookBack);
  const newest = latest.find(({ deployment }) => isHere(host, deployment));
  if (newest?.outcome !== 'pending') return;
  const target = host.target.read();
  if (target.state === 'unusable') return;
  const onDisk = target.state === 'file' ? target.file.digest : null;
  if (onDisk === newest.digest && hasItsBaseline(host, newest)) putInForce(host, newest);
  else host.generations.patch(newest.number, { outcome: 'refused', proof: 'none' });
}

/** Where either is not known there is but one. */
function isHere(host: Host, deployment: string | null): boolean {
  return deployment === null || host.deployment === null || deployment === host.deployment;
}

/** Where the baseline was to be replaced first, the same text on disk may be what was there before. */
function hasItsBaseline({ baseline }: Host, { baselineChange, baselineDigest }: GenerationRecord): boolean {
  if (baselineChange === undefined) return true;
  const found = baseline.read();
  return found.state === 'captured' && found.file.digest === baselineDigest;
}

/**
 * Takes the state over to another /etc, if that is what is booted, so that an order can be given there: what was accepted
 * elsewhere does not count, and what is on disk is in force.
 */
export function moveToBootedEtc(host: Host, by: { readonly actor: Actor }): void {
  const target = host.target.read();
  const other = findOtherEtc({
    target,
    baseline: host.baseline.read(),
    current: host.generations.current(),
    newestOf: (digest) => host.generations.newestOf(digest),
    digest: (text) => host.digest(text),
  });
  if (other === null) return;
  // In this order: cut off in between, /etc is found to be another one again.
  host.accepted.write(acceptedHere(host.accepted.read().files, other));
  pointAtDisk(host, target, by);
}

/**
 * Points `current` at the rendering on disk that another /etc came with: the OS was rolled back or forward, or the image
 * has a rendering. One that this node never wrote is recorded first; where there is no rendering, nothing is in force.
 */
export function pointAtDisk(
  host: Host,
  target: TargetState,
  by: { readonly actor: Actor },
  sources: Sources = unknownSources,
): void {
  const file = target.state === 'file' ? target.file : null;
  const isOurs = file !== null && unseal(new TextDecoder().decode(file.bytes)) !== null;
  if (isOurs) adopt(host, file, by, sources);
  else host.generations.setCurrent(null);
}

/** Takes what is on disk, whoever put it there, as the generation in force; its reload is owed. `file` null: there is none. */
export function adopt(
  host: Host,
  file: FileText | null,
  by: { readonly actor: Actor },
  sources: Sources = unknownSources,
): void {
  const known = host.generations.newestOf(file?.digest ?? null);
  putInForce(host, known ?? recordFound(host, file, by.actor, sources));
}

/** The record's text is on disk, durably; its reload is owed. */
export function putInForce(host: Host, { number }: GenerationRecord): void {
  // In this order: cut off in between, a record that is pending still is, and is settled by the next reconcile.
  host.generations.setCurrent(number);
  host.generations.patch(number, {
    outcome: 'applied',
    proof: 'pending',
    writtenAt: host.clock.now().toISOString(),
  });
}

function recordFound(host: Host, file: FileText | null, actor: Actor, sources: Sources): GenerationRecord {
  return host.generations.begin({
    startedAt: host.clock.now().toISOString(),
    reason: 'found on disk: this node did not write it',
    actor,
    digest: file?.digest ?? null,
    previousDigest: null,
    inputsDigest: '',
    ...sources,
    crioVersion: null,
    icspdVersion: host.version,
    bootId: host.bootId,
    deployment: host.deployment,
    changes: [],
    text: file?.bytes ?? null,
    previousText: null,
    evidence: [],
  });
}
