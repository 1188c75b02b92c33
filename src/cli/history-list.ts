// icspd history: the generations, newest first, one line each.
import type { GenerationRecord } from '../agent/record.ts';
import { escape } from '../escape.ts';
import type { Call } from './command.ts';
import { describeStanding, readStanding, type Standing } from './history.ts';
import type { JsonDocument } from './json-documents.ts';
import { jsonFindings, paint, type Output } from './output.ts';
import { briefWhoOf, timeOf } from './record-words.ts';

/** What fits on a screen. Only these are read: a node may have thousands. */
const usualCount = 20;

type Shown =
  | 'startedAt'
  | 'writtenAt'
  | 'outcome'
  | 'proof'
  | 'reason'
  | 'actor'
  | 'digest'
  | 'crioVersion'
  | 'icspdVersion'
  | 'deployment';

/** One generation as a list shows it: of its details only the first change, so that a long list stays small. */
interface Row {
  readonly number: number;
  /** Null: the record cannot be read. */
  readonly record: Pick<GenerationRecord, Shown> | null;
  readonly standing: readonly string[];
  readonly changes: { readonly count: number; readonly first: string | null };
}

/** Always 0: that nothing was applied yet is an answer. */
export async function list({ options, output, openAgent }: Call): Promise<number> {
  const { host } = await openAgent();
  const numbers = host.generations.numbers();
  const shown = options.has('all') ? numbers : numbers.slice(0, usualCount);
  const standing = readStanding(host);
  const rows = shown.map((number) => makeRow(number, host.generations.read(number), standing));
  const olderCount = numbers.length - shown.length;
  if (output.isJson) {
    const generations = rows.map(describeRow);
    const findings = jsonFindings(standing.findings);
    output.printJson('history', { generations, olderCount, hold: standing.hold, findings });
    return 0;
  }
  output.printFindings(standing.findings);
  if (rows.length === 0) output.tell('icspd has applied nothing yet');
  printRows(output, rows);
  if (olderCount > 0) output.tell(`${olderCount} older: icspd history --all`);
  return 0;
}

function makeRow(number: number, found: GenerationRecord | null, standing: Standing): Row {
  if (found === null) return { number, record: null, standing: [], changes: { count: 0, first: null } };
  const { startedAt, writtenAt, outcome, proof, reason, actor, digest, changes } = found;
  const { crioVersion, icspdVersion, deployment } = found;
  return {
    number,
    record: {
      ...{ startedAt, writtenAt, outcome, proof, reason, actor, digest },
      ...{ crioVersion, icspdVersion, deployment },
    },
    standing: describeStanding(found, standing),
    changes: { count: changes.length, first: changes[0] ?? null },
  };
}

/** The shape of history --json. */
function describeRow({
  number,
  record,
  standing,
  changes,
}: Row): JsonDocument<'history'>['generations'][number] {
  if (record === null) return { number, isReadable: false };
  const isInForce = standing.includes('in force');
  return { number, isReadable: true, isInForce, isHeld: standing.includes('held'), ...record, changes };
}

function printRows(output: Output, rows: readonly Row[]): void {
  const width = Math.max(0, ...rows.map(({ number }) => String(number).length));
  const outcomes = rows.map(({ record, standing }) => [record?.outcome ?? '', ...standing].join(', '));
  const outcomeWidth = Math.max(0, ...outcomes.map((words) => words.length));
  for (const [i, { number, record, standing, changes }] of rows.entries()) {
    const label = String(number).padStart(width);
    if (record === null) {
      output.print(`${label}  ${paint('the record cannot be read', '33', output.hasColorOut)}`);
      continue;
    }
    const outcome = (outcomes[i] ?? '').padEnd(outcomeWidth);
    const shown = standing.length === 0 ? outcome : paint(outcome, '1', output.hasColorOut);
    const why = `${escape(record.reason)} (${briefWhoOf(record)})`;
    const head = `${label}  ${timeOf(record.startedAt)}  ${shown}  ${why}`;
    // On a terminal on which both do not fit what changed has a line of its own.
    const room = output.columnsOut - head.length + (shown.length - outcome.length);
    const change = summarize(changes);
    if (change.length + 2 <= room) output.say(`${head}: ${change}`);
    else {
      output.say(`${head}:`, width + 2);
      output.say(`${' '.repeat(width + 2)}${change}`, width + 4);
    }
  }
}

function summarize({ count, first }: Row['changes']): string {
  if (first === null) return 'no change of meaning';
  return `${escape(first)}${count > 1 ? `, and ${count - 1} more` : ''}`;
}
