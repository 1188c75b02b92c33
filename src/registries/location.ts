// Locations, prefixes and scopes in the form that containers/image compares: without trailing slashes.
import type { Registry } from './model.ts';

/** Strips all trailing slashes, as the library does before it looks at a location, a prefix or a search registry. */
export function trimLocation(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** Whether the location is refused for its URI scheme. Only these two, in lower case: the library looks no further. */
export function hasRefusedScheme(text: string): boolean {
  return /^https?:\/\//.test(trimLocation(text));
}

/**
 * What the table matches once loaded: the trimmed prefix, or the trimmed location where no prefix is written.
 * A prefix of nothing but slashes gives '', which matches no image.
 */
export function loadedScope(registry: Registry): string {
  return trimLocation(registry.prefix === '' ? registry.location : registry.prefix);
}

/** Whether the scope is a wildcard such as `*.example.com`. */
export function isWildcard(scope: string): boolean {
  return scope.startsWith('*.');
}

/** The tables in force: of several with one scope the first. */
export function firstOfEachScope<T>(
  tables: readonly T[],
  scopeOf: (table: T) => string,
): ReadonlyMap<string, T> {
  const first = new Map<string, T>();
  for (const table of tables) {
    const scope = scopeOf(table);
    if (!first.has(scope)) first.set(scope, table);
  }
  return first;
}
