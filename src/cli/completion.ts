// icspd completion: what a shell needs to complete commands, options and their arguments.
import { quote } from '../escape.ts';
import { UsageError, type Call } from './command.ts';
import { completeBash } from './completion-bash.ts';
import { completeFish } from './completion-fish.ts';
import { completeZsh } from './completion-zsh.ts';

const scripts = new Map([
  ['bash', completeBash],
  ['zsh', completeZsh],
  ['fish', completeFish],
]);

/** Exit status: 0. Throws UsageError for another shell. */
export function run({ positionals, output }: Call): Promise<number> {
  const [shell = ''] = positionals;
  const write = scripts.get(shell);
  if (write === undefined) {
    throw new UsageError(`completion takes ${[...scripts.keys()].join(', ')}, not ${quote(shell)}`);
  }
  if (output.isJson) output.printJson('completion', { shell, script: write(), findings: [] });
  else output.printRaw(write());
  return Promise.resolve(0);
}
