// Finds where indentation, brackets or colons of a YAML document go wrong, as its author sees it: line by line.
import { lineAt, type SourceText } from './source-text.ts';
import { findFlowEnd } from './flow.ts';
import { type Head, type LineValue, readLine } from './layout-line.ts';

/** The place to change, and what to change there. It names no text of the file, which may be a secret. */
export interface LayoutFault {
  readonly at: number;
  readonly message: string;
  readonly help: string;
}

/** A map or list that is open, with the latest line on which it went on. Lines and columns are 0-based. */
interface Level extends Head {
  readonly line: number;
}

/** More is no policy file, and would make the search slow. */
const maxLevels = 200;

/**
 * Looks for the first mistake of layout between the beginning of the document and the next line behind `offset`.
 * @param offset where the parser gave up; a mistake of layout stands there, on the next line, or at the bracket or
 * quote before
 * @returns null where the layout is not to blame
 */
export function findLayoutFault(source: SourceText, offset: number): LayoutFault | null {
  const { text } = source;
  const marker = Math.max(text.lastIndexOf('\n---', offset - 2), text.lastIndexOf('\n...', offset - 2));
  const blamed = lineAt(source, offset) - 1;
  const layout = new Layout(source);
  let line = marker === -1 ? 0 : lineAt(source, marker + 1) - 1;
  let isBehind = false;
  while (line < source.lineStarts.length && !isBehind) {
    const read = layout.take(line);
    if ('fault' in read) {
      const at = lineAt(source, read.fault.at) - 1;
      return at >= blamed || read.isOpen ? read.fault : null;
    }
    isBehind = line > blamed && !read.isBlank;
    line = read.next;
  }
  return null;
}

type Step =
  | { readonly next: number; readonly isBlank: boolean }
  | { readonly fault: LayoutFault; readonly isOpen: boolean };

class Layout {
  readonly #source: SourceText;
  #levels: readonly Level[] = [];
  /** The key or dash that waits for its value on the next line. */
  #waiting: Head | null = null;
  /** Text without a colon, which may have been meant as a key. */
  #bare: { readonly column: number; readonly at: number } | null = null;

  constructor(source: SourceText) {
    this.#source = source;
  }

  /** Reads one line; `next` is the line behind what it begins, which may go on for several. */
  take(line: number): Step {
    const { text, lineStarts } = this.#source;
    const start = lineStarts[line] ?? 0;
    const written = text.slice(start, lineStarts[line + 1] ?? text.length).trimEnd();
    const read = readLine(written);
    if (read.type === 'marker' || this.#levels.length > maxLevels) {
      this.#levels = [];
      this.#waiting = null;
      return { next: line + 1, isBlank: false };
    }
    if (read.type === 'fault') return { fault: { ...read, at: start + read.column }, isOpen: false };
    if (read.type !== 'content') return { next: line + 1, isBlank: true };
    const fault = this.#place(read.heads, line, start);
    if (fault !== null) return { fault, isOpen: false };
    return this.#takeValue(read.value, read.heads.at(-1) ?? null, line, start);
  }

  #takeValue(value: LineValue, head: Head | null, line: number, start: number): Step {
    this.#waiting = value.type === 'none' ? head : null;
    this.#bare =
      value.type === 'plain' && head?.type !== 'map' && value.isWord
        ? { column: value.column, at: start + value.column }
        : null;
    switch (value.type) {
      case 'none':
      case 'plain':
        return { next: line + 1, isBlank: false };
      case 'block':
        return { next: this.#skipBlock(line + 1, head?.column ?? -1), isBlank: false };
      case 'flow': {
        const parent = (head ?? this.#levels.at(-1))?.column ?? -1;
        const end = findFlowEnd(this.#source.text, start + value.column, parent);
        if ('fault' in end) return { fault: end.fault, isOpen: true };
        return { next: lineAt(this.#source, end.offset), isBlank: false };
      }
    }
  }

  /**
   * Opens, or goes on with, the maps and lists that the line begins; says what is wrong if the first of them cannot.
   */
  #place(heads: readonly Head[], line: number, start: number): LayoutFault | null {
    const [first, ...others] = heads;
    if (first === undefined) return null;
    if (this.#bare !== null && first.column >= this.#bare.column) {
      return {
        at: this.#bare.at,
        message: 'no colon stands behind the key on this line',
        help: 'write a colon behind the key, and a space or a new line behind the colon',
      };
    }
    const kept = this.#levelsBefore(first);
    if (kept === null) return misplaced(first, this.#candidates(first), start);
    this.#levels = [...kept, ...[first, ...others].map((head) => ({ ...head, line }))];
    return null;
  }

  /** The levels that stay open around a head; null if it has no place there. */
  #levelsBefore(head: Head): readonly Level[] | null {
    if (this.#levels.length === 0 || isValueOf(head, this.#waiting)) return this.#levels;
    const sibling = this.#levels.findLastIndex(
      ({ type, column }) => type === head.type && column === head.column,
    );
    return sibling === -1 ? null : this.#levels.slice(0, sibling);
  }

  /**
   * Where the head could stand: with the maps if it is a key, with the lists, or right below its key, if it is an item.
   */
  #candidates({ type }: Head): readonly Level[] {
    const siblings = this.#levels.filter((level) => level.type === type);
    const parent = type === 'list' && this.#waiting?.type === 'map' ? this.#levels.at(-1) : undefined;
    return parent === undefined ? siblings : [...siblings, parent];
  }

  #skipBlock(first: number, parent: number): number {
    const { text, lineStarts } = this.#source;
    let line = first;
    for (; line < lineStarts.length; line += 1) {
      const written = text.slice(lineStarts[line], lineStarts[line + 1] ?? text.length);
      if (written.trim() !== '' && written.search(/[^ ]/) <= parent) break;
    }
    return line;
  }
}

/** A list may stand right below its key, not further in. */
function isValueOf({ type, column }: Head, waiting: Head | null): boolean {
  if (waiting === null) return false;
  return column > waiting.column || (column === waiting.column && type === 'list' && waiting.type === 'map');
}

/** Names the nearest columns in which the line could begin. */
function misplaced({ column }: Head, candidates: readonly Level[], start: number): LayoutFault | null {
  const inner = candidates.find((level) => level.column > column);
  const outer = candidates.findLast((level) => level.column < column);
  const at = start + column;
  if (inner !== undefined && outer !== undefined) {
    const message = `this line begins in column ${column + 1}, where nothing before it begins`;
    return { at, message, help: `begin it in ${columnOf(inner)}, or in ${columnOf(outer)}` };
  }
  const near = inner ?? outer;
  if (near === undefined) return null;
  const by = Math.abs(near.column - column);
  const direction = near === inner ? 'little' : 'far';
  const message = `this line is indented by ${by} ${by === 1 ? 'column' : 'columns'} too ${direction}`;
  return { at, message, help: `begin it in ${columnOf(near)}` };
}

function columnOf({ column, line }: Level): string {
  return `column ${column + 1} as on line ${line + 1}`;
}
