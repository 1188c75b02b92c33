// Stricter rules for what policies add: no location may break the pulls of its scope.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile, type Origin, type Place } from '../origin.ts';
import { loadedScope, trimLocation } from './location.ts';
import { scopeOf, type Mirror, type RegistriesConf } from './model.ts';
import { problemBelow } from './probe.ts';

/**
 * Judges every mirror and scope that has a policy behind it. The library accepts a location that makes no valid
 * reference, and then every pull of the scope fails: good mirrors and source included.
 */
export function validateOwnLocations(conf: RegistriesConf, file: string): readonly Finding[] {
  return conf.registries.flatMap((registry) => {
    const mirrors = registry.mirrors.filter(({ origins }) => origins.length > 0);
    if (registry.origins.length === 0 && mirrors.length === 0) return [];
    return [
      ...(registry.origins.length === 0
        ? []
        : judgeTrimmed('scope', scopeOf(registry), registry.origins, file)),
      ...mirrors.flatMap((mirror) => judgeMirror(loadedScope(registry), mirror, file)),
    ];
  });
}

function judgeTrimmed(
  what: string,
  text: string,
  origins: readonly Origin[],
  file: string,
): readonly Finding[] {
  if (text === trimLocation(text)) return [];
  const message = `${what} ${quote(text)} ends with a slash`;
  return [finding('renderingRefused', placeOf(origins, file), message, 'remove the slash at the end')];
}

function judgeMirror(scope: string, mirror: Mirror, file: string): readonly Finding[] {
  const location = trimLocation(mirror.location);
  const place = placeOf(mirror.origins, file);
  const trimmed = judgeTrimmed('mirror', mirror.location, mirror.origins, file);
  const below = problemBelow(scope, location);
  if (below !== null) {
    const message = `mirror ${quote(location)} of ${quote(scope)} makes no valid reference, so that every pull of the source would fail: ${below}`;
    return [
      ...trimmed,
      finding('renderingRefused', place, message, 'write the mirror as host[:port][/path] in lower case'),
    ];
  }
  // That a pull of the source itself fails is said where the entry is read: most sources of one name are folders.
  return trimmed;
}

function placeOf([origin]: readonly Origin[], file: string): Place {
  return origin === undefined ? wholeFile(file) : { ...wholeFile(origin.file), line: origin.line };
}
