// Every block of README.md does what the page says: in its order, on one node below a scratch root.
import test, { type ExecutionContext } from 'ava';
import { defaultSettings, readSettings, type Settings } from '../../src/config.ts';
import { brokenPolicy, digestPolicy } from '../cli/program.ts';
import { readBlocks } from './blocks.ts';
import { conf, makeNode, type Node, type Ran } from './node.ts';

interface ShellRow {
  /** What the words around the block take for granted. */
  readonly given?: (node: Node) => unknown;
  /** What does not end with 0, and is meant to. */
  readonly fails?: readonly string[];
  /** What has to be true afterwards; `ran.out` and `ran.err` are without the root. */
  readonly then: (t: ExecutionContext, ran: Ran, node: Node) => unknown;
}

const settingsFile = '/etc/icspd/icspd.conf';

/** Another source for `quay.io/team`. */
function policyFor(name: string): string {
  return digestPolicy.replaceAll('team', name);
}

/** Gives a policy of its own to quay.io/NAME, and applies. */
async function addPolicy(node: Node, name: string): Promise<void> {
  node.write(`/etc/icsp.d/${name}.yaml`, policyFor(name));
  await node.sh('icspd apply');
}

function textOf(name: string): string {
  return readBlocks().find((block) => block.name === name)?.text ?? '';
}

