// The completion script of fish(1).
import {
  listCommands,
  listGlobalOptions,
  quoteForShell,
  type Argument,
  type CompletedOption,
} from './completion-words.ts';

/** One `complete` for each command, option and operand; files only where they belong. */
export function completeFish(): string {
  const commands = listCommands();
  const lines = [
    '# fish completion for icspd; use it with: icspd completion fish | source',
    'complete -c icspd -f',
    ...listGlobalOptions().map((option) => describeOption('', option)),
  ];
  for (const { name, summary, options, operand } of commands) {
    const isUsed = ` -n '__fish_seen_subcommand_from ${name}'`;
    lines.push(`complete -c icspd -n __fish_use_subcommand -a ${name} -d ${quoteForShell(summary)}`);
    lines.push(...options.map((option) => describeOption(isUsed, option)));
    const offer = describeArgument(operand);
    if (offer !== '') lines.push(`complete -c icspd${isUsed}${offer}`);
  }
  return `${lines.join('\n')}\n`;
}

function describeOption(condition: string, { name, short, help, argument }: CompletedOption): string {
  const names = `${short === null ? '' : ` -s ${short}`} -l ${name}`;
  const value = argument === null ? '' : ` -r${describeArgument(argument)}`;
  return `complete -c icspd${condition}${names}${value} -d ${quoteForShell(help)}`;
}

function describeArgument({ files, words }: Argument): string {
  if (files === 'any') return ' -F';
  if (files === 'directories') return " -a '(__fish_complete_directories)'";
  return words.length === 0 ? '' : ` -a '${words.join(' ')}'`;
}
