import { chmodSync, statSync } from 'node:fs';
import test from 'ava';
import { brokenPolicy, digestPolicy, makeRoot, run, runWith } from './program.ts';

const conf = '/etc/containers/registries.conf';
const policy = '/etc/icsp.d/team.yaml';
const image = 'quay.io/team/app';
const digest = `sha256:${'e3b0c442'.repeat(8)}`;

test('--version and --help answer, and every command has help of its own', async (t) => {
  t.regex((await run('--version')).out, /^icspd \d+\.\d+\.\d+\n$/);
  const { code, out } = await run('--help');
  t.is(code, 0);
  for (const name of [
    'run',
    'apply',
    'check',
    'render',
    'diff',
    'explain',
    'status',
    'restore',
    'resume',
    'adopt',
  ]) {
    t.regex(out, new RegExp(`^  ${name} `, 'm'));
    const help = await run(name, '--help');
    t.is(help.code, 0);
    t.regex(help.out, new RegExp(`^usage: icspd ${name}`));
  }
});

test('a wrong call exits with 2, one line and a pointer to --help', async (t) => {
  const wrong = [
    ['nonsense'],
    ['apply', '--nonsense'],
    ['explain'],
    ['explain', 'a', 'b'],
    ['restore'],
    ['restore', '--previous', '--baseline'],
  ];
  for (const args of wrong) {
    const { code, out, err } = await run(...args);
    t.is(code, 2, args.join(' '));
    t.is(out, '');
    t.regex(err, /^icspd: .*; see icspd (\w+ )?--help\n$/);
  }
  t.is((await run()).code, 2);
});

test('apply writes, says what, and the second time says that nothing was to do', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  const first = await root.icspd('apply');
  t.is(first.code, 0);
  t.regex(
    first.out,
    /^applied\n {2}safe: quay\.io\/team: .*mirror\.example\/team\n {2}generation 1, proof: none\n$/,
  );
  const second = await root.icspd('apply');
  t.deepEqual([second.code, second.out], [0, 'unchanged: registries.conf is as the policies say\n']);
});

test('a refused file makes apply exit with 1, though the others are applied', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  root.write('/etc/icsp.d/broken.yaml', brokenPolicy);
  const { code, out, err } = await root.icspd('apply');
  t.is(code, 1);
  t.regex(out, /^applied\n/);
  t.regex(
    err,
    /broken\.yaml:9:11: error ICSP031: .*\n {2}\| +- https:\/\/mirror\.example\/Team\n {2}\| +\^\n {2}help: /,
  );
  t.regex(root.read(conf) ?? '', /mirror\.example\/team/);
});

test('render prints the file that apply then writes, byte for byte', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  const { code, out } = await root.icspd('render');
  t.is(code, 0);
  await root.icspd('apply');
  t.is(root.read(conf), out);
});

test('diff exits with 1 while something is to do and with 0 when not; it writes nothing', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  const before = root.read(conf);
  const { code, out } = await root.icspd('diff');
  t.is(code, 1);
  t.regex(out, /^safe: quay\.io\/team: [^\n]*\n\n--- .*registries\.conf\n\+\+\+ .*registries\.conf\n@@ /);
  t.is(root.read(conf), before);
  await root.icspd('apply');
  t.deepEqual(await root.icspd('diff'), { code: 0, out: '', err: '' });
});

test('diff exits with 2 where no plan can be made', async (t) => {
  const root = makeRoot(t);
  root.write(conf, '[[registry]]\n');
  root.write(policy, digestPolicy);
  t.is((await root.icspd('diff')).code, 2);
});

test('explain shows digest and tag side by side, the policy line behind each mirror, and why one is not used', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  await root.icspd('apply');
  const { code, out } = await root.icspd('explain', image);
  t.is(code, 0);
  t.regex(
    out,
    /digest +tag\n +1\. +- {2}mirror\.example\/team\/app {2}\(mirror\)\n +.*team\.yaml:9 ImageDigestMirrorSet "team"\n +2\. +1\. {2}quay\.io\/team\/app {2}\(source\)\n/,
  );
  t.regex(
    out,
    /not used: mirror\.example\/team, digest-only: does not serve pulls by tag\n {2}to change it: for pulls by tag, add an ImageTagMirrorSet with the source quay\.io\/team\n$/,
  );
});

test('what a drop-in says is changed in the drop-in: a policy for its scope would do nothing', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/team.yaml', digestPolicy);
  await root.icspd('apply');
  const dropIn = '/etc/containers/registries.conf.d/site.conf';
  root.write(dropIn, '[[registry]]\nlocation = "quay.io/team"\n');
  const { out } = await root.icspd('explain', 'quay.io/team/app');
  t.true(
    out.includes(`to change it: edit ${root.path}${dropIn}, which wins over policies for quay.io/team\n`),
  );
  t.notRegex(out, /add an Image/);
});

