// Why a text is no source or mirror, said so that the operator can correct it without the grammar at hand.
import { isMirror, isSource, maxRepositoryLength, splitRepository } from './repository.ts';
import { type Fault, show } from './report.ts';

/** What a repository is in an entry. */
export type Role = 'source' | 'mirror';

/**
 * What is wrong with the form of a source or mirror; null if it fits the grammar. Of several faults the most telling is
 * named.
 */
export function formFault(text: string, role: Role): Fault | null {
  const fits = role === 'mirror' ? isMirror : isSource;
  if (fits(text)) return null;
  const what = `${role} ${show(text)}`;
  if (text.length > maxRepositoryLength) {
    const message = `${what} is longer than ${maxRepositoryLength} characters`;
    return { name: 'repositoryTooLong', message, help: 'use a shorter path' };
  }
  const fault = faults(text, role).find(({ applies }) => applies);
  const repaired = repair(text);
  return {
    name: fault?.name ?? 'badRepository',
    message: `${what} ${fault?.says ?? 'is not a repository'}`,
    help: fits(repaired) ? `write ${show(repaired)}` : (fault?.help ?? form),
  };
}

const digest = /@(?:sha\d|[a-z0-9+._-]+:[0-9a-f]{32}).*$/is;
const form =
  'write host[:port][/path] with lower-case letters, digits and single . _ - between them in the path';

interface Row {
  readonly applies: boolean;
  readonly name: Fault['name'];
  readonly says: string;
  readonly help: string;
}

/** The table of what people write, most telling first. */
function faults(text: string, role: Role): readonly Row[] {
  const parts = splitRepository(text);
  const lastComponent = text.slice(text.lastIndexOf('/') + 1);
  const wildcardHelp =
    role === 'mirror'
      ? 'name one registry; only a source can be a wildcard'
      : 'write *. and a domain, nothing before and nothing behind';
  return [
    { applies: text === '', name: 'badRepository', says: 'is empty', help: form },
    {
      applies: /[\s\p{Cc}\p{Zs}]/u.test(text),
      name: 'hasSpace',
      says: 'has white space or a control character',
      help: 'remove it',
    },
    {
      applies: /^[a-z][a-z0-9+.-]*:\/\//i.test(text),
      name: 'hasScheme',
      says: 'has a URL scheme',
      help: 'leave out everything up to and including ://',
    },
    {
      applies: isIpv6Like(text),
      name: 'isIpv6',
      says: 'has an IPv6 address',
      help: 'use a host name or an IPv4 address',
    },
    {
      applies: digest.test(text),
      name: 'hasDigest',
      says: 'has a digest',
      help: 'leave out the @ and what follows: a policy names repositories, not images',
    },
    {
      applies: text.includes('@'),
      name: 'badRepository',
      says: 'has an @',
      help: 'leave it out; credentials belong in the auth file of CRI-O',
    },
    {
      applies: text.includes('*'),
      name: 'badWildcard',
      says: role === 'mirror' ? 'is a wildcard' : 'is not of the form *.example.com',
      help: wildcardHelp,
    },
    {
      applies: /^\/|\/\/|\/$/.test(text),
      name: 'badSlash',
      says: 'has a leading, double or trailing slash',
      help: 'leave only single slashes between components',
    },
    {
      applies: hasTag(parts, lastComponent),
      name: 'hasTag',
      says: 'has a tag',
      help: 'leave out the colon and what follows: a policy names repositories, not images',
    },
    {
      applies: parts.host.includes('_'),
      name: 'underscoreInHost',
      says: 'has an underscore in its host name',
      help: 'give the registry a DNS name without underscores',
    },
    {
      applies: parts.port !== null && !/^\d+$/.test(parts.port),
      name: 'badRepository',
      says: 'has a port that is no number',
      help: form,
    },
    {
      applies: /[A-Z]/.test(parts.path),
      name: 'upperCasePath',
      says: 'has upper-case letters in its path',
      help: 'write the path in lower case',
    },
    {
      applies: /[^\x20-\x7e]/.test(text),
      name: 'badRepository',
      says: 'has a character outside ASCII',
      help: form,
    },
    {
      applies: /^[-.]|[-.]$|\.\.|-\.|\.-/.test(parts.host),
      name: 'badRepository',
      says: 'has a host name with an empty label, or one that begins or ends with a hyphen',
      help: form,
    },
  ];
}

/**
 * A colon behind a path is a tag; behind a lone word such as `ubuntu:latest` too, since no host would have such a port.
 */
function hasTag(
  { host, port, path }: { host: string; port: string | null; path: string },
  lastComponent: string,
): boolean {
  if (path !== '') return lastComponent.includes(':');
  return port !== null && !/^\d*$/.test(port) && !host.includes('.') && host !== 'localhost';
}

function isIpv6Like(text: string): boolean {
  return text.startsWith('[') || /^[0-9a-f]*(?::[0-9a-f]*){2,}(?:\/|$)/i.test(text);
}

/** The text with everything corrected that has only one correction. */
function repair(text: string): string {
  const bare = text
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(digest, '')
    .replace(/\/{2,}/g, '/')
    .replace(/^\/|\/$/g, '');
  const slash = bare.indexOf('/');
  if (slash === -1) return bare.replace(/^(\*(?:\.[a-zA-Z0-9-]+)+):\d+$/, '$1');
  return (
    bare.slice(0, slash) +
    bare
      .slice(slash)
      .replace(/:[^/:]*$/, '')
      .toLowerCase()
  );
}
