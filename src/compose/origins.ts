// How the policy entries behind something, and their mirrors, are united and named.
import { compareBytes } from '../byte-order.ts';
import type { Origin } from '../origin.ts';
import { escape, quote, quoteFirst } from '../escape.ts';

/** Unites origins: each once, by file, line, kind and name. */
export function uniteOrigins(...groups: readonly (readonly Origin[])[]): readonly Origin[] {
  const [only = []] = groups;
  if (groups.length === 1 && only.length < 2) return only;
  const sorted = groups.flat().sort(compareOrigins);
  return sorted.filter((origin, i) => {
    const previous = sorted[i - 1];
    return previous === undefined || compareOrigins(previous, origin) !== 0;
  });
}

/** How many mirrors a message shows. */
const maxShown = 8;

/** A list for a message, cut short where it would drown it. */
export function quoteSome(texts: readonly string[]): string {
  return quoteFirst(texts, maxShown);
}

/** How a message names the other party: `IDMS "name" (file:line)`. */
export function describeOrigin({ file, line, kind, name }: Origin): string {
  return `${escape(kind)} ${quote(name)} (${escape(file)}:${line})`;
}

function compareOrigins(a: Origin, b: Origin): number {
  return (
    compareBytes(a.file, b.file) ||
    a.line - b.line ||
    compareBytes(a.kind, b.kind) ||
    compareBytes(a.name, b.name)
  );
}
