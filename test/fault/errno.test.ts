// Whichever call fails, and however: the old file or the new one, a sentence with a remedy, and all is well once the cause is gone.
import test from 'ava';
import { findFailures, sweepFailures } from './errno.ts';
import { icspd, sceneTitles } from './icspd.ts';
import { writingCalls } from './points.ts';
import { report } from './report.ts';
import { isEverything, sample } from './sample.ts';
import { setStage } from './stage.ts';

const stage = setStage(test, icspd);

const errors = ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT', 'EACCES'].map((name) => `error=${name}`);

for (const title of sceneTitles) {
  test.serial(`Any call that writes fails: ${title}`, async (t) => {
    const { scratch, scene } = stage();
    const failures = await findFailures(icspd, scene(title), scratch, writingCalls, errors);
    const first = failures.slice(0, failures.length / errors.length);
    const chosen = isEverything ? failures : sample(first, first.length);
    report(t, await sweepFailures(icspd, scene(title), scratch, chosen, failures.length));
  });
}

for (const title of sceneTitles) {
  test.serial(`Any file that cannot be opened: ${title}`, async (t) => {
    const { scratch, scene } = stage();
    const failures = await findFailures(icspd, scene(title), scratch, ['openat'], errors);
    const chosen = sample(failures, 10);
    report(t, await sweepFailures(icspd, scene(title), scratch, chosen, failures.length));
  });
}

// Strace can only pretend that a byte was taken, so that the file has a hole, which the program finds by reading back what it
// wrote. It does so for the file that matters; writes that really are short are those of full disks (full-disk.test.ts).
for (const title of sceneTitles) {
  test.serial(`A write of the new file that takes fewer bytes than it is given: ${title}`, async (t) => {
    const { scratch, scene } = stage();
    const writes = await findFailures(icspd, scene(title), scratch, ['write', 'pwrite64'], ['retval=1']);
    const own = writes.filter(({ point }) => point.call.shape.includes('/etc/containers/'));
    const removesFile = scene(title).new === null;
    t.is(own.length, removesFile ? 0 : 1);
    if (!removesFile) report(t, await sweepFailures(icspd, scene(title), scratch, own, writes.length));
  });
}
