// What icspd adopt shows before it does anything, and what scripts read of it.
import test from 'ava';
import { digestPolicy, makeRoot, type Root } from './program.ts';

const conf = '/etc/containers/registries.conf';
const byHand = '\n[[registry]]\nlocation = "by-hand.example"\n';

async function edit(root: Root, change: (text: string) => string): Promise<string> {
  root.write('/etc/icsp.d/team.yaml', digestPolicy);
  await root.icspd('apply');
  const text = change(root.read(conf) ?? '');
  root.write(conf, text);
  return text;
}

test('adopt shows what the baseline becomes and that pulls stay the same; --dry-run stops there', async (t) => {
  const root = makeRoot(t);
  const edited = await edit(root, (text) => `${text}${byHand}`);
  const shown = await root.icspd('adopt', '--dry-run');
  t.is(shown.code, 0);
  t.regex(
    shown.out,
    /baseline\.conf:\n {2}risky: by-hand\.example: added\nevery scope resolves the same, policies included\n$/,
  );
  t.is(root.read(conf), edited);
  const done = await root.icspd('adopt');
  t.is(done.code, 0);
  t.regex(done.out, /every scope resolves the same[^]*\napplied\n/);
  t.regex(root.read('/etc/icspd/baseline.conf') ?? '', /by-hand\.example/);
  t.is((await root.icspd('apply')).out, 'unchanged: registries.conf is as the policies say\n');
});

test('an entry of ours that was changed is listed with where its pulls go, and needs --force', async (t) => {
  const root = makeRoot(t);
  const edited = await edit(root, (text) => text.replace('mirror.example', 'edited.example'));
  const { code, out, err } = await root.icspd('adopt');
  t.is(code, 1);
  t.regex(out, /changed by hand:\n {2}quay\.io\/team\n/);
  t.regex(out, /now: {2}edited\.example\/team[^]*then: edited\.example\/team[^\n]*mirror\.example\/team/);
  t.regex(err, /ICSP363[^]*help: look at icspd adopt --dry-run; run icspd adopt --force/);
  t.is(root.read(conf), edited);
  t.is((await root.icspd('adopt', '--force')).code, 0);
});

test('without a record the whole file is shown', async (t) => {
  const root = makeRoot(t);
  await edit(root, (text) => `${text}${byHand}`);
  root.remove('/var/lib/icspd');
  const { code, out } = await root.icspd('adopt');
  t.is(code, 1);
  t.regex(out, /^no record tells what is from policies[^\n]*\n[^]*mirror\.example[^]*by-hand\.example/);
  t.notRegex(out, /managed by icspd/);
});

test('adopt --json is one document, with what would be done or what was', async (t) => {
  const root = makeRoot(t);
  await edit(root, (text) => `${text}${byHand}`);
  const shown = await root.json('adopt', '--dry-run');
  t.like(shown.document, {
    adoption: { needsForce: false, isRecorded: true, differences: [] },
    findings: [],
  });
  t.like((await root.json('adopt')).document, { outcome: 'applied', generation: 2 });
  t.like((await root.json('adopt')).document, { adoption: null, findings: [{ id: 'ICSP362' }] });
});

test('where nobody changed anything adopt says so and is content', async (t) => {
  const root = makeRoot(t);
  const { code, out } = await root.icspd('adopt');
  t.is(code, 0);
  t.regex(out, /^the file is not written by icspd yet, so that there is nothing to adopt\n$/);
});

test('an edit that CRI-O would not start on makes the node unprotected; status says what another one changed', async (t) => {
  const root = makeRoot(t);
  await edit(root, (text) => `${text}[[registry]]\nprefix = "a.example"\n`);
  const broken = await root.icspd('status');
  t.is(broken.code, 2);
  t.regex(broken.out, /^unprotected: CRI-O refuses to load this file, and does not start on it/);
  await edit(root, (text) => `${text.replace(/\[\[registry\]\]\nprefix[^]*/, '')}${byHand}`);
  const { code, out } = await root.icspd('status');
  t.is(code, 1);
  t.regex(out, /file +[^\n]*: a rendering that somebody edited\n +drift +risky: by-hand\.example: added\n/);
});
