// What containers/image makes of a well-formed source or mirror: references that cannot be pulled, sources that never
// match.
import {
  isWildcard,
  namesRegistry,
  pathLength,
  type RepositoryParts,
  splitRepository,
} from './repository.ts';
import { type Fault, show } from './report.ts';

/** What to say about a source that fits the grammar. */
export function sourceFaults(source: string): readonly Fault[] {
  const never = isWildcard(source) ? null : neverMatches('source', source);
  return [never, caseFault('source', source), portFault('source', source)].filter((fault) => fault !== null);
}

/**
 * What to say about a mirror that fits the grammar. A pull's reference becomes the mirror and what follows the source
 * in it; if that is not canonical (ParseNamed of docker/reference), the whole pull fails, not only this mirror.
 */
export function mirrorFaults(mirror: string, source: string): readonly Fault[] {
  const fault = canonicalFault(mirror, source) ?? exactSourceFault(mirror, source);
  return [fault, portFault('mirror', mirror)].filter((found) => found !== null);
}

/**
 * Whether no image reference can begin with the text, since the missing registry would be added; `what` names the text
 * in the sentence.
 */
export function neverMatches(what: string, text: string): Fault | null {
  const parts = splitRepository(text);
  if (parts.host === 'index.docker.io' && parts.port === null) {
    return {
      name: 'sourceNeverMatches',
      message: `${what} ${show(text)} never matches: image names say docker.io instead of index.docker.io`,
      help: `write ${show(`docker.io${text.slice('index.docker.io'.length)}`)}`,
    };
  }
  if (namesRegistry(parts)) return null;
  return {
    name: 'sourceNeverMatches',
    message: `${what} ${show(text)} never matches: ${show(parts.host)} has no dot and no port, so it is not read as a registry`,
    help: `write the registry in front, such as ${show(`docker.io/${text.toLowerCase()}`)}, or its full host name`,
  };
}

/**
 * What to say of a scope whose host has upper-case letters: DNS would not mind, but containers/image compares texts.
 */
export function caseFault(what: string, scope: string): Fault | null {
  const { host } = splitRepository(scope);
  const lower = host.toLowerCase();
  if (lower === host) return null;
  return {
    name: 'upperCaseHost',
    message: `${what} ${show(scope)} matches only names that are written so: hosts are compared by case`,
    help: `write ${show(lower + scope.slice(host.length))}`,
  };
}

/** docker/reference accepts no longer names, though the API accepts longer mirrors. */
const maxImageName = 255;

function canonicalFault(mirror: string, source: string): Fault | null {
  const parts = splitRepository(mirror);
  if (mirror.length > maxImageName) {
    return {
      name: 'mirrorNotCanonical',
      message: `mirror ${show(mirror)} would break every pull of the source: no image name has more than ${maxImageName} characters`,
      help: 'use a shorter path',
    };
  }
  if (!namesRegistry(parts)) {
    return {
      name: 'mirrorNotCanonical',
      message: `mirror ${show(mirror)} would break every pull of the source: ${show(parts.host)} has no dot and no port, so it is not read as a registry`,
      help: 'write the full host name of the mirror, or its port',
    };
  }
  if (parts.host === 'index.docker.io' && parts.port === null) {
    return {
      name: 'mirrorNotCanonical',
      message: `mirror ${show(mirror)} would break every pull of the source: index.docker.io is not the canonical name`,
      help: `write ${show(`docker.io${mirror.slice('index.docker.io'.length)}`)}`,
    };
  }
  if (!isDockerHub(parts) || parts.path !== '' || source === 'docker.io') return null;
  return {
    name: 'mirrorNotCanonical',
    message: `mirror ${show(mirror)} would break pulls of images with one name below ${show(source)}: docker.io needs two, such as library/alpine`,
    help: 'write a path behind docker.io, such as "docker.io/library"',
  };
}

/**
 * A pull of exactly the source becomes a pull of exactly the mirror. That is no image where the mirror is a bare host,
 * and none where it has one name on docker.io. Most sources of one name are folders of images, so a bare host is fine
 * there.
 */
function exactSourceFault(mirror: string, source: string): Fault | null {
  if (mirror === source || isWildcard(source)) return null;
  const parts = splitRepository(mirror);
  const sourceParts = splitRepository(source);
  const isBareHost = parts.path === '' && pathLength(sourceParts) >= 2;
  const isShortOnHub =
    isDockerHub(parts) && pathLength(parts) === 1 && sourceParts.path !== '' && !isDockerHub(sourceParts);
  if (!isBareHost && !isShortOnHub) return null;
  return {
    name: 'exactSourceFails',
    message: `mirror ${show(mirror)} would break a pull of exactly ${show(source)}, since it is no image name by itself`,
    help: 'write the whole name of its copy as the mirror, if the source is one image',
  };
}

function isDockerHub({ host, port }: RepositoryParts): boolean {
  return host === 'docker.io' && port === null;
}

function portFault(what: string, text: string): Fault | null {
  const { port } = splitRepository(text);
  if (port === null || Number(port) <= 65_535) return null;
  return {
    name: 'portOutOfRange',
    message: `${what} ${show(text)} has a port above 65535`,
    help: 'write the port on which the registry listens',
  };
}