test('explain shows host and port of an endpoint by digest, which is no password', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy.replace('mirror.example/team', 'mirror.example:5000/team'));
  await root.icspd('apply');
  const { out } = await root.icspd('explain', `${image}@${digest}`);
  t.regex(out, new RegExp(`1\\. {2}mirror\\.example:5000/team/app@${digest} {2}\\(mirror\\)`));
});

test('render is about policies and baseline: what somebody did to the file on disk is no matter of it', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  await root.icspd('apply');
  root.write(conf, `${root.read(conf) ?? ''}\n[[registry]]\nlocation = "edited.example"\n`);
  const { code, err } = await root.icspd('render');
  t.deepEqual([code, err], [0, '']);
  t.is((await root.icspd('diff')).code, 1);
});

test('the baseline is as closed as the file that it is a copy of', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  chmodSync(`${root.path}${conf}`, 0o640);
  await root.icspd('apply');
  const modeOf = (file: string): number => statSync(`${root.path}${file}`).mode & 0o777;
  t.is(modeOf('/etc/icspd/baseline.conf'), 0o640);
  t.is(modeOf(conf), 0o640);
});

test('an own file that cannot be the baseline is blamed by its own name', async (t) => {
  const root = makeRoot(t);
  root.write(conf, '[[registry]]\nlocation = "https://a.example"\n');
  root.write(policy, digestPolicy);
  const { code, err } = await root.icspd('apply');
  t.is(code, 1);
  t.regex(err, /containers\/registries\.conf: error ICSP383/);
  t.notRegex(err, /baseline\.conf/);
});

test('explain exits with 1 where no endpoint is left, and where the file is one that the runtime refuses', async (t) => {
  const root = makeRoot(t);
  root.write(conf, '[[registry]]\nlocation = "evil.example"\nblocked = true\n');
  t.is((await root.icspd('explain', 'evil.example/x:1')).code, 1);
  t.is((await root.icspd('explain', 'good.example/x:1')).code, 0);
  root.write(conf, '[[registry]]\nlocation = "https://evil.example"\n');
  t.is((await root.icspd('explain', 'good.example/x:1')).code, 1);
});

test('check needs no node: files and directories, text, JSON and GitHub annotations', async (t) => {
  const root = makeRoot(t);
  root.write('/repo/good.yaml', digestPolicy);
  root.write('/repo/broken.yaml', brokenPolicy);
  const good = `${root.path}/repo/good.yaml`;
  t.is((await run('check', good)).code, 0);
  const all = await run('check', `${root.path}/repo`);
  t.is(all.code, 1);
  t.regex(all.out, /^refused {2}.*broken\.yaml \(.*\)\naccepted {2}.*good\.yaml$/m);
  const github = await run('check', '--format', 'github', `${root.path}/repo`);
  t.regex(github.out, /^::error file=.*broken\.yaml,line=9,col=11,title=ICSP031::/m);
  t.is((await run('check', `${root.path}/nothing`)).code, 1);
});

test('restore --previous and --baseline put a file in force and hold it until resume', async (t) => {
  const root = makeRoot(t);
  const own = root.read(conf);
  root.write(policy, digestPolicy);
  await root.icspd('apply');
  const first = root.read(conf);
  root.write(policy, digestPolicy.replace('mirror.example', 'other.example'));
  await root.icspd('apply');
  t.is((await root.icspd('restore', '--previous', '--for', '8h')).code, 0);
  t.is(root.read(conf), first);
  const held = await root.icspd('apply');
  t.deepEqual([held.code, held.out.split(':')[0]], [1, 'held']);
  t.regex((await root.icspd('status')).out, /^pinned, /);
  t.is((await root.icspd('restore', '--baseline')).code, 0);
  t.is(root.read(conf), own);
  t.is((await root.icspd('resume')).code, 0);
  t.regex(root.read(conf) ?? '', /other\.example/);
});

test('status says healthy, attention, or what a refused file stands for, and exits accordingly', async (t) => {
  const root = makeRoot(t);
  t.deepEqual([(await root.icspd('status')).code], [0]);
  root.write(policy, digestPolicy);
  const waiting = await root.icspd('status');
  t.is(waiting.code, 1);
  t.regex(waiting.out, /^attention: changes wait to be applied; icspd apply\n/);
  await root.icspd('apply');
  const healthy = await root.icspd('status');
  t.is(healthy.code, 0);
  t.regex(healthy.out, /^healthy: generation 1 in force\n/);
  root.write(policy, brokenPolicy);
  await root.icspd('apply');
  const refused = await root.icspd('status');
  t.is(refused.code, 1);
  t.regex(refused.out, /refused +.*team\.yaml .*\n +in force: its content accepted 2/);
});

