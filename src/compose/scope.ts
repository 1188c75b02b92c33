// Which scope lies inside which, and what is left of one inside another.
import { isWildcard } from '../registries/location.ts';

/**
 * Whether `inner` is `outer` or lies inside it, as OpenShift's runtime-utils has it: below it in the path, or below the
 * host that a `*.` wildcard stands for. A port makes another registry: `quay.io:443` is not nested in `quay.io`.
 */
export function isNested(inner: string, outer: string): boolean {
  if (inner === outer) return true;
  if (inner.startsWith(outer) && inner.charAt(outer.length) === '/') return true;
  return isWildcard(outer) && (hostOf(inner)?.endsWith(outer.slice(1)) ?? false);
}

/** What stands before the first `:`, else before the first `/`; null where the `:` belongs to a path. */
export function hostOf(scope: string): string | null {
  const colon = scope.indexOf(':');
  const slash = scope.indexOf('/');
  if (colon === -1) return slash === -1 ? scope : scope.slice(0, slash);
  return slash !== -1 && slash < colon ? null : scope.slice(0, colon);
}

/** `a.b/c/d` → `a.b/c`, `a.b`; those that are at least as long as `shortest`. */
export function pathsAround(scope: string, shortest = 1): readonly string[] {
  const paths: string[] = [];
  for (let end = scope.lastIndexOf('/'); end > 0 && end >= shortest; end = scope.lastIndexOf('/', end - 1)) {
    paths.push(scope.slice(0, end));
  }
  return paths;
}

/** `a.b.c` → `*.b.c`, `*.c`. */
export function wildcardsAround(host: string): readonly string[] {
  const wildcards: string[] = [];
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    wildcards.push(`*${host.slice(dot)}`);
  }
  return wildcards;
}

/**
 * Merges literal scopes and wildcards, each longest first, into the order in which containers/image prefers them: at
 * equal length the wildcard.
 */
export function mostSpecificFirst(
  literals: readonly string[],
  wildcards: readonly string[],
): readonly string[] {
  if (wildcards.length === 0) return literals;
  const merged = [...wildcards, ...literals.filter((literal) => !wildcards.includes(literal))];
  return merged.sort((a, b) => b.length - a.length);
}

/** What of `inner` is left behind `outer`: behind the prefix, or behind the host where `outer` is a wildcard. */
export function remainderOf(inner: string, outer: string): string {
  if (!isWildcard(outer)) return inner.slice(outer.length);
  return inner.slice(hostOf(inner)?.length ?? inner.length);
}

/** A location with a remainder behind it; null where a port would follow something that is not a bare host. */
export function extendLocation(location: string, remainder: string): string | null {
  if (remainder.startsWith(':') && !isBareHost(location)) return null;
  return location + remainder;
}

/** Whether the scope is a host (or a wildcard of hosts) without port and path. */
export function isBareHost(scope: string): boolean {
  return !scope.includes('/') && !scope.includes(':');
}
