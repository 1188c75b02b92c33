// How CRI-O is started, from what systemd says of its unit; and so which registries.conf it reads.

/** The unit's ExecStart with its variables filled in. */
export interface CrioStart {
  readonly binary: string;
  readonly argv: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
}

/** Null where nothing is said, so that containers/image looks in its usual places. */
export interface CrioFiles {
  readonly registriesConf: string | null;
  readonly registriesConfDir: string | null;
  /** Where `.config/containers/registries.conf` takes over if there is no explicit path. */
  readonly home: string;
}

/** The properties of `systemctl show` that `readStart` needs. */
export const startProperties = ['ExecStart', 'Environment', 'EnvironmentFiles'];

/**
 * Reads how the unit is started; null if it starts nothing.
 * @param readText the text of a file of EnvironmentFile=, null if there is none
 */
export function readStart(
  properties: ReadonlyMap<string, string>,
  readText: (path: string) => string | null,
): CrioStart | null {
  const command = /^\{ path=(\S+) ; argv\[\]=(.*?) ; ignore_errors=/m.exec(properties.get('ExecStart') ?? '');
  const [, binary, argv] = command ?? [];
  if (binary === undefined || argv === undefined) return null;
  const environment = new Map(splitWords(properties.get('Environment') ?? '').flatMap(splitAssignment));
  // systemd.exec(5): files override Environment=, later files earlier ones.
  for (const line of (properties.get('EnvironmentFiles') ?? '').split('\n')) {
    const path = line.replace(/ \(ignore_errors=(?:yes|no)\)$/, '');
    const text = path === '' ? null : readText(path);
    for (const [name, value] of readAssignments(text ?? '')) environment.set(name, value);
  }
  return { binary, argv: splitWords(argv).flatMap((word) => expand(word, environment)), environment };
}

/**
 * Finds the registries.conf that CRI-O was told to read: the flags `--registries-conf` and `--registries-conf-dir`,
 * else CONTAINER_REGISTRIES_CONF and CONTAINER_REGISTRIES_CONF_DIR (CRI-O `internal/criocli`).
 */
export function findRegistriesConf({
  argv,
  environment,
}: Pick<CrioStart, 'argv' | 'environment'>): CrioFiles {
  const told = (flag: string, variable: string): string | null => {
    const value = flagValue(argv, flag) ?? environment.get(variable) ?? '';
    return value === '' ? null : value;
  };
  return {
    registriesConf: told('registries-conf', 'CONTAINER_REGISTRIES_CONF'),
    registriesConfDir: told('registries-conf-dir', 'CONTAINER_REGISTRIES_CONF_DIR'),
    home: environment.get('HOME') ?? '/root',
  };
}

/** The last value of a flag, which Go takes with one dash or two, with `=` or as the next argument. */
function flagValue(argv: readonly string[], flag: string): string | null {
  let value: string | null = null;
  for (const [index, argument] of argv.entries()) {
    const name = argument.replace(/^--?/, '');
    if (name === argument) continue;
    if (name === flag) value = argv[index + 1] ?? null;
    if (name.startsWith(`${flag}=`)) value = name.slice(flag.length + 1);
  }
  return value;
}

/** systemd.service(5): `$NAME` alone becomes the words of its value, `${NAME}` its value. */
function expand(word: string, environment: ReadonlyMap<string, string>): readonly string[] {
  const alone = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1];
  if (alone !== undefined) return splitWords(environment.get(alone) ?? '');
  return [word.replace(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => environment.get(name) ?? '')];
}

function splitWords(text: string): readonly string[] {
  const words = text.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'])+/g) ?? [];
  return words.map(unquote);
}

function unquote(word: string): string {
  return word.replace(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replace(/\\(.)/g, '$1') ?? single ?? escaped ?? '',
  );
}

/** The assignments of an environment file: one on a line, `#` and `;` begin comments. */
function readAssignments(text: string): readonly (readonly [string, string])[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !/^[#;]/.test(line))
    .flatMap((line) => splitAssignment(line).map(([name, value]) => [name, unquote(value)] as const));
}

function splitAssignment(assignment: string): readonly (readonly [string, string])[] {
  const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(assignment);
  return match === null ? [] : [[match[1] ?? '', match[2] ?? '']];
}
