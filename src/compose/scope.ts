// Which scope lies inside which, and which one containers/image picks for a name.

/**
 * Whether `inner` is `outer` or lies inside it, as OpenShift's runtime-utils has it: below it in the path, or below the
 * host that a `*.` wildcard stands for. A port makes another registry: `quay.io:443` is not nested in `quay.io`.
 */
export function isNested(inner: string, outer: string): boolean {
  if (inner === outer) return true;
  if (inner.startsWith(outer) && inner.charAt(outer.length) === '/') return true;
  return outer.startsWith('*.') && (hostOf(inner)?.endsWith(outer.slice(1)) ?? false);
}

/** What stands before the first `:`, else before the first `/`; null where the `:` belongs to a path. */
export function hostOf(scope: string): string | null {
  const colon = scope.indexOf(':');
  const slash = scope.indexOf('/');
  if (colon === -1) return slash === -1 ? scope : scope.slice(0, slash);
  return slash !== -1 && slash < colon ? null : scope.slice(0, colon);
}

/** The scopes other than itself that `scope` is nested in, most specific first: longest, at equal length the wildcard. */
export function enclosingScopes(scope: string): readonly string[] {
  const paths: string[] = [];
  for (let end = scope.lastIndexOf('/'); end > 0; end = scope.lastIndexOf('/', end - 1)) {
    paths.push(scope.slice(0, end));
  }
  const host = hostOf(scope);
  if (host === null) return paths;
  return mostSpecificFirst(
    paths,
    wildcardsOf(host).filter((wildcard) => wildcard !== scope),
  );
}

/**
 * The scopes that containers/image would let match the repository `name`, the one it picks first. Wider than nesting: a literal also
 * matches where a port follows. Narrower: of a wildcard's domain only the first occurrence in the name counts
 * (sysregistriesv2, refMatchingPrefix and refMatchingSubdomainPrefix).
 */
export function matchingScopes(name: string): readonly string[] {
  const literals: string[] = [name];
  for (let end = name.length - 1; end > 0; end -= 1) {
    if (name[end] === '/' || name[end] === ':' || name[end] === '@') literals.push(name.slice(0, end));
  }
  const host = /^[^/:@]*/.exec(name)?.[0] ?? '';
  const wildcards = wildcardsOf(host).filter((wildcard) => {
    const domain = wildcard.slice(1);
    return wildcard !== name && name.indexOf(domain) === host.length - domain.length;
  });
  return mostSpecificFirst(literals, wildcards);
}

/** Whether `scope` is one of `scopes` or nested in one. */
export function isCovered(scope: string, scopes: { has(scope: string): boolean }): boolean {
  return scopes.has(scope) || enclosingScopes(scope).some((outer) => scopes.has(outer));
}

/** What of `inner` is left behind `outer`: behind the prefix, or behind the host where `outer` is a wildcard. */
export function remainderOf(inner: string, outer: string): string {
  if (!outer.startsWith('*.')) return inner.slice(outer.length);
  return inner.slice(hostOf(inner)?.length ?? inner.length);
}

/** A location with a remainder behind it; null where a port would follow something that is not a bare host. */
export function extendLocation(location: string, remainder: string): string | null {
  if (remainder.startsWith(':') && !isBareHost(location)) return null;
  return location + remainder;
}

/** Whether the scope is a host (or a wildcard of hosts) without port and path. */
export function isBareHost(scope: string): boolean {
  return !/[/:]/.test(scope);
}

/** A scope or location as containers/image keeps it: it strips slashes at the end (parseLocation). */
export function trimSlashes(scope: string): string {
  let end = scope.length;
  while (end > 0 && scope[end - 1] === '/') end -= 1;
  return scope.slice(0, end);
}

/** `a.b.c` → `*.b.c`, `*.c`. */
function wildcardsOf(host: string): readonly string[] {
  const wildcards: string[] = [];
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    wildcards.push(`*${host.slice(dot)}`);
  }
  return wildcards;
}

/** Merges two lists, each longest first. */
function mostSpecificFirst(literals: readonly string[], wildcards: readonly string[]): readonly string[] {
  const merged = [...wildcards, ...literals.filter((literal) => !wildcards.includes(literal))];
  return merged.sort((a, b) => b.length - a.length);
}
