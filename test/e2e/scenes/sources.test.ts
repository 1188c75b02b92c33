// Who is asked for an image: a source that exists is the last resort, or is never asked.
import test from 'ava';
import { oneRound, pull } from '../crio.ts';
import { applyNow, putPolicy, removePolicy, untilOutcome } from '../icspd.ts';
import { type Mark, mark } from '../journal.ts';
import { digestMirrorSet, registrySources, tagMirrorSet } from '../policies.ts';
import { address, manifestRequests, manifestTrail, publish, startRegistry } from '../registry.ts';
import { story } from '../story.ts';

const system = story();
const image = `${address('origin')}/team/app`;
let digest: string;

/** Which manifests were served or missed after a point, in order. */
async function trail(after: Mark): Promise<readonly string[]> {
  return (await manifestTrail(system(), after)).map(({ reference }) => reference);
}

/** Pulls an image, which comes; tells who was asked for it, in order. */
async function askedFor(reference: string): Promise<readonly string[]> {
  const before = await mark(system());
  const { ok, why } = await pull(system(), reference);
  if (!ok) throw new Error(why);
  return oneRound(await trail(before));
}

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
  const asked = async (registry: 'mirror' | 'origin'): Promise<readonly string[]> =>
    oneRound(await manifestRequests(system(), registry, before));
  t.deepEqual(await asked('mirror'), [`/v2/team/app/manifests/${digest} 404`]);
  t.deepEqual(await asked('origin'), [`/v2/team/app/manifests/${digest} 200`]);
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
  putPolicy(system(), 'image.yaml', registrySources({ blocked: [address('origin')] }));
  await untilOutcome(system(), before, 'applied');
  const asked = await mark(system());
  t.false((await pull(system(), `${address('origin')}/team-b/app:1`)).ok);
  t.deepEqual(await manifestRequests(system(), 'origin', asked), []);
});

test('a pull-through cache in front of a source gets the image there once, and then serves it alone', async (t) => {
  removePolicy(system(), 'image.yaml');
  const cached = await publish(system(), 'origin', 'team/cached', '1');
  await startRegistry(system(), 'cache');
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', `${address('origin')}/team`, `${address('cache')}/team`),
  );
  await applyNow(system());
  const asked = await mark(system());
  const name = `${address('origin')}/team/cached@${cached}`;
  t.true((await pull(system(), name)).ok);
  // The cache has answered once its own request to the origin has.
  const [fetched, ...served] = await trail(asked);
  t.is(fetched, `origin.lab.example:8443/team/cached@${cached}`);
  t.deepEqual(oneRound(served), [`${address('cache')}/team/cached@${cached}`]);
  await system().must('systemctl', 'stop', 'registry@origin');
  t.true((await pull(system(), name)).ok);
  await startRegistry(system(), 'origin');
});

test('source first: a tag comes from the source, and from the mirror only where the source lacks it', async (t) => {
  await publish(system(), 'origin', 'team/both', '1');
  await publish(system(), 'mirror', 'team/both', '1');
  await publish(system(), 'mirror', 'team/both', '2');
  const origin = `${address('origin')}/team`;
  putPolicy(system(), 'team.yaml', tagMirrorSet('team', origin, [origin, `${address('mirror')}/team`]));
  await applyNow(system());
  t.deepEqual(await askedFor(`${origin}/both:1`), [`${origin}/both:1`]);
  const inOrder = [`${origin}/both:2`, `${address('mirror')}/team/both:2`];
  t.deepEqual(await askedFor(`${origin}/both:2`), inOrder);
});

test('nested scopes: the inner source has mirrors of its own, a blocked scope inside has those of the outer one', async (t) => {
  const outer = `${address('origin')}/nest`;
  const own = await publish(system(), 'mirror', 'inner/app', '1');
  const shared = await publish(system(), 'mirror', 'outer/private/app', '1');
  const lost = await publish(system(), 'origin', 'nest/private/other', '1');
  putPolicy(system(), 'team.yaml', digestMirrorSet('outer', outer, `${address('mirror')}/outer`));
  putPolicy(system(), 'inner.yaml', digestMirrorSet('inner', `${outer}/inner`, `${address('mirror')}/inner`));
  putPolicy(system(), 'image.yaml', registrySources({ blocked: [`${outer}/private`] }));
  await applyNow(system());
  const asked = await mark(system());
  t.deepEqual(await askedFor(`${outer}/inner/app@${own}`), [`${address('mirror')}/inner/app@${own}`]);
  const ofOuter = [`${address('mirror')}/outer/private/app@${shared}`];
  t.deepEqual(await askedFor(`${outer}/private/app@${shared}`), ofOuter);
  t.false((await pull(system(), `${outer}/private/other@${lost}`)).ok);
  t.deepEqual(await manifestRequests(system(), 'origin', asked), []);
});

test('an insecure registry is pulled from without a look at its certificate, and not any longer without the policy', async (t) => {
  const trust = `/etc/containers/certs.d/${address('origin')}`;
  const name = `${address('origin')}/lax/app@${await publish(system(), 'origin', 'lax/app', '1')}`;
  await system().must('mv', trust, `${trust}.away`);
  t.regex((await pull(system(), name)).why, /certificate signed by unknown authority/);
  putPolicy(system(), 'image.yaml', registrySources({ insecure: [address('origin')] }));
  await applyNow(system());
  t.true((await pull(system(), name)).ok);
  removePolicy(system(), 'image.yaml');
  await applyNow(system());
  t.false((await pull(system(), name)).ok);
});
