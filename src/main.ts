// argv in, exit code out; the only file that sets process.exitCode.
import { parseArgs } from 'node:util';
import type { Call, Options } from './cli/command.ts';
import { UnusableSettings, UsageError } from './cli/command.ts';
import { commands, globalOptions } from './cli/commands.ts';
import { makeOutput, type Output } from './cli/output.ts';
import { version } from './version.ts';

const usageExit = 2;
/** EX_CONFIG of sysexits.h: systemd must not restart the unit for it. */
const configExit = 78;

async function main(argv: readonly string[]): Promise<number> {
  const [name] = parseLoosely(argv);
  const row = name === undefined ? undefined : commands[name];
  if (row === undefined || name === undefined) return withoutCommand(argv, name);
  const { values, positionals } = parse(argv, row.options);
  const options = wrap(values);
  if (options.has('help')) {
    const { describeCommand } = await import('./cli/help.ts');
    process.stdout.write(`${describeCommand(row)}\n`);
    return 0;
  }
  const words = positionals.slice(1);
  if (words.length < row.positionals.min || words.length > row.positionals.max) {
    throw new UsageError(`usage: icspd ${row.usage}`);
  }
  const output = openOutput(options);
  const command = await row.load();
  const call: Call = {
    name,
    options,
    positionals: words,
    output,
    openAgent: async () => {
      const { openAgent } = await import('./cli/node.ts');
      return openAgent(options, output);
    },
  };
  try {
    return await command.run(call);
  } catch (error) {
    if (!(error instanceof UnusableSettings)) throw error;
    output.printFindings(error.findings);
    return name === 'run' ? configExit : 1;
  }
}

async function withoutCommand(argv: readonly string[], name: string | undefined): Promise<number> {
  if (name !== undefined) throw new UsageError(`no such command: ${JSON.stringify(name)}`);
  const options = wrap(parse(argv, {}).values);
  if (options.has('version')) {
    process.stdout.write(`icspd ${version}\n`);
    return 0;
  }
  const { describeProgram } = await import('./cli/help.ts');
  if (options.has('help')) {
    process.stdout.write(`${describeProgram()}\n`);
    return 0;
  }
  process.stderr.write(`${describeProgram()}\n`);
  return usageExit;
}

/** The words that are neither options nor their values, judged by the global options alone: the first is the command. */
function parseLoosely(argv: readonly string[]): readonly string[] {
  return parseArgs({ args: [...argv], options: globalOptions, allowPositionals: true, strict: false })
    .positionals;
}

function parse(
  argv: readonly string[],
  own: (typeof commands)[string]['options'],
): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...argv], options: { ...globalOptions, ...own }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
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
    },
    process.stdout,
    process.stderr,
  );
}

// A reader that goes away (`icspd render | head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(isUsage ? `icspd: ${error.message}; see icspd --help\n` : `icspd: ${words}\n`);
    process.exitCode = isUsage ? usageExit : 1;
  },
);
