// --help, made from the tables of commands and options, so that it cannot say what the program does not do. At most 80 columns.
import { commands } from './commands.ts';
import { globalOptions, optionsOf, type CommandName, type OptionTable } from './options.ts';

/** The overview: all commands and the global options. */
export function describeProgram(): string {
  const rows = Object.entries(commands).map(([name, { summary }]): Row => [name, summary]);
  return [
    'icspd turns the image mirror policies in /etc/icsp.d into registries.conf',
    'and makes CRI-O load it.',
    '',
    'usage: icspd COMMAND [OPTION...]',
    '',
    ...align(rows),
    '',
    'Options of every command:',
    ...align(describeOptions(globalOptions)),
    '',
    'Three commands at 3 a.m.: icspd status, icspd explain IMAGE,',
    'icspd restore --previous --for 8h',
  ].join('\n');
}

/** One command: usage, options, exit status, examples. */
export function describeCommand(name: CommandName): string {
  const { summary, exits, examples } = commands[name];
  const own = describeOptions(optionsOf[name]);
  return [
    `usage: ${describeUsage(name)}`,
    '',
    summary,
    ...(own.length === 0 ? [] : ['', ...align(own)]),
    '',
    'Exit status:',
    ...align(exits.map(([code, meaning]): Row => [String(code), meaning])),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
    'Options of every command: icspd --help',
  ].join('\n');
}

/** The command with its operands, and whether there are options. */
export function describeUsage(name: CommandName): string {
  const { operands } = commands[name];
  const hasOptions = Object.keys(optionsOf[name]).length > 0;
  return ['icspd', name, ...(operands === '' ? [] : [operands]), ...(hasOptions ? ['[OPTION...]'] : [])].join(
    ' ',
  );
}

type Row = readonly [string, string];

function describeOptions(options: OptionTable): readonly Row[] {
  return Object.entries(options).map(([name, { short, argument, help }]) => {
    const long = `--${name}${argument === '' ? '' : ` ${argument}`}`;
    return [short === undefined ? `    ${long}` : `-${short}, ${long}`, help];
  });
}

function align(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
