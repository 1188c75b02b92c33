// What a command is: a line in the table, its options, and the module that does it.
import type { ParseArgsConfig } from 'node:util';
import type { Agent } from '../agent/reconcile.ts';
import type { Finding } from '../finding.ts';
import type { Output } from './output.ts';

export type OptionSpecs = NonNullable<ParseArgsConfig['options']>;

/** One row of the table of commands; `load` keeps start-up short, since a command loads only what it uses. */
export interface CommandRow {
  readonly summary: string;
  readonly usage: string;
  readonly options: OptionSpecs;
  /** What each option does, by name, for --help. */
  readonly optionHelp: Readonly<Record<string, string>>;
  readonly positionals: { readonly min: number; readonly max: number };
  readonly load: () => Promise<{ readonly run: (call: Call) => Promise<number> }>;
}

/** One call of a command. */
export interface Call {
  readonly name: string;
  readonly options: Options;
  readonly positionals: readonly string[];
  readonly output: Output;
  /** Opens the node: settings, paths, host. Throws UnusableSettings. */
  readonly openAgent: () => Promise<OpenedAgent>;
}

export interface OpenedAgent extends Agent {
  /** Of icspd.conf: unknown keys. */
  readonly settingsFindings: readonly Finding[];
}

/** Values of options, already of the right type. */
export interface Options {
  has(name: string): boolean;
  text(name: string): string | null;
  texts(name: string): readonly string[];
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
