// /etc/icspd/icspd.conf: what may be set, the defaults, and how the text becomes Settings.
import { finding, type Finding } from './finding.ts';
import { quote } from './escape.ts';
import { wholeFile } from './origin.ts';

/** Everything that can be set. Durations in milliseconds; the keys of the file are the same words in kebab-case. */
export interface Settings {
  /** Lowest precedence first. */
  readonly policyDirs: readonly string[];
  readonly registriesConf: string;
  /** `observe` never writes; it only says what it would do. */
  readonly apply: 'all' | 'observe';
  /** What happens to a registries.conf that somebody else edited or replaced. */
  readonly drift: 'refuse' | 'overwrite';
  readonly historyKeep: number;
  readonly resyncMs: number;
  readonly quietPeriodMs: number;
  readonly quietPeriodMaxMs: number;
  readonly assumeCrioVersion: string | null;
  readonly allowMcoNode: boolean;
  readonly logLevel: 'error' | 'warning' | 'notice' | 'info' | 'debug';
  readonly reloadUnit: string;
  readonly reloadTimeoutMs: number;
  /** Scopes that policies may make tag mirrors or search registries of; `*` is all. */
  readonly contentHosts: readonly string[];
}

export const defaultSettings: Settings = {
  policyDirs: ['/usr/lib/icsp.d', '/etc/icsp.d'],
  registriesConf: '/etc/containers/registries.conf',
  apply: 'all',
  drift: 'refuse',
  historyKeep: 50,
  resyncMs: 5 * 60_000,
  quietPeriodMs: 50,
  quietPeriodMaxMs: 1_000,
  assumeCrioVersion: null,
  allowMcoNode: false,
  logLevel: 'info',
  reloadUnit: 'crio.service',
  reloadTimeoutMs: 30_000,
  contentHosts: ['*'],
};

/** Settings as read. `settings` is null where the file cannot be used at all; unknown keys are only reported. */
export interface SettingsReading {
  readonly settings: Settings | null;
  readonly findings: readonly Finding[];
}

/**
 * Reads the text of icspd.conf (TOML).
 * An unknown key is a warning, since a newer file must survive a downgrade; `icspd check` counts warnings of this kind as errors.
 */
export async function readSettings(text: string, file: string): Promise<SettingsReading> {
  const { default: toml } = await import('@iarna/toml');
  let raw: unknown;
  try {
    raw = toml.parse(text);
  } catch (error) {
    return { settings: null, findings: [syntaxFinding(error, file)] };
  }
  const { settingsSchema, settingNames } = await import('./config-schema.ts');
  const known = settingsSchema.safeParse(raw);
  const findings = unknownKeys(raw, settingNames).map((key) =>
    finding(
      'unknownSetting',
      wholeFile(file),
      `unknown setting ${quote(key)}`,
      `remove it, or see icspd.conf(5) for the settings of this version`,
    ),
  );
  if (known.success) return { settings: known.data, findings };
  const problems = known.error.issues.map(({ path, message }) =>
    finding(
      'badSetting',
      wholeFile(file),
      `setting ${quote(path.join('.'))}: ${message}`,
      `correct it; remove the line for the default`,
    ),
  );
  return { settings: null, findings: [...findings, ...problems] };
}

function syntaxFinding(error: unknown, file: string): Finding {
  const at =
    error instanceof Error && 'line' in error && typeof error.line === 'number' ? error.line + 1 : null;
  const words = error instanceof Error ? (error.message.split(/ at row |\n/, 1)[0] ?? '') : String(error);
  return finding(
    'settingsSyntax',
    { file, line: at, column: null, excerpt: null },
    `not valid TOML: ${quote(words)}`,
    `correct the line; an empty file means the defaults`,
  );
}

function unknownKeys(raw: unknown, names: ReadonlySet<string>): string[] {
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(raw).flatMap(([key, value]) => {
    if (names.has(key)) return [];
    const isOurTable = [...names].some((name) => name.startsWith(`${key}.`));
    if (!isOurTable || typeof value !== 'object' || value === null) return [key];
    return Object.keys(value as object)
      .map((name) => `${key}.${name}`)
      .filter((name) => !names.has(name));
  });
}
