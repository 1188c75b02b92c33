// The options of every command: form, argument and meaning in one row each, from which parsing, help and the manual are made.

export interface OptionRow {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** May be given several times. */
  readonly multiple?: true;
  /** What stands for its argument in help; '' for a flag. */
  readonly argument: string;
  readonly help: string;
}

export type OptionTable = Readonly<Record<string, OptionRow>>;

function flag(help: string, short?: string): OptionRow {
  return { type: 'boolean', argument: '', help, ...(short === undefined ? {} : { short }) };
}

function text(argument: string, help: string): OptionRow {
  return { type: 'string', argument, help };
}

/** What every command takes. */
export const globalOptions = {
  root: text('DIR', 'work below DIR instead of / (image builds, tests)'),
  config: text('FILE', 'settings; default /etc/icspd/icspd.conf'),
  json: flag('one JSON document on stdout'),
  'no-color': flag('no colour; also NO_COLOR, and off a terminal'),
  quiet: flag('errors only', 'q'),
  verbose: flag('notices too; all lines of status', 'v'),
  help: flag('this help, or that of a command', 'h'),
  version: flag('the version'),
} as const satisfies OptionTable;

const renderInputs = {
  'policy-dir': { ...text('DIR', 'policies of DIR; repeatable, lowest first'), multiple: true },
  baseline: text('FILE', 'use FILE as the baseline'),
  'crio-version': text('V', 'render for CRI-O V, such as 1.24'),
} as const satisfies OptionTable;

const holdOptions = {
  reason: text('TEXT', 'why, for the record'),
  for: text('TIME', 'end the hold after TIME, such as 30m or 8h'),
} as const satisfies OptionTable;

/** By command; the keys are the names of all commands. */
export const optionsOf = {
  run: {},
  apply: {
    'discard-drift': flag('overwrite a file that somebody else changed'),
    retry: flag('try again a file that CRI-O refused'),
    'allow-removal': flag('take away most sources, as the policies say'),
    'allow-lockout': flag('write although an image of must-pull could not be pulled'),
    without: { ...text('FILE', 'leave this policy file out, this time; repeatable'), multiple: true },
  },
  check: {
    ...renderInputs,
    strict: flag('warnings fail too'),
    format: text('text|json|github', 'how to print; github: annotations'),
  },
  render: renderInputs,
  diff: renderInputs,
  explain: {},
  status: {},
  history: {
    all: flag('all generations, not just the newest 20'),
    text: flag('show: nothing but the file as it was'),
    replaced: flag('show: nothing but the file that it replaced'),
    'old-baseline': flag('show: nothing but the baseline that it replaced'),
  },
  restore: {
    previous: flag('the newest applied file that means something else'),
    baseline: flag("the administrator's own file, without policies"),
    'before-upgrade': flag('what was applied before a newer icspd came'),
    ...holdOptions,
    force: flag('also if it was never in force, or locks images out'),
  },
  hold: holdOptions,
  resume: {},
  adopt: {
    'dry-run': flag('only show what would be done'),
    force: flag('also where pulls go elsewhere then, or all is unknown'),
  },
  import: {
    'output-dir': text('DIR', 'write imported.yaml and baseline.conf into DIR'),
  },
  completion: {},
} as const satisfies Readonly<Record<string, OptionTable>>;

export type CommandName = keyof typeof optionsOf;

/** Every option there is, so that a misspelt one does not compile. */
export type OptionName =
  keyof typeof globalOptions | { [Name in CommandName]: keyof (typeof optionsOf)[Name] }[CommandName];
