// What somebody at 3 a.m. reads and scripts rely on: restore, apply under a hold, resume.
import test from 'ava';
import { brokenPolicy, digestPolicy, makeRoot, type Root } from './program.ts';

const conf = '/etc/containers/registries.conf';
const policy = '/etc/icsp.d/team.yaml';
const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d UTC`;

/** Two generations: the mirrors mirror.example and other.example. */
async function applyTwice(root: Root): Promise<void> {
  root.write(policy, digestPolicy);
  await root.icspd('apply');
  root.write(policy, digestPolicy.replace('mirror.example', 'other.example'));
  await root.icspd('apply');
}

test('restore says what is in force, until when, why, and what ends it; apply says the same', async (t) => {
  const root = makeRoot(t);
  await applyTwice(root);
  const { code, out } = await root.icspd(
    'restore',
    '--previous',
    '--for',
    '8h',
    '--reason',
    'mirror is down',
  );
  t.is(code, 0);
  const held = `held since ${time} until ${time} \\(mirror is down\\); icspd resume ends it\n`;
  t.regex(
    out,
    new RegExp(`^applied: generation 1 of ${time} is in force again, as generation 3, and ${held}`),
  );
  t.regex(out, /^ {2}proof: none$/m);
  const again = await root.icspd('apply');
  t.is(again.code, 1);
  t.regex(again.out, new RegExp(`^held: nothing was written; generation 1 of ${time} is ${held}$`));
  const { document } = await root.json('apply');
  t.like(document, { outcome: 'held', hold: { generation: 1, reason: 'mirror is down' } });
});

test('restore --baseline without an end says so, also where the file stood already', async (t) => {
  const root = makeRoot(t);
  const own = root.read(conf);
  await applyTwice(root);
  t.is((await root.icspd('restore', '--baseline')).code, 0);
  const { code, out } = await root.icspd('restore', '--baseline');
  t.is(code, 0);
  t.regex(
    out,
    new RegExp(
      `^held: the baseline is in force, as generation 3, and held since ${time} \\(icspd restore --baseline\\)`,
    ),
  );
  t.is(root.read(conf), own);
});

test('restore undoes an edit by hand with the first call, and a comment is no edit', async (t) => {
  const root = makeRoot(t);
  await applyTwice(root);
  const newest = root.read(conf) ?? '';
  root.write(conf, newest.replace('other.example', 'edited.example'));
  t.is((await root.icspd('restore', '--previous')).code, 0);
  t.is(root.read(conf), newest);
  t.is((await root.icspd('resume')).code, 0);
  root.write(conf, `${newest}# x\n`);
  t.is((await root.icspd('restore', '--previous')).code, 0);
  t.regex(root.read(conf) ?? '', /mirror\.example/);
});

test('a restore without a goal exits with 1 and holds nothing', async (t) => {
  const root = makeRoot(t);
  const { code, out, err } = await root.icspd('restore', '--previous');
  t.deepEqual([code, out], [1, 'refused: nothing was written\n']);
  t.regex(err, /ICSP375/);
  t.notRegex((await root.icspd('status')).out, /^pinned/);
});

test('a hold of no time, of more than a year, of no sense or for no reason is a wrong call, and changes nothing', async (t) => {
  const root = makeRoot(t);
  await applyTwice(root);
  const before = root.read(conf);
  for (const reason of [' ', 'x'.repeat(501)]) {
    const { code, err } = await root.icspd('restore', '--previous', '--reason', reason);
    t.is(code, 2);
    t.regex(err, /^icspd: --reason takes a sentence of up to 500 characters; /);
  }
  for (const time of ['0s', '0h', '8785h', 'soon']) {
    const { code, err } = await root.icspd('restore', '--previous', '--for', time);
    t.is(code, 2, time);
    t.regex(err, /^icspd: --for takes a time .*; see icspd (restore )?--help\n$/);
  }
  t.is(root.read(conf), before);
});

test('resume exits with 0 once the policies are in force again, though a file is refused', async (t) => {
  const root = makeRoot(t);
  await applyTwice(root);
  await root.icspd('restore', '--previous');
  root.write('/etc/icsp.d/broken.yaml', brokenPolicy);
  root.write(conf, '# somebody was here\n');
  const { code, out, err } = await root.icspd('resume');
  t.is(code, 0);
  t.regex(out, /^applied; the hold of generation 1 has ended\n/);
  t.regex(err, /broken\.yaml/);
  t.regex(root.read(conf) ?? '', /other\.example/);
  const again = await root.icspd('resume');
  t.is(again.code, 0);
  t.regex(again.err, /^nothing was held$/m);
});

test('unchanged is qualified while something of the policies is refused, and so are settings that are unknown', async (t) => {
  const root = makeRoot(t);
  await applyTwice(root);
  root.write('/etc/icsp.d/broken.yaml', brokenPolicy);
  root.write('/etc/icspd/icspd.conf', 'some-day = true\n');
  const { code, out, err } = await root.icspd('apply');
  t.is(code, 1);
  t.regex(
    out,
    /^unchanged: registries\.conf is as the policies say, as far as these are accepted: \d+ errors?\n$/,
  );
  t.regex(err, /ICSP402/);
});

test('a hold that is ordered anew without --for says that the end from before is gone', async (t) => {
  const root = makeRoot(t);
  await applyTwice(root);
  t.notRegex((await root.icspd('hold', '--for', '8h')).err, /was to end/);
  const { code, err } = await root.icspd('hold');
  t.is(code, 0);
  t.regex(
    err,
    new RegExp(`^the hold from before was to end ${time}; this one lasts until icspd resume$`, 'm'),
  );
  t.notRegex((await root.icspd('hold', '--for', '1h')).err, /was to end/);
});
