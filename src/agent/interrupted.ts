// Finishes or undoes what an earlier process began, by looking at the file, not by believing the record.
import { unseal } from '../registries/render.ts';
import type { FileText, Host } from './ports.ts';
import type { Actor, GenerationRecord } from './record.ts';
import { unknownSources, type Sources } from './sources.ts';

/**
 * Settles an apply of this deployment that was cut off, in this boot or an earlier one: if its text is on disk it counts as
 * applied, with its reload still owed; if not, it never happened. Either way no temp file and no link of it stays.
 * One of another deployment has its file there: it waits until that one is booted again.
 */
export function settleInterrupted(host: Host): void {
  host.target.sweep();
  const newest = host.generations.walk().find(({ deployment }) => isHere(host, deployment));
  if (newest?.outcome !== 'pending') return;
  const target = host.target.read();
  if (target.state === 'unusable') return;
  const onDisk = target.state === 'file' ? target.file.digest : null;
  if (onDisk === newest.digest) putInForce(host, newest);
  else host.generations.patch(newest.number, { outcome: 'refused', proof: 'none' });
}

/** Where either is not known there is but one. */
function isHere(host: Host, deployment: string | null): boolean {
  return deployment === null || host.deployment === null || deployment === host.deployment;
}

/**
 * Points `current` at the rendering that is on disk, if it is another one of ours: the OS was rolled back or forward, or
 * the image came with a rendering. One that this node never wrote is recorded first.
 */
export function pointAtDisk(
  host: Host,
  by: { readonly actor: Actor },
  sources: Sources = unknownSources,
): void {
  const target = host.target.read();
  if (target.state !== 'file' || host.generations.current()?.digest === target.file.digest) return;
  if (isRendering(host, target.file.bytes)) adopt(host, target.file, by, sources);
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

/** Our header over the body that it was made for. */
function isRendering(host: Host, bytes: Uint8Array): boolean {
  const sealed = unseal(new TextDecoder().decode(bytes));
  return sealed !== null && host.digest(sealed.body) === sealed.digest;
}

function putInForce(host: Host, { number }: GenerationRecord): void {
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
  });
}
