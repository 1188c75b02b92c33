// The lines as one table for people, and as data to compare with those of another day.
import { isWithinBar, ratioOf, type Line, type Spread } from './row.ts';

const columns = ['what', 'ours', 'spread', 'peer', 'spread', 'ratio', 'bar', ''] as const;

/** One table, columns aligned. @param isJudged whether each line ends with pass or fail */
export function formatTable(lines: readonly Line[], isJudged: boolean): string {
  const rows = [columns, ...lines.map((line) => [...figuresOf(line), isJudged ? verdictOf(line) : ''])];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows
    .map((row) => row.map((cell, i) => pad(cell, widths[i] ?? 0, i === 0)))
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .join('');
}

function pad(cell: string, width: number, isText: boolean): string {
  return isText ? cell.padEnd(width) : cell.padStart(width);
}

function figuresOf(line: Line): readonly string[] {
  const { what, unit, ours, peer, peerName, bar } = line;
  const head = [what, `${figure(ours.median)} ${unit}`, range(ours)];
  if (peer === null) return [...head, '', '', '', `≤ ${figure(bar)} ${unit}`];
  const theirs = [`${peerName} ${figure(peer.median)} ${unit}`, range(peer)];
  return [...head, ...theirs, figure(ratioOf(line)), `≤ ${figure(bar)}`];
}

function verdictOf(line: Line): string {
  return isWithinBar(line) ? 'pass' : 'FAIL';
}

function range({ least, most, runs }: Spread): string {
  return `${figure(least)}–${figure(most)} (${runs})`;
}

/** Three digits that count. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** The figures, with what they were measured on. */
export function describeLines(lines: readonly Line[], machine: object): object {
  return {
    machine,
    lines: lines.map((line) => ({ ...line, ratio: ratioOf(line), isWithinBar: isWithinBar(line) })),
  };
}
