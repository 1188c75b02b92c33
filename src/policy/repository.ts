// The grammar of sources, mirrors and scopes: what a repository may look like.

/** The longest source or mirror, as in the published CRDs. */
export const maxRepositoryLength = 256;

/**
 * The linear form of the patterns that openshift/api publishes for mirror sets (config/v1, `source` and `mirrors`); the
 * published form backtracks exponentially in JavaScript. Lengths are checked first, so that no input costs much.
 */
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const hostAndPort = `${label}(?:\\.${label})*(?::[0-9]+)?`;
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const repositoryPattern = new RegExp(`^${hostAndPort}(?:/${component})*$`);
const wildcardPattern = new RegExp(`^\\*(?:\\.${label})+$`);
const hostPattern = new RegExp(`^${hostAndPort}$`);

/** Whether the text may be a mirror: a host, perhaps a port, perhaps a path. */
export function isMirror(text: string): boolean {
  return text.length <= maxRepositoryLength && repositoryPattern.test(text);
}

/** Whether the text may be a source: as a mirror, or a wildcard such as `*.example.com`. */
export function isSource(text: string): boolean {
  return isMirror(text) || (text.length <= maxRepositoryLength && wildcardPattern.test(text));
}

/** Whether the source or scope is a wildcard such as `*.example.com`. */
export function isWildcard(text: string): boolean {
  return text.startsWith('*.');
}

/**
 * Whether the text is a host with perhaps a port, which is what a search registry must be (containers/image refuses
 * others).
 */
export function isHost(text: string): boolean {
  return text.length <= maxRepositoryLength && hostPattern.test(text);
}

/**
 * Whether a scope of `registrySources` has the form that runtime-utils accepts: a `*` only as the `*.` in front of a
 * domain.
 */
export function isScope(text: string): boolean {
  if (text === '') return false;
  return !text.includes('*') || (isWildcard(text) && !/[/@:*]/.test(text.slice(2)));
}

/**
 * A repository in its parts; `path` has no leading slash and is empty where there is none, `port` is null where there
 * is none.
 */
export interface RepositoryParts {
  readonly host: string;
  readonly port: string | null;
  readonly path: string;
}

/** Splits what is or should have been a repository: nothing is checked. */
export function splitRepository(text: string): RepositoryParts {
  const slash = text.indexOf('/');
  const authority = slash === -1 ? text : text.slice(0, slash);
  const path = slash === -1 ? '' : text.slice(slash + 1);
  const colon = authority.indexOf(':');
  if (colon === -1) return { host: authority, port: null, path };
  return { host: authority.slice(0, colon), port: authority.slice(colon + 1), path };
}

/** How many components a path has. */
export function pathLength({ path }: RepositoryParts): number {
  return path === '' ? 0 : path.split('/').length;
}

/**
 * Whether a reference that begins like this names a registry: a first component without dot, port and `localhost` is
 * read as a path on docker.io (ParseNormalizedNamed of docker/reference).
 */
export function namesRegistry({ host, port }: RepositoryParts): boolean {
  return host.includes('.') || port !== null || host === 'localhost';
}
