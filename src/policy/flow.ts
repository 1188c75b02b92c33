// Where a value in brackets or quotes ends, over however many lines, or which of them is not closed.
import type { LayoutFault } from './layout.ts';

/** `offset` is that of the last character of the value. */
export type FlowEnd = { readonly offset: number } | { readonly fault: LayoutFault };

const closers: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/**
 * Follows brackets and quotes to the end of the value.
 * @param from the opening bracket or quote
 * @param parent the 0-based column of the key or dash that has the value; lines of the value are indented further; -1
 * without one
 */
export function findFlowEnd(text: string, from: number, parent: number): FlowEnd {
  const open: { readonly bracket: string; readonly at: number }[] = [];
  let at = from;
  for (; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuote(text, at, from)) {
      const end = quoteEnd(text, at);
      if (end === null) return { fault: unclosedQuote(at) };
      at = end;
    } else if (character in closers) {
      open.push({ bracket: character, at });
    } else if (character === ']' || character === '}') {
      const last = open.pop();
      if (last !== undefined && closers[last.bracket] !== character) {
        return { fault: mismatch(last.bracket, character, at) };
      }
    } else if (character === '#' && /\s/.test(text.charAt(at - 1))) {
      at = lineEnd(text, at) - 1;
    } else if (character === '\n') {
      const begin = shallowLine(text, at + 1, parent);
      const last = open.at(-1);
      if (last !== undefined && /^(?:---|\.\.\.)\s/.test(text.slice(at + 1, at + 5)))
        return { fault: unclosed(last) };
      if (begin !== null && last !== undefined) {
        return { fault: '[]{}"\''.includes(text.charAt(begin)) ? shallow(begin, parent) : unclosed(last) };
      }
    }
    if (open.length === 0) return { offset: at };
  }
  const last = open.at(-1);
  return last === undefined ? { offset: at } : { fault: unclosed(last) };
}

/** A quote in the middle of a word is a letter like others. */
function isQuote(text: string, at: number, from: number): boolean {
  const character = text.charAt(at);
  return (character === '"' || character === "'") && (at === from || /[\s[{,:]/.test(text.charAt(at - 1)));
}

function quoteEnd(text: string, at: number): number | null {
  const pattern = text.charAt(at) === '"' ? /"(?:[^"\\]|\\[^])*"/y : /'(?:[^']|'')*'/y;
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - 1 : null;
}

/**
 * The first character of the line, if the line stands too far left to be part of the value; blank lines and comments do
 * not count.
 */
function shallowLine(text: string, start: number, parent: number): number | null {
  const end = lineEnd(text, start);
  const line = text.slice(start, end);
  const indent = line.search(/\S/);
  if (indent === -1 || line.charAt(indent) === '#' || indent > parent) return null;
  return start + indent;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function unclosed({ bracket, at }: { readonly bracket: string; readonly at: number }): LayoutFault {
  const what = bracket === '[' ? 'list' : 'map';
  const help = `write ${closers[bracket] ?? ''} where the ${what} ends`;
  return { at, message: `the bracket ${bracket} is not closed`, help };
}

function unclosedQuote(at: number): LayoutFault {
  return { at, message: 'the quote is not closed', help: 'write the same quote where the text ends' };
}

function mismatch(bracket: string, closer: string, at: number): LayoutFault {
  const message = `the bracket ${closer} cannot close the ${bracket} before it`;
  return { at, message, help: 'write [ and ] around a list, { and } around a map' };
}

function shallow(at: number, parent: number): LayoutFault {
  const message = 'this line stands inside brackets, but is not indented further than the key before them';
  return { at, message, help: `begin it in column ${parent + 2} or further to the right` };
}
