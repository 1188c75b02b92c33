// Wildcards that would take the place of a protected scope: at equal length containers/image prefers `*.example.com` to
// `b.example.com`.
import type { ScopeEntry } from '../policy/rule.ts';
import { isWildcard } from '../registries/location.ts';
import { quote } from '../escape.ts';
import { finding } from '../finding.ts';
import { compareBytes } from '../byte-order.ts';
import type { Place } from '../origin.ts';
import type { CarriedTable } from './carried-table.ts';
import type { FlaggedScopes } from './flags.ts';
import { placeOf, placeOfScope, type Report } from './report.ts';
import { isBareHost } from './scope.ts';
import type { Source } from './source.ts';
import type { Standing } from './standing.ts';
import { isRemapped } from './table.ts';

type InsecureScopes = ReadonlyMap<string, readonly ScopeEntry[]>;

/** What policies want, before it is known which of it may be had. */
export interface Wishes {
  readonly sources: readonly Source[];
  readonly insecure: InsecureScopes;
}

/**
 * Refuses the entries for new wildcards that would lift what protects a host of the same length: blocked, never
 * contacted, sent elsewhere or mirrored for digests only. runtime-utils lets them. NeverContactSource of a refused
 * entry holds, and a wildcard may always be blocked.
 *
 * @param carried what stays of files that cannot be read
 */
export function refuseWildcards(
  { sources, insecure }: Wishes,
  blocked: FlaggedScopes,
  standing: Standing,
  report: Report,
  carried: ReadonlyMap<string, CarriedTable>,
): Wishes {
  if (!sources.some(({ scope }) => isWildcard(scope)) && ![...insecure.keys()].some(isWildcard)) {
    return { sources, insecure };
  }
  const byScope = new Map(sources.map((source) => [source.scope, source]));
  const literals = new Set(
    [...standing.scopes(), ...byScope.keys(), ...blocked.scopes(), ...carried.keys()].filter(hasRival),
  );
  const refused = new Map<string, string>();
  for (const literal of [...literals].sort(compareBytes)) {
    const wildcard = rivalOf(literal);
    const source = byScope.get(wildcard);
    // One that stands already has won already.
    if (standing.get(wildcard) !== undefined || hasWon(carried.get(wildcard))) continue;
    if (refused.has(wildcard)) continue;
    if (source === undefined && !insecure.has(wildcard)) continue;
    const isWildcardBlocked =
      blocked.covers(wildcard) ||
      (source?.never.length ?? 0) > 0 ||
      carried.get(wildcard)?.standing.blocked === true ||
      standing.matching(wildcard)[0]?.isBlocked === true;
    const isBlocked = blocked.covers(literal) || carried.get(literal)?.standing.blocked === true;
    const why = protectionOf(literal, isWildcardBlocked, byScope.get(literal), isBlocked, standing);
    if (why !== null) refused.set(wildcard, `${quote(literal)}, which is as long and ${why}`);
  }
  if (refused.size === 0) return { sources, insecure };
  const refuse = (wildcard: string, at: Place): void => {
    const reason = refused.get(wildcard);
    if (reason !== undefined) report(refusal(wildcard, reason, at));
  };
  for (const { scope, rules } of sources) for (const rule of rules) refuse(scope, placeOf(rule));
  for (const [scope, entries] of insecure) for (const entry of entries) refuse(scope, placeOfScope(entry));
  return {
    sources: sources.flatMap((source) => (refused.has(source.scope) ? withoutMirrors(source) : [source])),
    insecure: new Map([...insecure].filter(([scope]) => !refused.has(scope))),
  };
}

/** One that stands with more than a block was not refused when it came, and has won since. */
function hasWon(wildcard: CarriedTable | undefined): boolean {
  return wildcard !== undefined && (wildcard.standing.insecure || wildcard.standing.mirrors.length > 0);
}

/**
 * Whether a wildcard can be as long as the scope and match it: its first label has one character, and nothing follows
 * the host.
 */
function hasRival(scope: string): boolean {
  return scope.charAt(1) === '.' && !scope.startsWith('*') && isBareHost(scope);
}

function rivalOf(literal: string): string {
  return `*${literal.slice(1)}`;
}

/** What the wildcard would lift, to be put behind "is"; null if nothing. */
function protectionOf(
  literal: string,
  isWildcardBlocked: boolean,
  source: Source | undefined,
  isBlocked: boolean,
  standing: Standing,
): string | null {
  const table = standing.get(literal);
  if (table !== undefined && isRemapped(table)) return `fetched from ${quote(table.location)}`;
  if (table?.isDigestOnly === true) return 'mirrored for digests only';
  if (isWildcardBlocked) return null;
  if (table?.isBlocked === true || isBlocked) return 'blocked';
  return (source?.never.length ?? 0) > 0 ? 'never to be contacted' : null;
}

function refusal(wildcard: string, reason: string, at: Place): ReturnType<typeof finding> {
  return finding(
    'wildcardRefused',
    at,
    `${quote(wildcard)} is refused, since containers/image would prefer it to ${reason}`,
    `name the hosts below ${quote(wildcard)} that are meant, each in an entry of its own`,
  );
}

function withoutMirrors(source: Source): readonly Source[] {
  if (source.never.length === 0) return [];
  return [{ ...source, lists: { digest: [], tag: [] }, isRefused: { digest: true, tag: true } }];
}
