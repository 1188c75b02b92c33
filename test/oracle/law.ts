// Runs one comparison over many generated cases, counts which shapes they had, and shows a failing case in a form that can be kept.
import fc from 'fast-check';
import type { ExecutionContext } from 'ava';

/** How many cases each test tries. */
export const caseCount = Number(process.env['CASES'] ?? '10000');

/** SEED=… repeats a run. */
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

/** Counts the cases of each shape, so that a comparison cannot become trivial unnoticed. */
export class Shapes {
  readonly #counts = new Map<string, number>();
  readonly #least: ReadonlyMap<string, number>;

  /** @param least which share of the cases, in per cent, must have each shape */
  constructor(least: Readonly<Record<string, number>>) {
    this.#least = new Map(Object.entries(least));
  }

  /** Counts one case; a shape that it has several times counts once. */
  count(shapes: readonly string[]): void {
    for (const shape of new Set(shapes)) {
      if (!this.#least.has(shape)) throw new Error(`the shape "${shape}" has no least share`);
      this.#counts.set(shape, (this.#counts.get(shape) ?? 0) + 1);
    }
  }

  /** The table that is printed, and the shapes that are too rare. */
  summary(cases: number): { readonly lines: readonly string[]; readonly rare: readonly string[] } {
    const shares = [...this.#least].map(([shape, least]) => {
      const percent = (100 * (this.#counts.get(shape) ?? 0)) / cases;
      return { shape, least, percent };
    });
    return {
      lines: shares.map(({ shape, percent }) => `${percent.toFixed(1).padStart(6)} %  ${shape}`),
      rare: shares
        .filter(({ percent, least }) => percent < least)
        .map(({ shape, least, percent }) => `${shape}: ${percent.toFixed(2)} %, less than ${least} %`),
    };
  }
}

export interface Comparison<Case> {
  readonly cases: fc.Arbitrary<Case>;
  readonly shapes: Shapes;
  /** What differs, one line each; none where both sides agree or the difference is deliberate. Counts shapes. */
  readonly judge: (given: Case) => Promise<readonly string[]>;
  /** The case as commands that make a golden tree of it. */
  readonly asGolden: (given: Case) => Promise<string>;
}

/** Fails with the smallest case found that differs, and where a shape is too rare. */
export async function compareMany<Case>(t: ExecutionContext, comparison: Comparison<Case>): Promise<void> {
  const { cases, shapes, judge, asGolden } = comparison;
  t.log(`seed ${seed}, ${caseCount} cases`);
  let judged = 0;
  const property = fc.asyncProperty(cases, async (given) => {
    judged += 1;
    const differences = await judge(given);
    if (differences.length > 0) throw new Error(differences.join('\n'));
  });
  const { counterexample, errorInstance } = await fc.check(property, { numRuns: caseCount, seed });
  if (counterexample !== null) {
    const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    t.log(`SEED=${seed} repeats it\n${message}\n\n${await asGolden(counterexample[0])}`);
    t.fail(message);
    return;
  }
  const { lines, rare } = shapes.summary(judged);
  t.log(lines.join('\n'));
  if (caseCount >= 1000) t.deepEqual(rare, []);
  t.pass();
}
