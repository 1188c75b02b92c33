// Objects with the same kind and name: both count.
import type { PolicyObject } from '../policy/rule.ts';
import { compareBytes } from '../byte-order.ts';
import type { Place } from '../origin.ts';
import { finding } from '../finding.ts';
import { quote, escape } from '../escape.ts';
import type { Report } from './report.ts';

/**
 * Reports each object whose kind and name an object before it has. In a cluster the later one would replace the earlier
 * one.
 */
export function reportRepeatedObjects(objects: readonly PolicyObject[], report: Report): void {
  const byPlace = [...objects].sort(
    (a, b) => compareBytes(a.origin.file, b.origin.file) || a.origin.line - b.origin.line,
  );
  const seen = new Map<string, PolicyObject>();
  for (const object of byPlace) {
    const { kind, name, file, line } = object.origin;
    const key = `${kind}\n${name}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, object);
      continue;
    }
    const at: Place = { file, line, column: null, excerpt: null };
    report(
      finding(
        'repeatedObject',
        at,
        `${escape(kind)} ${quote(name)} stands in ${escape(first.origin.file)}:${first.origin.line} already; both count`,
        kind === 'Image'
          ? 'put both into one document, or remove the one that is out of date'
          : 'give one of them another name, or remove the one that is out of date',
      ),
    );
  }
}
