// That mutation testing itself works: what a test promises kills, what none promises survives.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import shim, { takeCollected } from './ava.ts';

const root = join(import.meta.dirname, '../..');

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly replacement: string;
  readonly status: string;
}

/** Mutants of the sample, and what has to become of them. */
const mutants: readonly (readonly [replacement: string, status: string])[] = [
  ['numbers.get(word) && 0', 'Killed'],
  // Top-level code, which is loaded anew.
  ['[]', 'Killed'],
  ['left += 1', 'Timeout'],
  ['left - right', 'Survived'],
  ['left / right', 'NoCoverage'],
];

type Body = Parameters<typeof shim>[1];

const failing: readonly (readonly [name: string, body: Body])[] = [
  ['no assertion at all', () => undefined],
  ['a rejection', () => Promise.reject(new Error('late'))],
  ['fail', (t) => t.fail()],
  ['is', (t) => t.is(0, -0)],
  ['not', (t) => t.not('a', 'a')],
  ['true', (t) => t.true(1)],
  ['false', (t) => t.false(undefined)],
  ['truthy', (t) => t.truthy('')],
  ['regex', (t) => t.regex('a', /b/)],
  ['notRegex', (t) => t.notRegex('a', /a/)],
  ['deepEqual', (t) => t.deepEqual({ a: [1] }, { a: [2] })],
  ['deepEqual of what has no such key', (t) => t.deepEqual({ a: undefined }, {})],
  ['like', (t) => t.like([{ a: 1 }], { length: 1, 0: { a: 2 } })],
  ['like of what is no object', (t) => t.like(null, { a: 1 })],
];

const holding: readonly (readonly [name: string, body: Body])[] = [
  ['pass', (t) => t.pass()],
  ['like', (t) => t.like([{ a: 1, b: 2 }], { length: 1, 0: { a: 1 } })],
  [
    'deepEqual without a prototype',
    (t) => t.deepEqual(Object.assign(Object.create(null), { a: 1 }), { a: 1 }),
  ],
];

for (const [name, body] of failing) {
  test.serial(`an assertion that does not hold fails the test: ${name}`, async (t) => {
    await t.throwsAsync(runOne(body));
  });
}

for (const [name, body] of holding) {
  test.serial(`an assertion that holds passes: ${name}`, async (t) => {
    await t.notThrowsAsync(runOne(body));
  });
}

test('StrykerJS finds which mutants the promises of the sample kill, and which they do not', (t) => {
  const scratch = mkdtempSync(join(tmpdir(), 'icspd-mutation-'));
  t.teardown(() => rmSync(scratch, { recursive: true }));
  const report = join(scratch, 'report.json');
  const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const config = join(import.meta.dirname, 'harness.config.js');
  execFileSync(process.execPath, [stryker, 'run', config], {
    cwd: root,
    env: { ...process.env, REPORT: report },
  });
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const found = Object.values(files).flatMap((file) => file.mutants);
  for (const [replacement, status] of mutants) {
    const statuses = new Set(
      found.filter((each) => each.replacement === replacement).map((each) => each.status),
    );
    t.deepEqual([...statuses], [status], replacement);
  }
});

async function runOne(body: Body): Promise<void> {
  shim('one', body);
  const [only] = takeCollected();
  await only?.run();
}
