// The layer of reloads: it finds each way to believe too much of CRI-O, and nothing in who believes what CRI-O says.
import { join } from 'node:path';
import test from 'ava';
import { compileCache, run } from '../processes.ts';
import { openStage, playRow, units, wordsIn, type Prover, type Row, type Stage } from '../reload.ts';

const program = join(import.meta.dirname, 'prover.ts');

/** Which row of the layer catches it, and what is said then. */
const catches: readonly (readonly [defect: string, row: string, says: RegExp])[] = [
  ['believes the exit code', 'it says nothing', /applied applied new, not applied none new/],
  ['believes the exit code', 'it refuses the file', /applied applied new, not rolled-back refused old/],
  [
    'takes any Applied line',
    'it says that it applied what stood there before',
    /applied applied new, not applied none new/,
  ],
  [
    'rolls back for a fault of another',
    'it refuses a drop-in',
    /rolled-back refused old, not degraded blocked-elsewhere new/,
  ],
  ['signals while CRI-O starts', 'it is activating, and was up all the time', /1 reloads, not 0/],
  ['forgets what is owed', 'it is inactive, and was up all the time', /0 reloads, not 1/],
];

const rows = [...wordsIn('text'), ...units];

let stage: Stage;
test.before(async () => {
  stage = await openStage();
});
test.after.always(() => stage.scratch.remove());

function proverWith(defect: string): Prover {
  return (jail) =>
    run(jail.command([process.execPath, '--no-warnings', program, defect]), {
      ...jail.environment,
      NODE_COMPILE_CACHE: compileCache,
    });
}

function rowOf(title: string): Row {
  const row = rows.find((each) => each.title === title);
  if (row === undefined) throw new Error(`no row ${title}`);
  return row;
}

for (const [defect, title, says] of catches) {
  test.serial(`Who ${defect} is caught where ${title}`, async (t) => {
    t.regex((await playRow(stage, rowOf(title), proverWith(defect))).join('\n'), says);
  });
}

test.serial('A sound prover passes all of these', async (t) => {
  for (const title of new Set(catches.map(([, row]) => row)))
    t.deepEqual(await playRow(stage, rowOf(title), proverWith('none')), []);
});
