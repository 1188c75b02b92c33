// /run/icspd/status.json: the last look's status for everybody to read, replaced as a whole.
import type { Log } from '../agent/ports.ts';
import type { PublishedStatus } from '../agent/published-status.ts';
import { describeFinding } from '../finding.ts';
import { escapeJson } from '../escape.ts';
import { findingOf, HostError } from '../host-error.ts';
import type { Paths } from '../paths.ts';
import { makeDirectory, writeDurably } from './durable-file.ts';
import { has, isInteger, isText, isTime, orNull, parseJson } from './json-checks.ts';
import { readIfThere } from './text-file.ts';

type Place = Pick<Paths, 'root' | 'status' | 'runtimeDir'>;

/** What `icspd status` shows of it; a newer icspd may have put more there. */
const isValid = has({
  look: has({ at: isTime, staleAt: isTime, by: isText }),
  health: isText,
  why: isText,
  generation: orNull(isInteger),
  outcome: orNull(isText),
  proof: orNull(isText),
  since: orNull(isTime),
  digest: orNull(isText),
  disk: orNull(isText),
  pin: orNull(has({ generation: orNull(isInteger), since: isTime, until: orNull(isTime) })),
  waitingCount: isInteger,
});

/** The returned function never throws: who cannot tell goes on, and says so once. */
export function openPublisher({ status, runtimeDir }: Place, log: Log): (news: PublishedStatus) => void {
  let isBroken = false;
  return (news) => {
    try {
      makeDirectory(runtimeDir, 0o755);
      writeDurably(status, `${escapeJson(JSON.stringify(news, null, 2))}\n`, 0o644);
      isBroken = false;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // Who may not write there is no daemon, and is told already that nothing was done.
      if (!isBroken && error.findingName !== 'accessDenied')
        log('warning', `the status is not published: ${describeFinding(findingOf(error))}`);
      isBroken = true;
    }
  };
}

/** What was published last, since the boot; null where nothing was, or nothing that can be read. */
export function readPublished({ status, root }: Place): PublishedStatus | null {
  try {
    const bytes = readIfThere(status, root)?.bytes;
    const document = bytes === undefined ? null : parseJson(bytes);
    return isPublished(document) ? document : null;
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

function isPublished(value: unknown): value is PublishedStatus {
  return isValid(value);
}
