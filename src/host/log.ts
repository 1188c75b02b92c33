// The daemon's log: lines on stdout with a priority in front, for journald.
import type { Log, LogSeverity } from '../agent/ports.ts';
import { escape } from '../escape.ts';

export interface JournalLog extends Log {
  /** Drops what is less severe. */
  setLevel(level: LogSeverity): void;
  /** Resolves once everything that was logged has been handed to stdout. */
  flush(): Promise<void>;
}

const flushTimeoutMs = 2_000;

/** syslog(3), which journald understands as `<N>` in front of a line (sd-daemon(3)). */
const priorities: Readonly<Record<LogSeverity, number>> = {
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

/**
 * A log on `stream`, one line per line of the message, each escaped. Loses lines silently where nobody reads them (EPIPE):
 * a daemon whose journal is gone goes on.
 */
export async function makeJournalLog(
  stream: NodeJS.WritableStream = process.stdout,
  level: LogSeverity = 'info',
): Promise<JournalLog> {
  const { createLogger, format, transports } = await import('winston');
  stream.on('error', () => undefined);
  const logger = createLogger({
    levels: priorities,
    level,
    format: format.printf(({ level: severity, message }) => prefixLines(severity, String(message))),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types call its classes interfaces
    transports: [new transports.Stream({ stream, eol: '\n' })],
  });
  logger.on('error', () => undefined);
  const log: Log = (severity, message) => {
    logger.log(severity, message);
  };
  return Object.assign(log, {
    isOn: (severity: LogSeverity) => logger.isLevelEnabled(severity),
    setLevel(newLevel: LogSeverity) {
      logger.level = newLevel;
    },
    async flush() {
      // A reader that has stopped reading must not keep the daemon from stopping.
      const late = AbortSignal.timeout(flushTimeoutMs);
      // Winston hands lines on in batches, and only what has reached the stream is waited for by the stream.
      const buffers = [logger, ...logger.transports];
      const isHeld = (): boolean =>
        buffers.some(({ writableLength }) => writableLength > 0) || logger.readableLength > 0;
      while (isHeld() && !late.aborted) await nextTurn();
      if (late.aborted) return;
      await new Promise<void>((resolve) => {
        late.addEventListener('abort', () => resolve());
        stream.write('', () => resolve());
      });
    },
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function prefixLines(severity: string, message: string): string {
  const priority = isSeverity(severity) ? priorities[severity] : priorities.info;
  return message
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => `<${priority}>${escape(line)}`)
    .join('\n');
}

function isSeverity(text: string): text is LogSeverity {
  return Object.hasOwn(priorities, text);
}
