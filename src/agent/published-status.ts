// The status that every look publishes on the node, for everybody to read: its shape, that of /run/icspd/status.json.
import type { FileState } from '../policy/accept.ts';
import type { Finding } from '../finding.ts';
import type { Answer } from './health-answer.ts';
import type { DiskState } from './disk-state.ts';
import type { GenerationRecord, Outcome, Pin } from './record.ts';

/**
 * Members that `icspd status --json` has as well mean the same. There is no text of any file in it, nor of an operator: names of
 * files, numbers, words of icspd, and digests only, since who reads it may not be allowed to read the files.
 */
export interface PublishedStatus {
  /** Who looked last and when, what came of it, and until when another look is due; later than that nobody looks any more. */
  readonly look: {
    readonly at: string;
    readonly staleAt: string;
    readonly by: string;
    readonly outcome: Outcome;
    readonly icspdVersion: string;
  };
  readonly health: Exclude<Answer['health'], 'not running'>;
  readonly why: string;
  readonly generation: number | null;
  readonly outcome: GenerationRecord['outcome'] | null;
  readonly proof: GenerationRecord['proof'] | null;
  readonly since: string | null;
  /** sha256 of the generation's file. */
  readonly digest: string | null;
  readonly disk: DiskState | null;
  readonly registriesConf: string;
  readonly pin: Pick<Pin, 'generation' | 'since' | 'until'> | null;
  readonly files: readonly Pick<FileState, 'path' | 'state' | 'standingInSince'>[];
  readonly waitingCount: number;
  readonly planDigest: string | null;
  readonly crioVersion: string | null;
  readonly findings: readonly (Pick<Finding, 'id' | 'severity' | 'file' | 'line' | 'column'> & {
    /** What the id stands for. */
    readonly title: string;
  })[];
}
