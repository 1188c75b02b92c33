// Writes audit events into the journal, each one entry with fields, attributed to the unit.
import { auditMessageIds, type AuditEvent } from '../agent/audit-event.ts';
import type { Clock } from '../agent/ports.ts';
import { makeRateLimit, type Rate } from '../rate-limit.ts';
import { escape } from '../escape.ts';
import { HostError } from '../host-error.ts';
import { runCommand } from './command.ts';

const loggerTimeoutMs = 5_000;
/** journald cuts nothing below its LineMax of 48 KiB. */
const maxFieldLength = 40_000;
/** Each entry is a child process; so many of one reconcile at most. */
const maxStates = 20;
/** States that come and go are told so often; acts, and that nothing can be written, always. */
const rateOfStates: Rate = { burst: 60, refillMs: 60_000 };
/** syslog(3): notice for acts, warning for what somebody has to mend. */
const priorities = { act: '5', state: '4' } as const;

/** What a trail is written with. */
export interface AuditPorts {
  readonly clock: Clock;
  /** The process that an entry is about: the daemon, also where a command acts on its node. */
  readonly subjectPid: () => number;
  /** On what kind of node this is; asked at the first act, and no more. '' where that is not known. */
  readonly describeNode: () => Promise<string>;
}

/**
 * A writer of audit events. The events of one reconcile come together: a state that the reconcile before had too is not
 * told again. Never throws: a journal that is gone does not keep the agent from its work.
 */
export function openAudit(ports: AuditPorts): (events: readonly AuditEvent[]) => Promise<void> {
  const limit = makeRateLimit(ports.clock, rateOfStates);
  let lasting = new Set<string>();
  let node: Promise<string> | null = null;
  return async (events) => {
    const states = new Set(events.filter(({ isState }) => isState).map(keyOf));
    const news = events.filter((event) => !event.isState || !lasting.has(keyOf(event)));
    lasting = states;
    for (const event of boundNews(news)) {
      if (isLimited(event) && !limit.take()) {
        // Told later, if it lasts.
        lasting.delete(keyOf(event));
        continue;
      }
      const pid = ports.subjectPid();
      const facts = event.isState ? '' : await (node ??= ports.describeNode());
      // The loop waits for the trail, so that what is not taken now is not tried further. It stands in the log as well.
      if (!(await send(formatEntry(event, pid, facts)))) return;
    }
  };
}

function keyOf({ key, message }: AuditEvent): string {
  return key ?? message;
}

function isLimited({ name, isState }: AuditEvent): boolean {
  return isState && name !== 'refused';
}

/** All that must be told; of the other states the first ones, and how many more there are: a thousand broken files are one piece of news. */
function boundNews(news: readonly AuditEvent[]): readonly AuditEvent[] {
  const unlimited = news.filter((event) => !isLimited(event));
  const states = news.filter(isLimited);
  const last = states[maxStates - 1];
  if (last === undefined || states.length === maxStates) return [...unlimited, ...states];
  const rest = `${last.name}: and ${states.length - maxStates + 1} more; see icspd status`;
  return [...unlimited, ...states.slice(0, maxStates - 1), { ...last, message: rest, fields: {} }];
}

/** Whether logger took the entry. */
async function send(entry: string): Promise<boolean> {
  try {
    const options = { timeoutMs: loggerTimeoutMs, stdinText: entry };
    return (await runCommand('logger', ['--journald'], options)).exitCode === 0;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}

/** One `FIELD=value` a line; a line feed in a value would begin a field of its own, so every value is escaped. */
export function formatEntry(
  { name, isState, message, fields }: AuditEvent,
  subjectPid: number,
  node: string,
): string {
  const entry: Record<string, string> = {
    MESSAGE: message,
    MESSAGE_ID: auditMessageIds[name],
    PRIORITY: isState ? priorities.state : priorities.act,
    SYSLOG_IDENTIFIER: 'icspd',
    OBJECT_PID: String(subjectPid),
    ICSPD_EVENT: name,
  };
  for (const [field, value] of Object.entries({ ...fields, NODE: node })) {
    if (value !== '') entry[`ICSPD_${field}`] = value;
  }
  return Object.entries(entry)
    .map(([field, value]) => `${field}=${escape(value).slice(0, maxFieldLength)}\n`)
    .join('');
}
