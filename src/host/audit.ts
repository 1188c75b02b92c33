// Writes audit events into the journal, each one entry with fields, attributed to the unit.
import { auditMessageIds, type AuditEvent } from '../agent/audit-event.ts';
import { escape } from '../escape.ts';
import { HostError } from '../host-error.ts';
import { runCommand } from './command.ts';

const loggerTimeoutMs = 5_000;
/** journald cuts nothing below its LineMax of 48 KiB. */
const maxFieldLength = 40_000;
/** Each entry is a child process; so many of one reconcile at most. */
const maxStates = 20;
/** syslog(3): notice for acts, warning for what somebody has to mend. */
const priorities = { act: '5', state: '4' } as const;

/**
 * A writer of audit events. The events of one reconcile come together: a state that the reconcile before had too is not
 * told again. Never throws: a journal that is gone does not keep the agent from its work.
 */
export function openAudit(): (events: readonly AuditEvent[]) => Promise<void> {
  let lasting = new Set<string>();
  return async (events) => {
    const states = new Set(events.filter(({ isState }) => isState).map(keyOf));
    const news = events.filter((event) => !event.isState || !lasting.has(keyOf(event)));
    lasting = states;
    for (const event of boundNews(news)) {
      // The loop waits for the trail, so that what is not taken now is not tried further. It stands in the log as well.
      if (!(await send(event))) return;
    }
  };
}

function keyOf({ key, message }: AuditEvent): string {
  return key ?? message;
}

/** Acts all; of the states the first ones, and how many more there are: a thousand broken files are one piece of news. */
function boundNews(news: readonly AuditEvent[]): readonly AuditEvent[] {
  const acts = news.filter(({ isState }) => !isState);
  const states = news.filter(({ isState }) => isState);
  const last = states[maxStates - 1];
  if (last === undefined || states.length === maxStates) return [...acts, ...states];
  const rest = `${last.name}: and ${states.length - maxStates + 1} more; see icspd status`;
  return [...acts, ...states.slice(0, maxStates - 1), { ...last, message: rest, fields: {} }];
}

/** Whether logger took the entry. */
async function send(event: AuditEvent): Promise<boolean> {
  try {
    const options = { timeoutMs: loggerTimeoutMs, stdinText: formatEntry(event) };
    return (await runCommand('logger', ['--journald'], options)).exitCode === 0;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}

/** One `FIELD=value` a line; a line feed in a value would begin a field of its own, so every value is escaped. */
export function formatEntry({ name, isState, message, fields }: AuditEvent): string {
  const entry: Record<string, string> = {
    MESSAGE: message,
    MESSAGE_ID: auditMessageIds[name],
    PRIORITY: isState ? priorities.state : priorities.act,
    SYSLOG_IDENTIFIER: 'icspd',
    OBJECT_PID: String(process.pid),
    ICSPD_EVENT: name,
  };
  for (const [field, value] of Object.entries(fields)) {
    if (value !== '') entry[`ICSPD_${field}`] = value;
  }
  return Object.entries(entry)
    .map(([field, value]) => `${field}=${escape(value).slice(0, maxFieldLength)}\n`)
    .join('');
}
