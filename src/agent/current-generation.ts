// Which generation is in force: moved on by a write, by another /etc that is booted, and by whoever made the file right.
import { unseal } from '../registries/seal.ts';
import { acceptedHere, findOtherEtc, isHeldHere } from './booted-etc.ts';
import { readEtcSigns } from './observation.ts';
import type { FileText, Host, TargetState } from './ports.ts';
import type { Actor, GenerationRecord, Pin } from './record.ts';
import { unknownSources, type Sources } from './sources.ts';
import { stampWritten } from './written.ts';

/**
 * Takes the state over to another /etc, if that is what is booted, so that an order can be given there: what was accepted
 * elsewhere does not count, and what is on disk is in force.
 * @param pin the hold from before the order
 */
export function moveToBootedEtc(host: Host, by: { readonly actor: Actor }, pin: Pin | null): void {
  const signs = readEtcSigns(host);
  const other = findOtherEtc(signs);
  if (other === null) return;
  // In this order: cut off in between, /etc is found to be another one again.
  if (!isHeldHere(pin, signs)) host.accepted.write(acceptedHere(host.accepted.read().files, other));
  pointAtDisk(host, signs.target, by);
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
  if (isOurs) takeAsCurrent(host, file, by, sources);
  else host.generations.setCurrent(null);
}

/** Takes what is on disk, whoever put it there, as the generation in force; its reload is owed. `file` null: there is none. */
export function takeAsCurrent(
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
  const stamp = { ...stampWritten(host), reloadFailures: null };
  host.generations.patch(number, { outcome: 'applied', proof: 'pending', ...stamp });
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
