// Runs the tests of the pure core for StrykerJS in one process: a worker for each test file would take hours.
import { globSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
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
import fc from 'fast-check';
import { type CollectedTest, takeCollected } from './ava.ts';
import { hookModules, reaches } from './modules.ts';

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
  #generation = 0;
  #loaded: readonly LoadedTest[] = [];

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    hookModules(this.#root);
    // The same cases for each mutant, and no search for the smallest one that fails.
    fc.configureGlobal({ seed: 20_260_101, endOnFailure: true });
    switchboard.mutantCoverage = { static: {}, perTest: {} };
    for (const file of this.#files) this.#loaded = [...this.#loaded, ...(await this.#load(file))];
  }

  async dryRun({ disableBail }: DryRunOptions): Promise<DryRunResult> {
    const tests = await runAll(this.#loaded, disableBail);
    const { mutantCoverage } = switchboard;
    return {
      status: DryRunStatus.Complete,
      tests,
      ...(mutantCoverage === undefined ? {} : { mutantCoverage }),
    };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, disableBail, hitLimit, testFilter } = options;
    switchboard.activeMutant = activeMutant.id;
    Object.assign(switchboard, { hitCount: hitLimit === undefined ? undefined : 0, hitLimit });
    try {
      const tests =
        testFilter === undefined
          ? await this.#runAnew(options)
          : await runAll(
              this.#loaded.filter(({ id }) => testFilter.includes(id)),
              disableBail,
            );
      const isLooping = determineHitLimitReached(switchboard.hitCount, hitLimit);
      return toMutantRunResult(isLooping ?? { status: DryRunStatus.Complete, tests });
    } finally {
      delete switchboard.activeMutant;
    }
  }

  /** Loads and runs one file after the other, the nearest first; the first failure ends it. */
  async #runAnew({ disableBail, sandboxFileName }: MutantRunOptions): Promise<TestResult[]> {
    this.#generation++;
    const results: TestResult[] = [];
    for (const file of this.#nearest(sandboxFileName)) {
      const tests = await this.#load(file).catch((error: unknown) => [broken(file, error)]);
      results.push(...(await runAll(tests, disableBail)));
      if (!disableBail && results.some(({ status }) => status === TestStatus.Failed)) break;
    }
    return results;
  }

  /** The test files that load the given one: of its own name, then of its folder, then the others. */
  #nearest(source: string): readonly string[] {
    const own = source.replace(`${sep}src${sep}`, `${sep}test${sep}`).replace(/\.ts$/, '.test.ts');
    const folder = own.slice(0, -basename(own).length);
    const distance = (file: string): number => (file === own ? 0 : file.startsWith(folder) ? 1 : 2);
    return this.#files
      .filter((file) => reaches(file, source))
      .sort((left, right) => distance(left) - distance(right));
  }

  async #load(file: string): Promise<readonly LoadedTest[]> {
    takeCollected();
    await import(`${pathToFileURL(file).href}?generation=${this.#generation}`);
    return takeCollected().map((test) => ({ ...test, file, id: nameOf(this.#root, file, test.title) }));
  }
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
