// The layers themselves: each finds what it is there for in a program that has just that defect, and nothing in one that has none.
import test from 'ava';
import { leaveOut } from '../../leave-out.ts';
import { sweepCrashes, type Findings } from '../crash.ts';
import { findFailures, sweepFailures } from '../errno.ts';
import { sweepFullDisks } from '../full-disk.ts';
import { writingCalls } from '../points.ts';
import { canMountFiles, sweepPowerCuts } from '../power.ts';
import type { Replacer, Scene } from '../replacer.ts';
import { openScratch, type Scratch } from '../scratch.ts';
import { brokenReplacer, title, type Defect } from './defects.ts';

type Layer = (replacer: Replacer, scene: Scene, scratch: Scratch) => Promise<Findings>;

const layers = {
  'crash points': (replacer, scene, scratch) => sweepCrashes(replacer, scene, scratch, writingCalls),
  errors: (replacer, scene, scratch) => sweepErrors(replacer, scene, scratch, 'error=EIO'),
  'short writes': (replacer, scene, scratch) => sweepErrors(replacer, scene, scratch, 'retval=1'),
  'full disks': (replacer, scene, scratch) => sweepFullDisks(replacer, scene, scratch, 'tmpfs'),
  'power cuts': (replacer, scene, scratch) =>
    sweepPowerCuts(replacer, scene, scratch, 'noauto_da_alloc,commit=300'),
} as const satisfies Record<string, Layer>;

async function sweepErrors(
  replacer: Replacer,
  scene: Scene,
  scratch: Scratch,
  fault: string,
): Promise<Findings> {
  const names = fault.startsWith('retval') ? ['write', 'pwrite64'] : writingCalls;
  const failures = await findFailures(replacer, scene, scratch, names, [fault]);
  return sweepFailures(replacer, scene, scratch, failures, failures.length);
}

/** What each layer must say. */
const catches: readonly (readonly [Defect, keyof typeof layers, RegExp])[] = [
  ['file not synced', 'power cuts', /the file is 0 bytes/],
  ['directory not synced', 'power cuts', /its end: the file is not the new one/],
  ['fixed temporary name', 'crash points', /the run after it leaves the file/],
  ['no sweep', 'crash points', /\.registries\.conf\..* is left over/],
  ['written in place', 'crash points', /the file is 0 bytes/],
  ['written in place', 'full disks', /the file is \d+ bytes/],
  ['renamed before it is written', 'crash points', /the file is 0 bytes/],
  ['short write ignored', 'short writes', /the file is \d+ bytes/],
  ['short write ignored', 'full disks', /the file is \d+ bytes/],
  ['error ignored', 'errors', /goes on as if nothing had happened/],
  ['error without a remedy', 'errors', /says /],
];

let scratch: Scratch;
test.before(async () => {
  scratch = await openScratch();
});
test.after.always(() => scratch.remove());

async function sweep(defect: Defect, layer: keyof typeof layers): Promise<Findings> {
  const replacer = brokenReplacer(defect);
  const scene = (await replacer.scenes(scratch)).get(title);
  if (scene === undefined) throw new Error('no scene');
  return layers[layer](replacer, scene, scratch);
}

for (const [defect, layer, words] of catches) {
  test.serial(`A replacer with the defect "${defect}" is caught by the layer of ${layer}`, async (t) => {
    if (layer === 'power cuts' && !(await canMountFiles(scratch))) {
      leaveOut(t, 'no loop device');
      return;
    }
    const { tried, complaints } = await sweep(defect, layer);
    t.log(`${tried} points tried, ${complaints.length} complaints`);
    t.regex(complaints.join('\n'), words);
  });
}

for (const layer of Object.keys(layers) as (keyof typeof layers)[]) {
  test.serial(`A sound replacer passes the layer of ${layer}`, async (t) => {
    if (layer === 'power cuts' && !(await canMountFiles(scratch))) {
      leaveOut(t, 'no loop device');
      return;
    }
    const { tried, complaints } = await sweep('none', layer);
    t.log(`${tried} points tried, ${complaints.length} complaints`);
    t.true(tried > 0);
    t.deepEqual(complaints, []);
  });
}
