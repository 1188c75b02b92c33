// Runs the tests of the pure core for StrykerJS in one process: a worker for each test file would take hours.
import { globSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { type CollectedTest, takeCollected } from './ava.ts';
import { hookModules, load, reaches, renew } from './modules.ts';

const testFiles = ['test/{policy,compose,registries}/**/*.test.ts', 'test/golden/golden.test.ts'];
/** Measures how long megabytes take, which is three quarters of the time of all tests. */
const tooSlow = ['test/policy/hostile.test.ts'];

interface LoadedTest extends CollectedTest {
  readonly id: string;
  readonly file: string;
}

/** What the instrumented code looks at to know which mutant it shall be. */
const switchboard: InstrumenterContext = {};
Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: switchboard });

/** One process, many mutants: most are switched on in code that is loaded once; those of top-level code load it anew. */
class InProcessRunner implements TestRunner {
  readonly #root = process.cwd();
  readonly #files = globSync(testFiles, { exclude: tooSlow })
    .sort()
    .map((file) => join(this.#root, file));
  #loaded: readonly LoadedTest[] | null = null;
  /** Tests that failed lately, the last one first: the next mutant is a neighbour of the last one. */
  #killers: readonly string[] = [];
  readonly #timeSpentMs = new Map<string, number>();

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  init(): Promise<void> {
    hookModules(this.#root);
    switchboard.mutantCoverage = { static: {}, perTest: {} };
    return Promise.resolve();
  }

  async dryRun({ disableBail, testFiles: chosen }: DryRunOptions): Promise<DryRunResult> {
    this.#loaded = await this.#loadAll(chosen ?? this.#files);
    const tests = await runAll(this.#loaded, disableBail);
    const { mutantCoverage } = switchboard;
    return {
      status: DryRunStatus.Complete,
      tests,
      ...(mutantCoverage === undefined ? {} : { mutantCoverage }),
    };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    this.#loaded ??= await this.#loadAll(this.#files);
    switchboard.activeMutant = options.activeMutant.id;
    Object.assign(switchboard, {
      hitCount: options.hitLimit === undefined ? undefined : 0,
      hitLimit: options.hitLimit,
    });
    try {
      const run = options.reloadEnvironment ? this.#runAnew(options) : this.#runLoaded(this.#loaded, options);
      const tests = await run;
      for (const { id, timeSpentMs } of tests) this.#timeSpentMs.set(id, timeSpentMs);
      const killers = tests.filter(({ status }) => status === TestStatus.Failed).map(({ id }) => id);
      this.#killers = [...new Set([...killers, ...this.#killers])].slice(0, 10);
      const isLooping = determineHitLimitReached(switchboard.hitCount, options.hitLimit);
      return toMutantRunResult(isLooping ?? { status: DryRunStatus.Complete, tests });
    } finally {
      delete switchboard.activeMutant;
    }
  }

  #runLoaded(
    loaded: readonly LoadedTest[],
    { disableBail, sandboxFileName, testFilter = [] }: MutantRunOptions,
  ): Promise<TestResult[]> {
    const wanted = new Set(testFilter);
    const tests = loaded.filter(({ id }) => wanted.has(id));
    const rank = ({ id, file }: LoadedTest): number => {
      const place = this.#killers.indexOf(id);
      if (place !== -1) return place - this.#killers.length;
      // A test elsewhere may as well kill it if it is quick.
      return (this.#timeSpentMs.get(id) ?? 0) + 5 * distance(file, sandboxFileName);
    };
    return runAll(
      tests.sort((left, right) => rank(left) - rank(right)),
      disableBail,
    );
  }

  /** Loads and runs one file after the other, the nearest first; the first failure ends it. */
  async #runAnew({ disableBail, sandboxFileName, testFilter }: MutantRunOptions): Promise<TestResult[]> {
    renew(sandboxFileName);
    // Static mutants are filtered by file, if at all.
    const files = [...(testFilter ?? this.#files)]
      .filter((file) => reaches(file, sandboxFileName))
      .sort((left, right) => distance(left, sandboxFileName) - distance(right, sandboxFileName));
    const results: TestResult[] = [];
    for (const file of files) {
      const tests = await this.#load(file).catch((error: unknown) => [broken(file, error)]);
      results.push(...(await runAll(tests, disableBail)));
      if (!disableBail && results.some(({ status }) => status === TestStatus.Failed)) break;
    }
    return results;
  }

  async #loadAll(files: readonly string[]): Promise<readonly LoadedTest[]> {
    const tests: LoadedTest[] = [];
    for (const file of files) tests.push(...(await this.#load(file)));
    return tests;
  }

  async #load(file: string): Promise<readonly LoadedTest[]> {
    takeCollected();
    await load(file);
    return takeCollected().map((test) => ({ ...test, file, id: nameOf(this.#root, file, test.title) }));
  }
}

/** Tests of a file's own name are the nearest, then those of its folder. */
function distance(testFile: string, source: string): number {
  const own = source.replace(`${sep}src${sep}`, `${sep}test${sep}`).replace(/\.ts$/, '.test.ts');
  if (testFile === own) return 0;
  return dirname(testFile) === dirname(own) ? 1 : 2;
}

function nameOf(root: string, file: string, title: string): string {
  return `${file.slice(root.length + 1)}: ${title}`;
}

/** A file that cannot even be loaded: one test that fails. */
function broken(file: string, error: unknown): LoadedTest {
  return { id: file, title: file, file, run: () => Promise.reject(asError(error)) };
}

async function runAll(tests: readonly LoadedTest[], disableBail: boolean): Promise<TestResult[]> {
  const results: TestResult[] = [];
  for (const test of tests) {
    const result = await runOne(test);
    results.push(result);
    if (result.status === TestStatus.Failed && !disableBail) break;
  }
  return results;
}

async function runOne({ id, title, file, run }: LoadedTest): Promise<TestResult> {
  const start = performance.now();
  switchboard.currentTestId = id;
  const failure = await run().then(
    () => null,
    (error: unknown) => asError(error).message,
  );
  delete switchboard.currentTestId;
  const known = { id, name: title, fileName: file, timeSpentMs: performance.now() - start };
  return failure === null
    ? { ...known, status: TestStatus.Success }
    : { ...known, status: TestStatus.Failed, failureMessage: failure };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
