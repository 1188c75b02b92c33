// Image references as containers/image reads them (docker/reference): grammar, normalization, canonical form.

/** A reference with its registry. `name` is `domain/path`; `tag` and `digest` are null where absent. */
export interface Reference {
  readonly name: string;
  readonly domain: string;
  readonly path: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** What reading a reference gives: the reference, or why it is none. */
export type ReferenceResult =
  { readonly ok: true; readonly reference: Reference } | { readonly ok: false; readonly reason: string };

// Each repetition is separated by a character that its neighbours cannot match, so that matching stays linear.
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const domain = `${label}(?:\\.${label})*(?::[0-9]+)?`;
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const path = `${component}(?:/${component})*`;
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const algorithm = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*';

const domainPattern = new RegExp(`^${domain}$`);
const namePattern = new RegExp(`^(?:(${domain})/)?(${path})$`);
const suffixPattern = new RegExp(
  `^([^:@]+(?::[0-9]+/[^:@]+)?)(?::(${tag}))?(?:@(${algorithm}:[0-9a-fA-F]{32,}))?$`,
);

const hexLengths = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

const longestName = 255;
const invalid = 'invalid reference format';

/** Whether the text is a host, with or without a port: what an entry of `unqualified-search-registries` must be. */
export function isDomain(text: string): boolean {
  return domainPattern.test(text);
}

/** Whether the first component of a name makes it a registry: it has a dot or a port, or is `localhost`. */
export function isRegistryHost(host: string): boolean {
  return host === 'localhost' || host.includes('.') || host.includes(':');
}

/** Reads a reference as it is written (reference.Parse): no default registry; `domain` is '' where there is none. */
export function parseReference(text: string): ReferenceResult {
  const parts = splitReference(text);
  if (parts === null) {
    if (text === '') return failed('repository name must have at least one component');
    const isOnlyCase = splitReference(text.toLowerCase()) !== null;
    return failed(isOnlyCase ? `${invalid}: repository name must be lowercase` : invalid);
  }
  if (parts.name.length > longestName) {
    return failed(`repository name must not be more than ${longestName} characters`);
  }
  const problem = parts.digest === null ? null : problemOfDigest(parts.digest);
  return problem === null ? { ok: true, reference: parts } : failed(problem);
}

/**
 * Reads a reference the way a user may shorten it (reference.ParseNormalizedNamed): `alpine` is
 * `docker.io/library/alpine`. The tag stays null where none is written.
 */
export function parseNormalized(text: string): ReferenceResult {
  if (/^[a-f0-9]{64}$/.test(text)) {
    return failed(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const [host, rest] = splitDefaultDomain(text);
  const colon = rest.indexOf(':');
  const remoteName = colon === -1 ? rest : rest.slice(0, colon);
  if (remoteName.toLowerCase() !== remoteName) return failed(`${invalid}: repository name must be lowercase`);
  return parseReference(`${host}/${rest}`);
}

/** Reads a reference that must be written out in full (reference.ParseNamed), as every rewritten one must be. */
export function parseCanonical(text: string): ReferenceResult {
  const result = parseNormalized(text);
  if (!result.ok || formatReference(result.reference) === text) return result;
  return failed('repository name must be canonical');
}

/** Whether the text is an image that needs no search registry: with a registry, and perhaps a tag or a digest. */
export function isFullReference(text: string): boolean {
  const slash = text.indexOf('/');
  return slash > 0 && isRegistryHost(text.slice(0, slash)) && parseNormalized(text).ok;
}

/** The reference as text. */
export function formatReference({ name, tag: ownTag, digest }: Reference): string {
  return name + (ownTag === null ? '' : `:${ownTag}`) + (digest === null ? '' : `@${digest}`);
}

function failed(reason: string): ReferenceResult {
  return { ok: false, reason };
}

function splitDefaultDomain(text: string): readonly [domain: string, rest: string] {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  let [host, rest] = isRegistryHost(first) ? [first, text.slice(slash + 1)] : ['docker.io', text];
  if (host === 'index.docker.io') host = 'docker.io';
  if (host === 'docker.io' && !rest.includes('/')) rest = `library/${rest}`;
  return [host, rest];
}

function splitReference(text: string): Reference | null {
  const [, name, ownTag, digest] = suffixPattern.exec(text) ?? [];
  if (name === undefined) return null;
  const [, host, ownPath] = namePattern.exec(name) ?? [];
  if (ownPath === undefined) return null;
  return { name, domain: host ?? '', path: ownPath, tag: ownTag ?? null, digest: digest ?? null };
}

/** digest.Validate of go-digest, for the algorithms that containers/image links. */
function problemOfDigest(digest: string): string | null {
  const colon = digest.indexOf(':');
  const hexLength = hexLengths.get(digest.slice(0, colon));
  const hex = digest.slice(colon + 1);
  if (hexLength === undefined) {
    return /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:/.test(digest)
      ? 'unsupported digest algorithm'
      : 'invalid checksum digest format';
  }
  if (hex.length !== hexLength) return 'invalid checksum digest length';
  return /^[a-f0-9]+$/.test(hex) ? null : 'invalid checksum digest format';
}
