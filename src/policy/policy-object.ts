// One policy document on its way into rules: what every kind's reader is given, and what it gives back.
import type { MirrorRule, RegistrySources } from './rule.ts';
import type { ForeignField } from './fields.ts';
import type { MapNode } from './node.ts';
import type { FileReport } from './report.ts';

/** The API group of a policy. */
export type Group = MirrorRule['rank']['group'];

/** A document of a kind and version of ours, with a name and a spec. */
export interface PolicyDocument {
  readonly group: Group;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly spec: MapNode;
  /** Says of a key of `spec` that the kind does not have where it belongs. */
  readonly foreignField: ForeignField;
  readonly report: FileReport;
  readonly quota: Quota;
}

/** What one document asks for. */
export interface DocumentContent {
  readonly rules: readonly MirrorRule[];
  readonly registrySources: readonly RegistrySources[];
}

/**
 * Turns a document into what it asks for; reports what is wrong and goes on, since any error refuses the file anyway.
 */
export type ReadKind = (document: PolicyDocument) => DocumentContent;

/** Far more mirrors than fit into a file of 1 MiB unless aliases repeat them. */
const most = { entries: 10_000, mirrors: 40_000 } as const;

/** How many entries and mirrors the file may still have. */
export class Quota {
  readonly #left: Record<keyof typeof most, number> = { ...most };

  /** Takes `count` of them; false, with one finding for the file, if there are not that many. */
  take(what: keyof typeof most, count: number, offset: number, report: FileReport): boolean {
    const hadRoom = this.#left[what] >= 0;
    this.#left[what] -= count;
    if (this.#left[what] >= 0) return true;
    if (hadRoom) {
      const message = `the file has more than ${most[what]} ${what}`;
      report.add({ name: 'tooManyEntries', message, help: 'split it into several files' }, offset);
    }
    this.#left[what] = -1;
    return false;
  }
}
