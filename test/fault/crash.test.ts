// Killed at any instant, icspd leaves the old file or the new one, and the next run puts everything right.
import test from 'ava';
import { sweepCrashes } from './crash.ts';
import { icspd, sceneTitles } from './icspd.ts';
import { readingCalls, writingCalls } from './points.ts';
import { report } from './report.ts';
import { sample } from './sample.ts';
import { setStage } from './stage.ts';

const stage = setStage(test, icspd);

for (const title of sceneTitles) {
  test.serial(`Killed at any call that writes: ${title}`, async (t) => {
    const { scratch, scene } = stage();
    report(
      t,
      await sweepCrashes(icspd, scene(title), scratch, writingCalls, (all) => sample(all, all.length)),
    );
  });
}
for (const title of sceneTitles) {
  test.serial(`Killed at any call that reads: ${title}`, async (t) => {
    const { scratch, scene } = stage();
    report(t, await sweepCrashes(icspd, scene(title), scratch, readingCalls, (all) => sample(all, 10)));
  });
}
