// A power cut at any call leaves the old file or the new one, and what was reported as applied is there afterwards.
import test from 'ava';
import { icspd, sceneTitles } from './icspd.ts';
import { canMountFiles, sweepPowerCuts } from './power.ts';
import { report } from './report.ts';
import { isEverything } from './sample.ts';
import { setStage } from './stage.ts';

const stage = setStage(test, icspd);

/** As administrators mount it, and as it forgives least. */
const mountOptions = ['defaults', 'noauto_da_alloc,commit=300', 'data=writeback'];
/** Those that go each their own way to the file; the others only with POINTS=all. */
const usualTitles: readonly string[] = ['first contact without a file', 'a change', 'restore'];

for (const options of mountOptions) {
  for (const title of sceneTitles.filter((each) => isEverything || usualTitles.includes(each))) {
    test.serial(`Power cut after any call, ext4 with ${options}: ${title}`, async (t) => {
      const { scratch, scene } = stage();
      if (!(await canMountFiles(scratch))) {
        t.fail('no point was tried: this machine has no loop device, or may not mount one');
        return;
      }
      report(t, await sweepPowerCuts(icspd, scene(title), scratch, options));
    });
  }
}
