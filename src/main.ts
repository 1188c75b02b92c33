// argv in, exit code out; the only file that sets process.exitCode.
import { parseArgs } from 'node:util';
import { UnusableSettings, UsageError, type Options } from './cli/command.ts';
import { commands, isCommand } from './cli/commands.ts';
import { globalOptions, optionsOf, type CommandName, type OptionTable } from './cli/options.ts';
import { jsonFindings, makeOutput, type Output } from './cli/output.ts';
import { escape, quote } from './escape.ts';
import { findingOf } from './host-error.ts';
import { version } from './version.ts';

const usageExit = 2;
/** Of diff, as of diff(1): 1 would say that there are differences. */
const troubleExit = 2;
/** EX_CONFIG of sysexits.h: systemd must not restart the unit for it. */
const configExit = 78;

async function main(argv: readonly string[]): Promise<number> {
  const [name] = parseLoosely(argv);
  try {
    if (name === undefined) return await describe(argv);
    if (!isCommand(name)) throw await unknownCommand(name);
    return await runCommand(name, argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const help = name !== undefined && isCommand(name) ? `icspd ${name} --help` : 'icspd --help';
    process.stderr.write(`icspd: ${escape(error.message)}; see ${help}\n`);
    return usageExit;
  }
}

async function runCommand(name: CommandName, argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, optionsOf[name]);
  const options = wrap(values);
  if (options.has('help')) {
    const { describeCommand } = await import('./cli/help.ts');
    process.stdout.write(`${describeCommand(name)}\n`);
    return 0;
  }
  const { operandCount, operands, mayWrite, load } = commands[name];
  const words = positionals.slice(1);
  if (words.length < operandCount.min || words.length > operandCount.max) {
    throw new UsageError(operands === '' ? `${name} takes no operand` : `${name} takes ${operands}`);
  }
  const output = openOutput(options);
  try {
    const command = await load();
    return await command.run({
      options,
      positionals: words,
      output,
      openAgent: async () => {
        const { openAgent } = await import('./cli/node.ts');
        return openAgent(options, output, mayWrite);
      },
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return reportFailure(output, name, error);
  }
}

/** What keeps a command from its work is told like every other finding, also under --json. */
function reportFailure(output: Output, name: CommandName, error: unknown): number {
  const isSettings = error instanceof UnusableSettings;
  const findings = isSettings ? error.findings : [findingOf(error)];
  if (output.isJson) output.printJson('failure', { findings: jsonFindings(findings) });
  else output.printFindings(findings);
  if (name === 'diff') return troubleExit;
  return isSettings && name === 'run' ? configExit : 1;
}

/** --version and --help; without either the help is an error. */
async function describe(argv: readonly string[]): Promise<number> {
  const options = wrap(parse(argv, {}).values);
  if (options.has('version')) {
    process.stdout.write(`icspd ${version}\n`);
    return 0;
  }
  const { describeProgram } = await import('./cli/help.ts');
  const isAsked = options.has('help');
  (isAsked ? process.stdout : process.stderr).write(`${describeProgram()}\n`);
  return isAsked ? 0 : usageExit;
}

async function unknownCommand(name: string): Promise<UsageError> {
  const { nearestWord } = await import('./policy/did-you-mean.ts');
  const nearest = nearestWord(name, Object.keys(commands));
  const guess = nearest === null ? '' : `, did you mean ${nearest}?`;
  return new UsageError(`no such command: ${quote(name)}${guess}`);
}

/** The words that are neither options nor their values, judged by the global options alone: the first is the command. */
function parseLoosely(argv: readonly string[]): readonly string[] {
  return parseArgs({ args: [...argv], options: globalOptions, allowPositionals: true, strict: false })
    .positionals;
}

function parse(argv: readonly string[], own: OptionTable): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...argv], options: { ...globalOptions, ...own }, allowPositionals: true });
  } catch (error) {
    // Node adds advice of its own behind the first sentence.
    const [words = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(words.charAt(0).toLowerCase() + words.slice(1), { cause: error });
  }
}

function wrap(values: ReturnType<typeof parseArgs>['values']): Options {
  return {
    has: (name) => values[name] === true,
    text(name) {
      const value = values[name];
      return typeof value === 'string' ? value : null;
    },
    texts(name) {
      const value = values[name];
      return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
    },
  };
}

function openOutput(options: Options): Output {
  const mayColor = !options.has('no-color') && (process.env['NO_COLOR'] ?? '') === '';
  return makeOutput(
    {
      isJson: options.has('json'),
      isQuiet: options.has('quiet'),
      isVerbose: options.has('verbose'),
      hasColorOut: mayColor && process.stdout.isTTY,
      hasColorErr: mayColor && process.stderr.isTTY,
      columnsOut: columnsOf(process.stdout),
      columnsErr: columnsOf(process.stderr),
      linesOut: process.stdout.isTTY ? process.stdout.rows || usualLines : Infinity,
    },
    process.stdout,
    process.stderr,
  );
}

/** Of a terminal that does not say how large it is (a serial line). */
const usualColumns = 80;
const usualLines = 24;

function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return isTTY ? columns || usualColumns : Infinity;
}

/** An answer that did not arrive makes the exit status an error. The daemon goes on: what it does matters more than its log. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that goes away (`icspd render | head`) is no error of ours.
  const isOurs = error.code !== 'EPIPE' && parseLoosely(process.argv.slice(2))[0] !== 'run';
  if (!isOurs || process.exitCode === 1) return;
  process.exitCode = 1;
  process.stderr.write(`icspd: cannot write to standard output: ${escape(error.message)}\n`);
});
process.stderr.on('error', () => undefined);

main(process.argv.slice(2)).then(
  (code) => {
    if (code !== 0) process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`icspd: ${escape(findingOf(error).message)}\n`);
    process.exitCode = 1;
  },
);
