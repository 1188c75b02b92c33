// What CRI-O shows of the registries that it has loaded, and whether that is the configuration on disk.

export interface LoadedMirror {
  readonly location: string;
  readonly insecure: boolean;
  /** '' where the key is absent. */
  readonly pullFromMirror: string;
}

/** One entry as containers/image holds it after loading: the prefix filled in, trailing slashes gone. */
export interface LoadedRegistry {
  readonly prefix: string;
  /** '' for a wildcard without a location. */
  readonly location: string;
  readonly insecure: boolean;
  readonly mirrors: readonly LoadedMirror[];
  readonly blocked: boolean;
  readonly mirrorByDigestOnly: boolean;
}

/** The merged configuration: registries.conf and the drop-ins over it, one entry per prefix, in the byte order of prefixes. */
export interface LoadedConf {
  readonly registries: readonly LoadedRegistry[];
  readonly searchRegistries: readonly string[];
}

/**
 * Whether `shown`, what CRI-O printed of its V2RegistriesConf with Go's `%+v`, is `conf` as far as it goes.
 * The keys behind the search list are not compared: ShortNameMode shows the main file's value and aliases never show.
 * @param isCut the text ends early; then it must at least reach the list of registries
 */
export function showsConf(shown: string, isCut: boolean, conf: LoadedConf): boolean {
  const text = trimSlashes(shown);
  return [true, false].some((hasPull) => {
    const expected = trimSlashes(printConf(conf, hasPull));
    if (text.length >= expected.length) return text.startsWith(expected);
    return isCut && text.startsWith('&{Registries:[') && expected.startsWith(text);
  });
}

/** Before v5.35 containers/image kept the slash at the end of a mirror; the mirror is the same. A cut can leave one, too. */
function trimSlashes(text: string): string {
  return text.split(' ').map(trimEnd).join(' ');
}

/** By hand: a pattern would look at each of many slashes as a start, and CRI-O's lines hold what others wrote. */
function trimEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** @param hasPull whether this containers/image knows pull-from-mirror (v5.21, CRI-O 1.25) */
function printConf({ registries, searchRegistries }: LoadedConf, hasPull: boolean): string {
  const entries = registries.map((registry) => printRegistry(registry, hasPull)).join(' ');
  return `&{Registries:[${entries}] UnqualifiedSearchRegistries:[${searchRegistries.join(' ')}]`;
}

function printRegistry(registry: LoadedRegistry, hasPull: boolean): string {
  const { prefix, location, insecure, blocked, mirrorByDigestOnly } = registry;
  const endpoint = printEndpoint({ location, insecure, pullFromMirror: '' }, hasPull);
  const mirrors = registry.mirrors.map((mirror) => printEndpoint(mirror, hasPull)).join(' ');
  const flags = `Blocked:${String(blocked)} MirrorByDigestOnly:${String(mirrorByDigestOnly)}`;
  return `{Prefix:${prefix} Endpoint:${endpoint} Mirrors:[${mirrors}] ${flags}}`;
}

function printEndpoint({ location, insecure, pullFromMirror }: LoadedMirror, hasPull: boolean): string {
  const pull = hasPull ? ` PullFromMirror:${pullFromMirror}` : '';
  return `{Location:${location} Insecure:${String(insecure)}${pull}}`;
}
