// What can be completed, as the tables of commands and options have it: the same rows that parsing and help are made from.
import { commands } from './commands.ts';
import { globalOptions, optionsOf, type CommandName, type OptionTable } from './options.ts';

/** What an argument may be: files, directories, some words, or nothing that could be known here. */
export interface Argument {
  readonly files: 'any' | 'directories' | 'none';
  readonly words: readonly string[];
}

/** An option of a command; `argument` null for a flag. */
export interface CompletedOption {
  /** Without dashes. */
  readonly name: string;
  /** Without its dash; null for most. */
  readonly short: string | null;
  readonly help: string;
  readonly argument: Argument | null;
  readonly isRepeatable: boolean;
}

export interface CompletedCommand {
  readonly name: CommandName;
  readonly summary: string;
  /** Its own, without those of every command. */
  readonly options: readonly CompletedOption[];
  readonly operand: Argument;
}

/** The options of every command. */
export function listGlobalOptions(): readonly CompletedOption[] {
  return listOptions(globalOptions);
}

export function listCommands(): readonly CompletedCommand[] {
  return (Object.keys(commands) as CommandName[]).map((name) => ({
    name,
    summary: commands[name].summary,
    options: listOptions(optionsOf[name]),
    operand: argumentOf(commands[name].operands),
  }));
}

function listOptions(table: OptionTable): readonly CompletedOption[] {
  return Object.entries(table).map(([name, { short, argument, help, multiple }]) => ({
    name,
    short: short ?? null,
    help,
    argument: argument === '' ? null : argumentOf(argument),
    isRepeatable: multiple === true,
  }));
}

/** In usage lines words in lower case are typed as they are, those in upper case stand for something. */
function argumentOf(usage: string): Argument {
  const files = /\bFILE\b/.test(usage) ? 'any' : /\bDIR\b/.test(usage) ? 'directories' : 'none';
  return { files, words: usage.match(/\b[a-z]+\b/g) ?? [] };
}

/** A text in single quotes, as bash, zsh and fish read it. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
