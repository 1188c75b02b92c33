// Fills the frame of icspd(8) with the tables of the program: commands, options and findings.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../src/cli/commands.ts';
import { describeUsage } from '../src/cli/help.ts';
import { globalOptions, optionsOf, type CommandName, type OptionTable } from '../src/cli/options.ts';
import { FINDINGS } from '../src/finding.ts';

/** The page as mdoc(7). */
export function makePage(frame: string): string {
  const parts: Readonly<Record<string, readonly string[]>> = {
    COMMANDS: describeCommands(),
    OPTIONS: describeOptions(globalOptions),
    FINDINGS: Object.values(FINDINGS).flatMap(({ id, severity, title }) => [
      `.It ${id} Pq ${severity}`,
      `${text(title)}.`,
    ]),
  };
  return frame.replace(/^@([A-Z]+)@$/gm, (_, name: string) => {
    const lines = parts[name];
    if (lines === undefined) throw new Error(`the frame asks for ${name}, which there is not`);
    return lines.join('\n');
  });
}

function describeCommands(): readonly string[] {
  const names = Object.keys(commands) as CommandName[];
  return names.flatMap((name) => {
    const { summary, exits } = commands[name];
    const rows = describeOptions(optionsOf[name]);
    return [
      `.It Cm ${text(describeUsage(name).replace('icspd ', ''))}`,
      `${text(summary)}.`,
      'Exit status:',
      '.Bl -tag -width Ds -compact',
      ...exits.flatMap(([code, meaning]) => [`.It ${String(code)}`, `${text(meaning)}.`]),
      '.El',
      ...(rows.length === 0 ? [] : ['.Bl -tag -width Ds', ...rows, '.El']),
    ];
  });
}

function describeOptions(options: OptionTable): readonly string[] {
  return Object.entries(options).flatMap(([name, { short, argument, help }]) => {
    const long = `Fl \\-${text(name)}${argument === '' ? '' : ` Ar ${text(argument)}`}`;
    return [`.It ${short === undefined ? '' : `Fl ${short} , `}${long}`, `${text(help)}.`];
  });
}

/** Foreign to mdoc: nothing in it is a macro or an escape. */
function text(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^[.']/, '\\&$&')
    .replace(/[\])]$/, '$&\\&');
}

if (import.meta.main) {
  const man = join(import.meta.dirname, 'man');
  mkdirSync('dist/man', { recursive: true });
  for (const page of ['icspd.conf.5', 'icsp.d.5'])
    writeFileSync(join('dist/man', page), readFileSync(join(man, page)));
  writeFileSync('dist/man/icspd.8', makePage(readFileSync(join(man, 'icspd.8.in'), 'utf8')));
}
