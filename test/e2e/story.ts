// One test file, one system: booted before the first scene, thrown away after the last, its journal shown when a scene fails.
import test from 'ava';
import { type BootOptions, System } from './system.ts';

/** Registers the hooks of this file's system; gives the way to it. Scenes of a file build on each other, in order. */
export function story(options: BootOptions = {}): () => System {
  let booted: System | undefined;
  test.before(async () => {
    booted = await System.boot(options);
  });
  test.afterEach.always(async (t) => {
    if (t.passed || booted === undefined) return;
    const tail = await booted.run([
      'journalctl',
      '--no-pager',
      '--lines=80',
      '--unit=icspd',
      '--unit=crio',
      '--output=short-precise',
    ]);
    t.log(
      tail.stdout
        .split('\n')
        .map((line) => line.slice(0, 400))
        .join('\n'),
    );
  });
  test.after.always(() => booted?.shutdown());
  return () => {
    if (booted === undefined) throw new Error('the system is not up');
    return booted;
  };
}
