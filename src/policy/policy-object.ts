// One policy document on its way into rules: what every kind's reader is given, and what it gives back.
import type { MirrorRule, RegistrySources } from './rule.ts';
import type { MapNode } from './node.ts';
import type { Report } from './report.ts';

export type Group = MirrorRule['rank']['group'];

/** A document of a kind and version of ours, with a name and a spec. */
export interface PolicyDocument {
  readonly group: Group;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly spec: MapNode;
  readonly report: Report;
  readonly quota: Quota;
}

/** What one document asks for. */
export interface DocumentContent {
  readonly rules: readonly MirrorRule[];
  readonly registrySources: readonly RegistrySources[];
}

/** Turns a document into what it asks for; reports what is wrong and goes on, since any error refuses the file anyway. */
export type ReadKind = (document: PolicyDocument) => DocumentContent;

const maxEntries = 10_000;

/** How many entries the file may still have. */
export class Quota {
  #left = maxEntries;

  /** Takes `count` entries; false, with one finding for the file, if there are not that many. */
  take(count: number, offset: number, report: Report): boolean {
    const hadRoom = this.#left >= 0;
    this.#left -= count;
    if (this.#left >= 0) return true;
    if (hadRoom) {
      const message = `the file has more than ${maxEntries} entries from here on`;
      report.add({ name: 'tooManyEntries', message, help: 'split it into several files' }, offset);
    }
    this.#left = -1;
    return false;
  }
}
