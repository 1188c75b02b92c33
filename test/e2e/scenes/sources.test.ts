// Who is asked for an image: a source that exists is the last resort, or is never asked.
import test from 'ava';
import { pull } from '../crio.ts';
import { putPolicy, untilOutcome } from '../icspd.ts';
import { mark } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, manifestRequests, publish } from '../registry.ts';
import { story } from '../story.ts';

const system = story();
const image = `${address('origin')}/team/app`;
let digest: string;

test('an image that the mirror lacks comes from its source', async (t) => {
  digest = await publish(system(), 'origin', 'team/app', '1');
  const before = await mark(system());
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', `${address('origin')}/team`, `${address('mirror')}/team`),
  );
  await untilOutcome(system(), before, 'applied');
  t.true((await pull(system(), `${image}@${digest}`)).ok);
  t.deepEqual(await manifestRequests(system(), 'mirror', before), [`/v2/team/app/manifests/${digest} 404`]);
  t.deepEqual(await manifestRequests(system(), 'origin', before), [`/v2/team/app/manifests/${digest} 200`]);
});

test('NeverContactSource: it is not pulled, and the source is not asked', async (t) => {
  const before = await mark(system());
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', `${address('origin')}/team`, `${address('mirror')}/team`, 'NeverContactSource'),
  );
  await untilOutcome(system(), before, 'applied');
  const asked = await mark(system());
  t.false((await pull(system(), `${image}@${digest}`)).ok);
  t.deepEqual(await manifestRequests(system(), 'origin', asked), []);
});

test('a blocked registry is not asked either', async (t) => {
  t.true(
    (
      await pull(
        system(),
        `${address('origin')}/team-b/app@${await publish(system(), 'origin', 'team-b/app', '1')}`,
      )
    ).ok,
  );
  const before = await mark(system());
  putPolicy(
    system(),
    'image.yaml',
    `{apiVersion: config.openshift.io/v1, kind: Image, metadata: {name: cluster}, spec: {registrySources: {blockedRegistries: ["${address('origin')}"]}}}\n`,
  );
  await untilOutcome(system(), before, 'applied');
  const asked = await mark(system());
  t.false((await pull(system(), `${address('origin')}/team-b/app:1`)).ok);
  t.deepEqual(await manifestRequests(system(), 'origin', asked), []);
});
