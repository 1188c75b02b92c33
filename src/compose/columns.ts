// The column for findings that only know the line of a policy file: origins, which go into records, have none.
import { quote } from '../escape.ts';
import type { Finding } from '../finding.ts';
import type { PolicyContent } from '../policy/rule.ts';

interface Entry {
  readonly text: string;
  readonly column: number;
}

/** Gives each finding that has a line and no column that of the entry on the line which it names, else of the first. */
export function giveColumns(findings: readonly Finding[], content: PolicyContent): readonly Finding[] {
  if (!findings.some(lacksColumn)) return findings;
  const entries = entriesByLine(content);
  return findings.map((found) => {
    if (!lacksColumn(found)) return found;
    const onLine = entries.get(keyOf(found.file, found.line)) ?? [];
    const entry = onLine.find(({ text }) => found.message.includes(quote(text))) ?? onLine[0];
    return entry === undefined ? found : { ...found, column: entry.column };
  });
}

function lacksColumn({ line, column }: Finding): boolean {
  return line !== null && column === null;
}

function entriesByLine({ rules, registrySources }: PolicyContent): ReadonlyMap<string, readonly Entry[]> {
  const entries = new Map<string, Entry[]>();
  const add = (file: string, line: number, entry: Entry): void => {
    const key = keyOf(file, line);
    const known = entries.get(key);
    if (known === undefined) entries.set(key, [entry]);
    else known.push(entry);
  };
  for (const { source, mirrors, origin, column } of rules) {
    for (const { location, line, column: at } of mirrors)
      add(origin.file, line, { text: location, column: at });
    add(origin.file, origin.line, { text: source, column });
  }
  for (const { insecure, blocked, search } of registrySources) {
    for (const { value, origin, column } of [...insecure, ...blocked, ...(search ?? [])]) {
      add(origin.file, origin.line, { text: value, column });
    }
  }
  return entries;
}

function keyOf(file: string | null, line: number | null): string {
  return `${file ?? ''}\n${line ?? ''}`;
}