test('status says unprotected, naming both files, where a drop-in opens what a policy blocks', async (t) => {
  const root = makeRoot(t);
  const blocked = '{ registrySources: { blockedRegistries: [quay.io] } }';
  root.write(
    policy,
    `{ apiVersion: config.openshift.io/v1, kind: Image, metadata: { name: cluster }, spec: ${blocked} }\n`,
  );
  await root.icspd('apply');
  t.is((await root.icspd('status')).code, 0);
  root.write('/etc/containers/registries.conf.d/50.conf', '[[registry]]\nlocation = "quay.io/open"\n');
  const { code, out } = await root.icspd('status');
  t.is(code, 2);
  t.regex(out, /^unprotected: "quay\.io\/open" should be blocked like .*50\.conf.*team\.yaml:1/);
});

test('an icspd.conf that cannot be used ends run with 78 and others with 1; an unknown key is an error of check only', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icspd/icspd.conf', 'resync = "soon"\n');
  t.is((await root.icspd('run')).code, 78);
  t.is((await root.icspd('apply')).code, 1);
  root.write('/etc/icspd/icspd.conf', 'some-day = true\n');
  t.is((await root.icspd('apply')).code, 0);
  t.is((await root.icspd('check')).code, 1);
});

test('--json gives the documented shapes', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  root.write('/etc/icsp.d/broken.yaml', brokenPolicy);
  await root.icspd('apply');
  const origin = { file: `${root.path}${policy}`, line: 9, kind: 'ImageDigestMirrorSet', name: 'team' };

  const render = await root.json('render');
  t.is(render.code, 1);
  t.like(render.document, {
    toml: root.read(conf) ?? '',
    registries: [
      {
        scope: 'quay.io/team',
        location: 'quay.io/team',
        insecure: false,
        blocked: false,
        mirrors: [
          { location: 'mirror.example/team', insecure: false, pull: 'digest-only', origins: [origin] },
        ],
        origins: [{ ...origin, line: 7 }],
      },
    ],
    searchRegistries: ['own.example'],
    shortNameMode: '',
  });

  const check = await root.json('check');
  t.like(check.document, {
    files: [
      { path: `${root.path}/etc/icsp.d/broken.yaml`, state: 'refused' },
      { path: `${root.path}${policy}`, state: 'accepted' },
    ],
    findings: [
      { id: 'ICSP031', severity: 'error', file: `${root.path}/etc/icsp.d/broken.yaml`, line: 9, column: 11 },
    ],
  });

  const explain = await root.json('explain', `${image}@${digest}`);
  t.deepEqual(explain.document, {
    reference: `${image}@${digest}`,
    matched: { scope: 'quay.io/team', file: `${root.path}${conf}` },
    endpoints: [
      {
        reference: `mirror.example/team/app@${digest}`,
        location: 'mirror.example/team',
        insecure: false,
        blocked: false,
        via: 'mirror',
        origins: [origin],
      },
      {
        reference: `${image}@${digest}`,
        location: 'quay.io/team',
        insecure: false,
        blocked: false,
        via: 'source',
        origins: [{ ...origin, line: 7 }],
      },
    ],
    notUsed: [],
  });
  t.like((await root.json('explain', image)).document, {
    reference: `${image}:latest`,
    notUsed: [{ location: 'mirror.example/team' }],
  });
});

const isRoot = process.geteuid?.() === 0;
if (!isRoot) process.stderr.write('sudo is not tried: that needs root\n');
(isRoot ? test : test.skip)(
  'under sudo a named file that the caller may not read stays closed',
  async (t) => {
    const root = makeRoot(t);
    chmodSync(root.path, 0o755);
    root.write('/secret.yaml', 'root:secret-hash:19000\n');
    root.write('/open.yaml', digestPolicy);
    chmodSync(`${root.path}/secret.yaml`, 0o600);
    const sudo = { SUDO_UID: '65534', SUDO_GID: '65534' };
    // A caller whose group is root's is no more root than any other.
    const inRootGroup = { SUDO_UID: '65534', SUDO_GID: '0' };
    const arguments_ = [
      ['check'],
      ['render', '--baseline'],
      ['render', '--config'],
      ['render', '--policy-dir'],
    ];
    for (const [caller, args] of arguments_.flatMap((args) => [
      [sudo, args] as const,
      [inRootGroup, args] as const,
    ])) {
      const { code, out, err } = await runWith(
        caller,
        '--root',
        root.path,
        ...args,
        `${root.path}/secret.yaml`,
      );
      t.not(code, 0, args.join(' '));
      t.notRegex(out + err, /secret-hash/);
      // A file in the place of a directory is not opened at all.
      t.regex(out + err, /EACCES|is not a directory/, args.join(' '));
    }
    t.is((await runWith(sudo, 'check', `${root.path}/open.yaml`)).code, 0);
  },
);
