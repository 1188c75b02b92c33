// What the policy tests share: reading a policy from text, and findings as short lines.
import type { Finding } from '../../src/finding.ts';
import { type PolicyReading, readPolicy } from '../../src/policy/read-policy.ts';

export const path = '/etc/icsp.d/10-a.yaml';

export function read(text: string): PolicyReading {
  return readPolicy(path, new TextEncoder().encode(text));
}

/** `ICSP016 3:5`, or the id alone for a finding about the whole file. */
export function short({ id, line, column }: Finding): string {
  return line === null ? id : `${id} ${line}:${column ?? 0}`;
}

/** A document with a name and, indented below `spec`, the given lines. Its spec begins on line 5. */
export function document(apiVersion: string, kind: string, spec: string, name = 'a'): string {
  const lines = spec.split('\n').map((line) => `  ${line}\n`);
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n${lines.join('')}`;
}
