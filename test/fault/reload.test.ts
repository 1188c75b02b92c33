// Whatever systemd, CRI-O and the journal do: the new file is taken back only where CRI-O refused it, and every run ends.
import test from 'ava';
import { commands, openStage, playRow, startsIn, units, wordsIn, type Row, type Stage } from './reload.ts';
import { report } from './report.ts';
import { sample } from './sample.ts';

let stage: Stage;
test.before(async () => {
  stage = await openStage();
});
test.after.always(() => stage.scratch.remove());

/** In the other format only some, unless with POINTS=all: who reads the one line reads the other (test/agent/proof.test.ts). */
const layers: readonly (readonly [title: string, rows: readonly Row[], usual?: number])[] = [
  ['What CRI-O says, in its text format', wordsIn('text')],
  ['What CRI-O says, in its JSON format', wordsIn('json'), 6],
  ['What systemctl and journalctl do', commands],
  ['What the unit is', units],
  ['How CRI-O starts, in its text format', startsIn('text')],
  ['How CRI-O starts, in its JSON format', startsIn('json'), 3],
];

for (const [title, rows, usual = rows.length] of layers) {
  test.serial(title, async (t) => {
    const complaints: string[] = [];
    const chosen = sample(rows, usual);
    for (const row of chosen)
      complaints.push(...(await playRow(stage, row, (jail) => jail.icspd('apply', '--json'))));
    report(t, { points: rows.length, tried: chosen.length, complaints });
  });
}
