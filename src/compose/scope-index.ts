// Things by scope, found by what they enclose or match without looking at each of them.
import { isWildcard } from '../registries/location.ts';
import { hostOf, mostSpecificFirst, pathsAround, wildcardsAround } from './scope.ts';

/**
 * Values by scope. Answers cost as much as the name asked for has components, and next to nothing where no scope
 * concerns its host, or only longer ones.
 */
export class ScopeIndex<T> {
  readonly #values: ReadonlyMap<string, T>;
  /** How long the shortest literal scope of each host is: nothing shorter needs to be looked up. */
  readonly #shortest = new Map<string, number>();
  readonly #wildcards = new Map<string, readonly string[]>();
  #hasWildcards = false;

  constructor(values: ReadonlyMap<string, T>) {
    this.#values = values;
    for (const scope of values.keys()) {
      const host = nameHost(scope);
      if (scope.length < this.#shortestOf(host)) this.#shortest.set(host, scope.length);
      this.#hasWildcards ||= isWildcard(scope);
    }
  }

  scopes(): Iterable<string> {
    return this.#values.keys();
  }

  get(scope: string): T | undefined {
    return this.#values.get(scope);
  }

  /** The values of the scopes that `scope` is nested in, its own excluded; most specific first. */
  around(scope: string): readonly T[] {
    if (this.#values.size === 0) return [];
    const wildcards = this.#wildcardsOf(hostOf(scope));
    const literals = pathsAround(scope, this.#shortestOf(nameHost(scope)));
    if (literals.length === 0 && wildcards.length === 0) return [];
    const others = wildcards.filter((wildcard) => wildcard !== scope);
    return this.#valuesOf(mostSpecificFirst(literals, others));
  }

  /** Whether the scope or one around it is in the index. */
  covers(scope: string): boolean {
    return this.#values.size > 0 && (this.#values.has(scope) || this.around(scope).length > 0);
  }

  /** As `around`, the scope's own value first. */
  atAndAround(scope: string): readonly T[] {
    if (this.#values.size === 0) return [];
    const own = this.#values.get(scope);
    const around = this.around(scope);
    return own === undefined ? around : [own, ...around];
  }

  /**
   * The values that containers/image would let match a repository `name`, its pick first: sysregistriesv2,
   * refMatchingPrefix and refMatchingSubdomainPrefix. Wider than nesting: a literal also matches where a port follows.
   * Narrower: of a wildcard's domain only the first occurrence in the name counts.
   */
  matching(name: string): readonly T[] {
    if (this.#values.size === 0) return [];
    const host = nameHost(name);
    const wildcards = this.#wildcardsOf(host);
    const literals = prefixesOf(name, this.#shortestOf(host));
    if (literals.length === 0 && wildcards.length === 0) return [];
    return this.#valuesOf(mostSpecificFirst(literals, thatMatch(wildcards, host)));
  }

  #shortestOf(host: string): number {
    return this.#shortest.get(host) ?? Number.POSITIVE_INFINITY;
  }

  /** The wildcards of the index that the host ends with, longest first; looked up once per host. */
  #wildcardsOf(host: string | null): readonly string[] {
    if (host === null || !this.#hasWildcards) return noScopes;
    const known = this.#wildcards.get(host);
    if (known !== undefined) return known;
    const wildcards = wildcardsAround(host).filter((wildcard) => this.#values.has(wildcard));
    this.#wildcards.set(host, wildcards);
    return wildcards;
  }

  #valuesOf(scopes: readonly string[]): readonly T[] {
    let found: T[] = [];
    for (const scope of scopes) {
      const value = this.#values.get(scope);
      if (value === undefined) continue;
      // An array that grows from nothing takes room for 17, and nearly every answer is one value.
      if (found.length === 0) found = [value];
      else found.push(value);
    }
    return found;
  }
}

function nameHost(name: string): string {
  for (let end = 0; end < name.length; end += 1) {
    if (isSeparator(name.charCodeAt(end))) return name.slice(0, end);
  }
  return name;
}

const noScopes: readonly string[] = [];

/** Those whose domain is in the host at its end and nowhere before. */
function thatMatch(wildcards: readonly string[], host: string): readonly string[] {
  if (wildcards.length === 0) return wildcards;
  return wildcards.filter(
    (wildcard) => host.indexOf(wildcard.slice(1)) === host.length - wildcard.length + 1,
  );
}

/** The name and its beginnings before each `/`, `:` and `@`, longest first, down to a length. */
function prefixesOf(name: string, shortest: number): readonly string[] {
  if (name.length < shortest) return [];
  const prefixes: string[] = [name];
  for (let end = name.length - 1; end > 0 && end >= shortest; end -= 1) {
    if (isSeparator(name.charCodeAt(end))) prefixes.push(name.slice(0, end));
  }
  return prefixes;
}

function isSeparator(unit: number): boolean {
  return unit === 0x2f || unit === 0x3a || unit === 0x40;
}
