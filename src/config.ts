// /etc/icspd/icspd.conf: what may be set, the defaults, and how the text becomes Settings.
import { finding, type Finding } from './finding.ts';
import { quote } from './escape.ts';
import { wholeFile, type Place } from './origin.ts';
import { nearestWord } from './policy/did-you-mean.ts';

/** Everything that can be set. Durations in milliseconds; the keys of the file are the same words in kebab-case. */
export interface Settings {
  /** Lowest precedence first. */
  readonly policyDirs: readonly string[];
  readonly registriesConf: string;
  /** `safe` leaves risky changes to the command `icspd apply`; `observe` never writes, it only says what it would do. */
  readonly apply: 'all' | 'safe' | 'observe';
  /** What happens to a registries.conf that somebody else edited or replaced. */
  readonly drift: 'refuse' | 'layer' | 'overwrite';
  /** Images that no change may leave without an endpoint; null: what CRI-O and MicroShift need. */
  readonly mustPull: readonly string[] | null;
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
  mustPull: null,
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

/** Whether the text is a version of CRI-O such as `1.33` or `1.33.2`. */
export function isCrioVersion(text: string): boolean {
  return /^[0-9]+\.[0-9]+(\.[0-9]+)?$/.test(text);
}

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
  // As installed, every line of the file is a comment: then the schema, which takes as long to load as a short command runs, is not needed.
  if (isEmptyTable(raw)) return { settings: defaultSettings, findings: [] };
  const { settingsSchema, settingNames } = await import('./config-schema.ts');
  const findings = unknownKeys(raw, settingNames).map((key) => {
    const message = `unknown setting ${quote(key)}, which has no effect`;
    const help = suggest(key, [...settingNames], 'remove it; icspd.conf(5) lists the settings');
    return finding('unknownSetting', placeOfKey(text, key, file), message, help);
  });
  const known = settingsSchema.safeParse(raw);
  if (known.success) return { settings: known.data, findings };
  const problems = known.error.issues.map(({ path, message }) => {
    const key = path.filter((part) => typeof part === 'string').join('.');
    const sentence = `setting ${quote(key)}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
    return finding(
      'badSetting',
      placeOfKey(text, key, file),
      sentence,
      'correct it, or remove the line for the default',
    );
  });
  return { settings: null, findings: [...findings, ...problems] };
}

function isEmptyTable(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && Object.keys(raw).length === 0;
}

/** The nearest known word as a remedy, or `otherwise` where none is near. */
function suggest(word: string, words: readonly string[], otherwise: string): string {
  const nearest = nearestWord(word, words);
  return nearest === null ? otherwise : `write ${nearest}, or remove it`;
}

/** The first line that sets the key (its table is not looked at), for TOML parsers give no positions. */
function placeOfKey(text: string, key: string, file: string): Place {
  const name = key.slice(key.lastIndexOf('.') + 1);
  const lines = text.split('\n');
  const index = lines.findIndex((line) =>
    line
      .trim()
      .replace(/^\[|["']/g, '')
      .startsWith(name),
  );
  if (index === -1) return wholeFile(file);
  return { file, line: index + 1, column: null, excerpt: lines[index]?.trimEnd() ?? null };
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
