// One test file, one system: booted before the first scene, thrown away after the last, its journal shown when a scene fails.
import { readFileSync } from 'node:fs';
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

/** The text of a policy in policies/. */
export function policy(name: string): string {
  return readFileSync(new URL(`./policies/${name}`, import.meta.url), 'utf8');
}

/** An ImageDigestMirrorSet with one entry; `sourcePolicy` as in the API. */
export function digestMirrorSet(name: string, source: string, mirror: string, sourcePolicy?: string): string {
  const lines = [
    'apiVersion: config.openshift.io/v1',
    'kind: ImageDigestMirrorSet',
    `metadata: {name: ${name}}`,
    'spec:',
    '  imageDigestMirrors:',
    `  - source: ${source}`,
    `    mirrors: [${JSON.stringify(mirror)}]`,
  ];
  if (sourcePolicy !== undefined) lines.push(`    mirrorSourcePolicy: ${sourcePolicy}`);
  return `${lines.join('\n')}\n`;
}
