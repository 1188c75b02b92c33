// What a command is: a line in the table, its options, and the module that does it.
import type { Agent } from '../agent/reconciliation.ts';
import type { Finding } from '../finding.ts';
import type { OptionName } from './options.ts';
import type { Output } from './output.ts';

/** One row of the table of commands; `load` keeps start-up short, since a command loads only what it uses. */
export interface CommandRow {
  readonly summary: string;
  /** Whether it changes the node, so that all that it rests on must be trusted. */
  readonly mayWrite: boolean;
  /** What stands behind the name besides options; '' for nothing. */
  readonly operands: string;
  readonly operandCount: { readonly min: number; readonly max: number };
  /** Exit status and what it means, for help and manual. */
  readonly exits: readonly (readonly [number, string])[];
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly run: (call: Call) => Promise<number> }>;
}

/** One call of a command. */
export interface Call {
  readonly options: Options;
  readonly positionals: readonly string[];
  readonly output: Output;
  /** Opens the node: settings, paths, host. Throws UnusableSettings and UsageError. */
  readonly openAgent: () => Promise<Agent>;
}

/** Values of options, already of the right type. */
export interface Options {
  has(name: OptionName): boolean;
  text(name: OptionName): string | null;
  texts(name: OptionName): readonly string[];
}

/** A wrong call: one line and exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** icspd.conf cannot be used: exit 78 (EX_CONFIG) for `run`, 1 for others. */
export class UnusableSettings extends Error {
  override readonly name = 'UnusableSettings';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super('icspd.conf cannot be used');
    this.findings = findings;
  }
}
