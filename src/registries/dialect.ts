// What the installed CRI-O understands: before 1.25 it ignores pull-from-mirror, and every mirror would serve tags.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile, type Place } from '../origin.ts';
import { loadedScope } from './location.ts';
import { servesPull, type Mirror, type PullKind, type RegistriesConf, type Registry } from './model.ts';

/** `per-mirror`: pull-from-mirror works. `per-registry`: only mirror-by-digest-only does. */
export type Dialect = 'per-mirror' | 'per-registry';

/**
 * The dialect of a CRI-O version such as `1.24.6`, `v1.30.0-rc.1` or `1.29.13+ocp`. An unknown one (null, or
 * unreadable) counts as the newest; the caller knows why it is unknown and tells.
 */
export function dialectOf(crioVersion: string | null): Dialect {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(crioVersion ?? '') ?? [];
  if (major === undefined || minor === undefined) return 'per-mirror';
  return Number(major) > 1 || Number(minor) >= 25 ? 'per-mirror' : 'per-registry';
}

/**
 * Says the same in the given dialect. Where the older one has no words for it, the tag order of a source is refused
 * with an error: its digest mirrors stay under mirror-by-digest-only, `blocked` stays, nothing is ever less restricted.
 * @param file blamed for the tables of the administrator; null if unknown
 * @param baseline the administrator's tables; a table that is not among them is blamed on the policy that made it
 */
export function expressInDialect(
  conf: RegistriesConf,
  dialect: Dialect,
  file: string | null = null,
  baseline: RegistriesConf = conf,
): { readonly conf: RegistriesConf; readonly findings: readonly Finding[] } {
  if (dialect === 'per-mirror') return { conf, findings: [] };
  const findings: Finding[] = [];
  const own = new Set(baseline.registries.map(loadedScope));
  const registries = conf.registries.map((registry) => {
    if (
      registry.mirrorByDigestOnly ||
      registry.mirrors.every(({ pullFromMirror }) => pullFromMirror === '')
    ) {
      return registry;
    }
    const digestOrder = mirrorsFor(registry, 'digest');
    const tagOrder = mirrorsFor(registry, 'tag');
    if (tagOrder.length === 0) return withMirrors(registry, digestOrder, true);
    if (isSameOrder(digestOrder, tagOrder)) return withMirrors(registry, digestOrder, false);
    findings.push(refuseTagOrder(registry, tagOrder, placeOf(registry, tagOrder, own, file)));
    return withMirrors(registry, digestOrder, digestOrder.length > 0);
  });
  return { conf: { ...conf, registries }, findings };
}

/** Whether both dialects read the table the same: no mirror serves but one kind of pull by a key that the older one ignores. */
export function isReadTheSame(registry: Registry): boolean {
  if (registry.mirrorByDigestOnly) return true;
  const locations = (kind: PullKind): string =>
    JSON.stringify([...new Set(mirrorsFor(registry, kind).map(({ location }) => location))].sort());
  return locations('digest') === locations('tag');
}

function mirrorsFor(registry: Registry, kind: PullKind): readonly Mirror[] {
  return registry.mirrors.filter((mirror) => servesPull(registry, mirror, kind));
}

function isSameOrder(a: readonly Mirror[], b: readonly Mirror[]): boolean {
  const text = (mirrors: readonly Mirror[]): string =>
    JSON.stringify(mirrors.map(({ location, insecure }) => [location, insecure]));
  return text(a) === text(b);
}

function withMirrors(registry: Registry, mirrors: readonly Mirror[], mirrorByDigestOnly: boolean): Registry {
  return {
    ...registry,
    mirrorByDigestOnly,
    mirrors: mirrors.map((mirror) => ({ ...mirror, pullFromMirror: '' })),
  };
}

/**
 * The entry of a tag mirror, else of what makes the table differ from the administrator's, else the administrator's
 * file.
 */
function placeOf(
  registry: Registry,
  tagOrder: readonly Mirror[],
  baseline: ReadonlySet<string>,
  file: string | null,
): Place | null {
  const others = baseline.has(loadedScope(registry)) ? [] : registry.origins;
  const mirrors = [...tagOrder, ...registry.mirrors].flatMap(({ origins }) => origins);
  const [origin] = [...mirrors, ...others];
  if (origin !== undefined) return { ...wholeFile(origin.file), line: origin.line };
  return file === null ? null : wholeFile(file);
}

function refuseTagOrder(registry: Registry, tagOrder: readonly Mirror[], place: Place | null): Finding {
  const locations = tagOrder.map(({ location }) => quote(location)).join(', ');
  const message = `CRI-O before 1.25 cannot tell tag pulls from digest pulls of ${quote(loadedScope(registry))}, so that its tag mirrors are left out: ${locations}`;
  const help = 'update CRI-O to 1.25 or newer, or give the source the same mirrors for tags and for digests';
  return finding('tagMirrorsNeedNewer', place, message, help);
}
