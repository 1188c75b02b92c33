// What a case says about each scope, before any inheritance: what the predicates of differences.ts ask for.
import { isNested } from '../../src/compose/scope.ts';
import type { PolicyCase } from './policy-cases.ts';
import type { OracleTable } from './oracle.ts';
import { soundEntries, toOracleTable, withPullOnMirrors } from './upstream.ts';
import { kinds, scopeOf, viewOf, type Kind, type View } from './view.ts';

interface SourceFacts {
  readonly lists: Readonly<Record<Kind, (readonly string[])[]>>;
  isNever: boolean;
}

export class WorldFacts {
  readonly scopes: ReadonlySet<string>;
  readonly insecure: readonly string[];
  readonly blocked: readonly string[];
  readonly #sources = new Map<string, SourceFacts>();
  readonly #baseline = new Map<string, OracleTable>();

  constructor(given: PolicyCase) {
    for (const { source, mirrors, policy, kind } of soundEntries(given.objects)) {
      if (mirrors.every((mirror) => mirror === source)) continue;
      const facts = this.#sources.get(source) ?? { lists: { digest: [], tag: [] }, isNever: false };
      this.#sources.set(source, facts);
      if (kind !== 'ITMS') facts.lists.digest.push(mirrors);
      if (kind === 'ITMS' || kind === 'ICSP+tags') facts.lists.tag.push(mirrors);
      facts.isNever ||= policy === 'never';
    }
    for (const table of given.baseline) this.#baseline.set(scopeOf(table), toOracleTable(table));
    this.insecure = given.insecure;
    this.blocked = given.blocked;
    this.scopes = new Set([
      ...this.#baseline.keys(),
      ...this.#sources.keys(),
      ...given.insecure,
      ...given.blocked,
    ]);
  }

  sources(): readonly string[] {
    return [...this.#sources.keys()];
  }

  isSource(scope: string): boolean {
    return this.#sources.has(scope);
  }

  isNever(scope: string): boolean {
    return this.#sources.get(scope)?.isNever ?? false;
  }

  listsOf(scope: string, kind: Kind): readonly (readonly string[])[] {
    return this.#sources.get(scope)?.lists[kind] ?? [];
  }

  /** The administrator's table; null for a scope that only policies name. */
  baselineOf(scope: string): OracleTable | null {
    return this.#baseline.get(scope) ?? null;
  }

  baselineView(scope: string): View | null {
    const table = this.baselineOf(scope);
    return table === null ? null : viewOf(withPullOnMirrors(table));
  }

  /** Whether the scope has mirrors of its own for the kind. */
  hasOwn(scope: string, kind: Kind): boolean {
    return this.listsOf(scope, kind).length > 0 || (this.baselineView(scope)?.[kind].length ?? 0) > 0;
  }

  hasAnyOwn(scope: string): boolean {
    return kinds.some((kind) => this.hasOwn(scope, kind));
  }

  /** The scopes that have mirrors and that the scope is nested in. */
  giversOf(scope: string): readonly string[] {
    return [...this.scopes].filter(
      (outer) => outer !== scope && isNested(scope, outer) && this.hasAnyOwn(outer),
    );
  }

  /** The administrator's tables that containers/image would have used for names in the scope, ports included. */
  baselineAround(scope: string): readonly OracleTable[] {
    return [...this.#baseline]
      .filter(([outer]) => outer !== scope && (isNested(scope, outer) || scope.startsWith(`${outer}:`)))
      .map(([, table]) => table);
  }
}
