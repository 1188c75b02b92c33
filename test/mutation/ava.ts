// What the tests of the pure core use of ava, without its workers: tests are collected, and assertions throw at once.
import { isDeepStrictEqual } from 'node:util';

export interface CollectedTest {
  readonly title: string;
  /** Rejects when an assertion does not hold, or when there was none. */
  readonly run: () => Promise<void>;
}

type Body = (t: Assertions) => unknown;

let collected: CollectedTest[] = [];

/** The tests that were declared since the last call. */
export function takeCollected(): readonly CollectedTest[] {
  const taken = collected;
  collected = [];
  return taken;
}

/** Declares a test, as ava's default export does. */
export default function test(title: string, body: Body): void {
  const run = async (): Promise<void> => {
    const t = new Assertions();
    await body(t);
    if (t.count === 0) throw new Error('no assertion');
  };
  collected.push({ title, run });
}

test.serial = test;

/** The assertions by ava's names. They compare with Object.is and by structure, and say no more than that they failed. */
class Assertions {
  count = 0;

  #expect(holds: boolean, assertion: string): void {
    this.count++;
    if (!holds) throw new Error(`t.${assertion} does not hold`);
  }

  pass(): void {
    this.#expect(true, 'pass');
  }

  fail(): void {
    this.#expect(false, 'fail');
  }

  log(): void {
    // Nobody reads it.
  }

  is(actual: unknown, expected: unknown): void {
    this.#expect(Object.is(actual, expected), 'is');
  }

  not(actual: unknown, expected: unknown): void {
    this.#expect(!Object.is(actual, expected), 'not');
  }

  true(actual: unknown): void {
    this.#expect(actual === true, 'true');
  }

  false(actual: unknown): void {
    this.#expect(actual === false, 'false');
  }

  truthy(actual: unknown): void {
    this.#expect(Boolean(actual), 'truthy');
  }

  regex(text: string, pattern: RegExp): void {
    this.#expect(pattern.test(text), 'regex');
  }

  notRegex(text: string, pattern: RegExp): void {
    this.#expect(!pattern.test(text), 'notRegex');
  }

  deepEqual(actual: unknown, expected: unknown): void {
    this.#expect(isDeepEqual(actual, expected), 'deepEqual');
  }

  like(actual: unknown, selector: object): void {
    this.#expect(isLike(actual, selector), 'like');
  }
}

/** Like ava, an object without a prototype equals the same one with; a copy has always one. */
function isDeepEqual(actual: unknown, expected: unknown): boolean {
  return (
    isDeepStrictEqual(actual, expected) ||
    isDeepStrictEqual(structuredClone(actual), structuredClone(expected))
  );
}

/** Whether everything that the selector names has its value; lists are compared by index, and `{}` equals an empty object. */
function isLike(actual: unknown, selector: object): boolean {
  if (typeof actual !== 'object' || actual === null) return false;
  return Object.entries(selector).every(([key, expected]: [string, unknown]) => {
    const value: unknown = Reflect.get(actual, key);
    const isSelector = typeof expected === 'object' && expected !== null && Object.keys(expected).length > 0;
    return isSelector ? isLike(value, expected) : isDeepEqual(value, expected);
  });
}
