// The journal of the system, read from a point on: the boot id is the machine's own, so `-b` would not do.
import { type System, until } from './system.ts';

/** One entry; fields that are not text are left out. */
type Entry = Readonly<Record<string, string>>;

/** A point in the journal. */
export type Mark = string;

/** The end of the journal, now. */
export async function mark(system: System): Promise<Mark> {
  const shown = await system.must(
    'journalctl',
    '--quiet',
    '--no-pager',
    '--lines=1',
    '--show-cursor',
    '--output=cat',
  );
  const cursor = /^-- cursor: (.*)$/m.exec(shown)?.[1];
  if (cursor === undefined) throw new Error(`journalctl shows no cursor: ${shown}`);
  return cursor;
}

/** The entries after a point that `journalctl` matches select, such as `--unit=crio` or `ICSPD_EVENT=applied`. */
export async function entries(
  system: System,
  after: Mark,
  ...matches: readonly string[]
): Promise<readonly Entry[]> {
  // Not --after-cursor: with matches, journalctl of systemd 252 leaves out the first entry behind the cursor.
  const options = ['--quiet', '--no-pager', '--output=json', '--all', `--cursor=${after}`];
  const shown = await system.must('journalctl', ...options, ...matches);
  const found = shown.split('\n').filter(Boolean).map(parseEntry);
  return found.filter(({ __CURSOR: cursor }) => cursor !== after);
}

function parseEntry(line: string): Entry {
  const value: unknown = JSON.parse(line);
  const texts = Object.entries(value ?? {}).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** The messages of a unit after a point. */
export async function messages(system: System, after: Mark, unit: string): Promise<readonly string[]> {
  return (await entries(system, after, `--unit=${unit}`)).map((entry) => entry['MESSAGE'] ?? '');
}

/** Waits for a unit's message that matches; gives it. */
export async function untilMessage(
  system: System,
  after: Mark,
  unit: string,
  pattern: RegExp,
): Promise<string> {
  return until(`${unit} logs ${String(pattern)}`, async () =>
    (await messages(system, after, unit)).find((message) => pattern.test(message)),
  );
}
