// --help, made from the table of commands, so that it cannot say what the program does not do.
import type { CommandRow } from './command.ts';
import { commands, globalOptionHelp, globalOptions } from './commands.ts';

/** The overview: all commands and the global options. */
export function describeProgram(): string {
  const rows = Object.entries(commands).map(([name, { summary }]): readonly [string, string] => [
    name,
    summary,
  ]);
  return [
    'icspd: turns the image mirror policies in /etc/icsp.d into registries.conf and makes CRI-O load it',
    '',
    'usage: icspd COMMAND [OPTION...]',
    '',
    ...align(rows),
    '',
    'Options of every command:',
    ...align(optionRows(globalOptions, globalOptionHelp)),
    '',
    'Three commands at 3 a.m.: icspd status, icspd explain IMAGE, icspd restore --previous --for 8h',
  ].join('\n');
}

/** One command: usage, options. */
export function describeCommand(row: CommandRow): string {
  const own = optionRows(row.options, row.optionHelp);
  return [
    `usage: icspd ${row.usage}`,
    '',
    row.summary,
    ...(own.length === 0 ? [] : ['', ...align(own)]),
    '',
    'Options of every command:',
    ...align(optionRows(globalOptions, globalOptionHelp)),
  ].join('\n');
}

function optionRows(
  options: CommandRow['options'],
  help: Readonly<Record<string, string>>,
): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { short }]) => {
    const [words = '', argument = ''] = (help[name] ?? '').split('   ').reverse();
    const flag = `${short === undefined ? '    ' : `-${short}, `}--${name}${argument === '' ? '' : ` ${argument}`}`;
    return [flag, words];
  });
}

function align(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