const shellRows: Readonly<Record<string, ShellRow>> = {
  'icspd, sh 1': {
    then(t, { out }) {
      t.regex(out, /^identical$/m, 'make demo goes to its end');
      t.regex(out, /run lint[^]*run types[^]*run unit/, 'make test does all three');
    },
  },
  'Install, sh 1': {
    async then(t, { out }, node) {
      t.regex(out, /^upgraded icspd-.*\.rpm$/m);
      t.regex((await node.sh('icspd --version')).out, /^icspd \d/);
      t.regex(node.read('/usr/lib/systemd/system/icspd.service'), /^ExecStart=\/usr\/bin\/icspd run$/m);
    },
  },
  'First policy, sh 1': {
    fails: ['1 icspd diff'],
    then(t, { out }, node) {
      t.regex(out, /^\+location = "registry\.redhat\.io\/rhel9"/m, 'diff shows it before');
      t.regex(out, /^healthy: generation 1 in force$/m);
      t.regex(out, /1\. +- {2}mirror\.lab\.example:8443\/rhel9\/httpd-24/, 'explain names the mirror first');
      t.regex(node.read(conf), /mirror\.lab\.example:8443\/rhel9/);
      t.regex(node.read('/etc/icspd/baseline.conf'), /^# What an administrator wrote/);
    },
  },
  'At 3 a.m., sh 1': {
    given: (node) => addPolicy(node, 'team'),
    async then(t, { out }, node) {
      t.regex(out, /^healthy: generation 2 in force$/m);
      t.regex(out, /mirror\.example\/team\/app/);
      t.regex(out, /^applied: generation 1 .* held since .* until /m);
      t.notRegex(node.read(conf), /quay\.io\/team/);
      t.regex((await node.sh('icspd status')).out, /^pinned, healthy/);
      t.deepEqual((await node.sh('icspd resume')).failed, []);
    },
  },
  'See what is in force, and go back, sh 1': {
    async then(t, { out }, node) {
      t.regex(out, /^4 {2}.* applied, in force .*quay\.io\/team/m);
      t.regex(out, /^generation 2/m, 'history show');
      t.regex(out, /^\+location = "quay\.io\/team"/m, 'history diff');
      t.regex(out, /^applied: generation 1 .* \(INC-42\); icspd resume ends it$/m);
      t.regex(out, /^held: .* until .* \(migration\); icspd resume ends it$/m);
      t.regex((await node.sh('icspd status')).out, /^healthy/, 'nothing is held in the end');
      t.regex(node.read(conf), /quay\.io\/team/);
    },
  },
  'Take over a hand-edited node, sh 2': {
    given: (node) =>
      node.write(conf, `${node.read(conf)}\n[[registry]]\nlocation = "by-hand.example"\nblocked = true\n`),
    fails: ['1 icspd status'],
    async then(t, { out }, node) {
      t.regex(out, /^attention: somebody edited the rendering by hand/m);
      t.regex(out, /by-hand\.example/);
      t.regex(node.read('/etc/icspd/baseline.conf'), /by-hand\.example/);
      t.notRegex(node.read('/etc/icspd/baseline.conf'), /quay\.io\/team/);
      t.regex((await node.sh('icspd apply && icspd status')).out, /^healthy/m);
    },
  },
  'Live beside Ansible, sh 1': {
    given: (node) => node.write(settingsFile, textOf('Live beside Ansible, toml 1')),
    then(t, { out }, node) {
      t.is(out, '', 'diff has nothing to say');
      t.regex(node.read(conf), /ansible\.example[^]*quay\.io\/team/);
      t.is(node.read('/etc/icspd/baseline.conf'), 'unqualified-search-registries = ["ansible.example"]\n');
    },
  },
  'Canary, sh 1': {
    given(node) {
      node.write(settingsFile, textOf('Canary, toml 1'));
      node.write('/etc/icsp.d/new.yaml', policyFor('new'));
    },
    fails: ['1 icspd diff', '1 grep planDigest'],
    async then(t, { out }, node) {
      t.regex(out, /^safe: quay\.io\/new: added/m);
      t.regex(out, /"planDigest": "[0-9a-f]{64}"/);
      t.notRegex(node.read(conf), /quay\.io\/new/, 'nothing was written');
      node.write(settingsFile, '');
      t.deepEqual((await node.sh('icspd apply')).failed, []);
    },
  },
  'MicroShift and greenboot, sh 1': {
    then(t, { out, err }, node) {
      t.regex(out, /^icspd is healthy$/m, err);
      t.regex(node.read(conf), /registry\.redhat\.io\/lvms4/);
    },
  },
  'Image builds, sh 1': {
    given: (node) => node.write('/mnt/sysroot/usr/lib/icsp.d/team.yaml', digestPolicy),
    then(t, { out }, node) {
      t.regex(out, /^accepted {2}\/mnt\/sysroot\/usr\/lib\/icsp\.d\/team\.yaml$/m);
      t.regex(out, /mirror\.example\/team\/app/);
      t.regex(node.read(`/mnt/sysroot${conf}`), /quay\.io\/team/);
    },
  },
  'Compare a fleet, sh 1': {
    then(t, { out }) {
      const [one = '', other] = out.trimEnd().split('\n');
      t.regex(one, /^[0-9a-f]{64} {2}\/etc\/containers\/registries\.conf$/);
      t.is(other, one, 'another node with the same policies and the same history behind it or not');
    },
  },
  'Watching it, sh 1': {
    then(t, { out }) {
      t.regex(out, /^journal: -u icspd$/m);
      t.regex(out, /^journal: -x ICSPD_EVENT=rolled-back$/m);
      t.regex(out, /^icspd_[a-z_]+(\{.*\})? \d/m);
    },
  },
};

/** On a node of their own, before icspd was ever there. */
const handWritten: Readonly<Record<string, ShellRow>> = {
  'Take over a hand-edited node, sh 1': {
    async given(node) {
      await node.sh('make install');
      const mirror = '\n[[registry.mirror]]\nlocation = "mirror.example/team"\n';
      const table = `[[registry]]\nlocation = "quay.io/team"\n${mirror}`;
      node.write('/etc/containers/registries.conf.d/999-site.conf', table);
    },
    async then(t, { out }, node) {
      t.regex(out, /^every pull goes where it went/m);
      t.regex(
        (await node.sh('icspd explain quay.io/team/app:1')).out,
        /imported\.yaml:\d+/,
        'by a policy now',
      );
      t.regex((await node.sh('icspd status')).out, /^healthy: generation 1 in force$/m);
    },
  },
};

const tomlRows: Readonly<Record<string, Partial<Settings>>> = {
  'Live beside Ansible, toml 1': { drift: 'layer' },
  'Canary, toml 1': { apply: 'observe' },
  'Settings, toml 1': {},
};

/** Blocks that show what the program prints. */
const printed = 'At 3 a.m.,  1';

test('no block is left out, and none is tried that is not there', (t) => {
  const tried = [shellRows, handWritten, tomlRows].flatMap((rows) => Object.keys(rows));
  t.deepEqual(
    readBlocks()
      .map(({ name }) => name)
      .sort(),
    [...tried, printed].sort(),
  );
});

test('the blocks of a day do on one node, in their order, what the page says', async (t) => {
  t.timeout(300_000);
  const node = makeNode();
  const other = makeNode();
  t.teardown(() => {
    node.remove();
    other.remove();
  });
  for (const { name, text } of readBlocks()) {
    const row = shellRows[name];
    if (row === undefined) continue;
    await row.given?.(node);
    if (name.startsWith('Compare')) await copyPolicies(node, other);
    const ran = await node.sh(text, other.root);
    t.deepEqual(ran.failed, row.fails ?? [], `${name}\n${ran.out}${ran.err}`);
    await row.then(t, ran, node);
  }
});

/** The same configuration on a node that never saw the changes before it. */
async function copyPolicies(node: Node, other: Node): Promise<void> {
  await node.sh(`cp -R /etc/icsp.d ${other.root}/etc/ && cp /etc/icspd/baseline.conf ${other.root}${conf}`);
  await other.sh('make install');
  await other.sh('icspd apply');
}

for (const [name, row] of Object.entries(handWritten)) {
  test(`${name}: does what the page says`, async (t) => {
    t.timeout(300_000);
    const node = makeNode();
    t.teardown(node.remove);
    await row.given?.(node);
    const ran = await node.sh(textOf(name));
    t.deepEqual(ran.failed, row.fails ?? [], ran.out + ran.err);
    await row.then(t, ran, node);
  });
}

for (const [name, expected] of Object.entries(tomlRows)) {
  test(`${name}: settings without a finding, and nothing but what the page says`, async (t) => {
    const { settings, findings } = await readSettings(textOf(name), 'README.md');
    t.deepEqual(findings, []);
    t.deepEqual(settings, { ...defaultSettings, ...expected });
  });
}

test('the finding is printed as the page shows it', async (t) => {
  t.timeout(300_000);
  const node = makeNode();
  t.teardown(node.remove);
  await node.sh('make install');
  node.write('/etc/icsp.d/10-a.yaml', brokenPolicy.replace('https://mirror.example', 'mirror.lab.example'));
  t.is((await node.sh('icspd check')).err, textOf(printed));
});

for (const [words, status] of [
  ['systemctl enable --now icspf', 64],
  ['systemctl restart crio', 64],
  ['rpm -U dist/rpm/icspd-*.rpm', 1],
  ['rpm -i icspd.rpm', 64],
  ['journalctl -u icspf', 64],
  ['journalctl ICSPD_EVENT=rolled-up', 1],
  ['make tset', 64],
  ['ssh node3 sha256sum /etc/containers/registries.conf', 255],
  ['sudo -n true', 64],
] as const) {
  test(`a page that said ${words} would be found wrong`, async (t) => {
    const node = makeNode();
    t.teardown(node.remove);
    const [failed = ''] = (await node.sh(words)).failed;
    t.regex(failed, new RegExp(`^${status} `));
  });
}
