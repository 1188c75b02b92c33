// One line of block YAML: the dashes and the key that it begins with, and what kind of value follows.

/** A dash or a key; `column` is 0-based. */
export interface Head {
  readonly type: 'map' | 'list';
  readonly column: number;
}

/**
 * `none`: it follows on the next line. `flow`: begins with a bracket or a quote. `block`: the lines below are text.
 * `isWord`: it may have been meant as a key, since it begins with a word of letters.
 */
export type LineValue =
  | { readonly type: 'none' | 'block' }
  | { readonly type: 'flow'; readonly column: number }
  | { readonly type: 'plain'; readonly column: number; readonly isWord: boolean };

/** A line; `marker` is that of a document, `fault` a mistake within the line itself. */
export type Line =
  | { readonly type: 'blank' | 'marker' }
  | { readonly type: 'content'; readonly heads: readonly Head[]; readonly value: LineValue }
  | { readonly type: 'fault'; readonly column: number; readonly message: string; readonly help: string };

/** Reads a line without its end. What follows a bracket, a quote or `|` is not looked into. */
export function readLine(written: string): Line {
  let column = written.search(/[^ ]/);
  if (column === -1 || written.charAt(column) === '#') return { type: 'blank' };
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(written)) return { type: 'marker' };
  const heads: Head[] = [];
  for (;;) {
    const dash = matchAt(/-(?:\s+|$)/y, written, column);
    if (dash === null) break;
    heads.push({ type: 'list', column });
    column += dash.length;
  }
  const key = matchAt(keyPattern, written, column);
  if (key === null) return { type: 'content', heads, value: valueAt(written, column) };
  if (key.startsWith('-')) {
    const message = 'no space stands behind the dash';
    return { type: 'fault', column, message, help: 'write a space between the dash and the key' };
  }
  heads.push({ type: 'map', column });
  const value = valueAt(written, column + key.length);
  const second = value.type === 'plain' ? secondColon(written, value.column) : -1;
  if (second === -1) return { type: 'content', heads, value };
  const message = 'this line has a second colon with nothing or a space behind it';
  return { type: 'fault', column: second, message, help: 'put the value in quotes, or begin a new line' };
}

const keyPattern =
  /(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#'"[\]{},&*!|>%@`](?:[^\s:]|:(?=\S)|\s(?!#))*)\s*:(?:\s+|$)/y;

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function valueAt(written: string, from: number): LineValue {
  const rest = written.slice(from);
  if (/^\s*(?:[&!]\S*)?\s*(?:#.*)?$/.test(rest)) return { type: 'none' };
  const column = from + rest.search(/\S/);
  const first = written.charAt(column);
  if (first === '|' || first === '>') return { type: 'block' };
  if ('[{"\''.includes(first)) return { type: 'flow', column };
  return { type: 'plain', column, isWord: /^[A-Za-z]+(?:[\s:]|$)/.test(written.slice(column)) };
}

function secondColon(written: string, from: number): number {
  const comment = written.indexOf(' #', from);
  const value = written.slice(from, comment === -1 ? undefined : comment);
  const at = value.search(/:(?:\s|$)/);
  return at === -1 ? -1 : from + at;
}
