// Every path that the program touches, in one place, under --root.
import { posix } from 'node:path';

/** Absolute paths; `root` is '/' unless --root says otherwise. */
export interface Paths {
  readonly root: string;
  readonly settings: string;
  readonly configDir: string;
  readonly baseline: string;
  readonly baselineAbsent: string;
  /** What icspd writes. */
  readonly registriesConf: string;
  /** The two files that the rendering's header names, as the running system names them: without the root. */
  readonly inSystem: { readonly baseline: string; readonly registriesConf: string };
  /** Of drop-ins, whatever the name of the main file; CRI-O may have been told to read another one. */
  readonly registriesConfDir: string;
  /** Lowest precedence first. */
  readonly policyDirs: readonly string[];
  readonly stateDir: string;
  /** The part of the state that this schema version owns. */
  readonly schemaDir: string;
  readonly lock: string;
  readonly runtimeDir: string;
  readonly metrics: string;
  /** The last look's status, for everybody to read. */
  readonly status: string;
  /** Exists where the Machine Config Operator owns registries.conf. */
  readonly mcoConfig: string;
  /** Machine-wide short-name aliases, read by containers/image at each pull. */
  readonly shortNameAliases: string;
  /** The registries.conf of the user that CRI-O runs as, which takes over if it exists. */
  readonly userRegistriesConf: string;
  readonly userRegistriesConfDir: string;
}

/** Settings that move paths; defaults in config.ts. */
export interface PathSettings {
  readonly policyDirs: readonly string[];
  readonly registriesConf: string;
}

/** The path as the system below `root` will name it; what is not below stays as it is. */
export function withoutRoot(path: string, root: string): string {
  const isBelow = root !== '/' && path.startsWith(`${root}/`);
  return isBelow ? path.slice(root.length) : path;
}

/** The path by which a name of the system below `root` is found from here. */
export function underRoot(path: string, root: string): string {
  return root === '/' ? path : `${root}${path}`;
}

/**
 * Puts every path below `root`.
 * @param root absolute; '/' for the running system
 */
export function pathsUnder(root: string, settings: PathSettings): Paths {
  const under = (path: string): string => posix.join(root, path);
  return {
    root,
    settings: under('/etc/icspd/icspd.conf'),
    configDir: under('/etc/icspd'),
    baseline: under('/etc/icspd/baseline.conf'),
    baselineAbsent: under('/etc/icspd/baseline.absent'),
    registriesConf: under(settings.registriesConf),
    inSystem: { baseline: '/etc/icspd/baseline.conf', registriesConf: settings.registriesConf },
    registriesConfDir: under('/etc/containers/registries.conf.d'),
    policyDirs: settings.policyDirs.map(under),
    stateDir: under('/var/lib/icspd'),
    schemaDir: under('/var/lib/icspd/v1'),
    lock: under('/var/lib/icspd/lock'),
    runtimeDir: under('/run/icspd'),
    metrics: under('/run/icspd/icspd.prom'),
    status: under('/run/icspd/status.json'),
    mcoConfig: under('/etc/machine-config-daemon/currentconfig'),
    shortNameAliases: under('/var/cache/containers/short-name-aliases.conf'),
    ...userFiles(root, '/root'),
  };
}

/** The paths for a CRI-O that has its home in that directory of the system. */
export function withHome(paths: Paths, home: string): Paths {
  return { ...paths, ...userFiles(paths.root, home) };
}

function userFiles(root: string, home: string): Pick<Paths, 'userRegistriesConf' | 'userRegistriesConfDir'> {
  const conf = posix.join(root, home, '.config/containers/registries.conf');
  return { userRegistriesConf: conf, userRegistriesConfDir: `${conf}.d` };
}
