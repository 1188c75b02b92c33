// The same /var under another /etc: whatever the OS booted counts, with no human step, and nothing in /var overrules it.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Agent } from '../../src/agent/reconciliation.ts';
import { digestMirrorSet, makeCrio, makeNode, type ScratchNode } from './scratch-node.ts';

const conf = '/etc/containers/registries.conf';
const own = '# mine\nunqualified-search-registries = ["own.example"]\n';

/** The icspd of the deployment that is booted next. */
const versions = ['0.0.1', '99.0.0'] as const;

interface Deployments {
  readonly node: ScratchNode;
  /** Keeps /etc as it is now under that name. */
  readonly keep: (name: string) => void;
  /** Boots into that /etc, or into one that only has the administrator's own file, or an empty one. */
  readonly boot: (name: string) => void;
  /** The agent of another version. */
  readonly as: (version: string) => Agent;
}

function open(t: ExecutionContext): Deployments {
  const node = makeNode({ crio: makeCrio() });
  t.teardown(() => node.dispose());
  const at = (name: string): string => join(node.root, `deployment-${name}`);
  return {
    node,
    keep: (name) => cpSync(join(node.root, 'etc'), at(name), { recursive: true }),
    boot(name) {
      rmSync(join(node.root, 'etc'), { recursive: true });
      cpSync(at(name), join(node.root, 'etc'), { recursive: true });
    },
    as: (version) => ({ ...node.agent, host: { ...node.agent.host, version } }),
  };
}

function policy(node: ScratchNode, file: string, mirror: string): void {
  node.write(`/etc/icsp.d/${file}.json`, digestMirrorSet(`quay.io/${file}`, `${mirror}.example/${file}`));
}

for (const version of versions) {
  test(`rolled back and forward, under icspd ${version}: each /etc has its own policies, and the rendering is noticed once`, async (t) => {
    const { node, keep, boot, as } = open(t);
    node.write(conf, own);
    policy(node, 'a', 'old');
    await node.apply();
    const older = node.conf();
    keep('old');
    policy(node, 'a', 'new');
    policy(node, 'b', 'new');
    await node.apply();
    const newer = node.conf();
    keep('new');

    boot('old');
    const back = await node.applyAs(as(version));
    t.is(back.outcome, 'applied');
    t.is(node.conf(), older);
    t.true(node.events.some(({ name, message }) => name === 'rewound' && message.includes('/b.json')));
    t.is((await node.applyAs(as(version))).outcome, 'unchanged');

    boot('new');
    t.is((await node.applyAs(as(version))).outcome, 'applied');
    t.is(node.conf(), newer);
    t.is((await node.applyAs(as(version))).outcome, 'unchanged');
    t.is(node.events.filter(({ name }) => name === 'rewound').length, 2);
  });

  test(`rolled back to before icspd, under icspd ${version}: the file of then stays, and nothing of /var comes into it`, async (t) => {
    const { node, keep, boot, as } = open(t);
    node.write(conf, own);
    keep('before');
    policy(node, 'a', 'new');
    await node.apply();
    await node.apply({ hold: { goal: 'previous', forMs: null } });
    boot('before');
    t.true(['applied', 'unchanged'].includes((await node.applyAs(as(version))).outcome));
    t.is(node.conf(), own);
    t.is(node.host.pin.read(), null);
    t.is((await node.applyAs(as(version))).outcome, 'unchanged');
    policy(node, 'c', 'here');
    t.is((await node.applyAs(as(version))).outcome, 'applied');
    t.regex(node.conf() ?? '', /own\.example[^]*here\.example\/c/);
  });

  test(`a file that is broken in the /etc of then, under icspd ${version}: what was accepted later does not stand in`, async (t) => {
    const { node, keep, boot, as } = open(t);
    policy(node, 'a', 'old');
    await node.apply();
    node.write('/etc/icsp.d/a.json', '{');
    t.regex(node.conf() ?? '', /old\.example/);
    keep('old');
    policy(node, 'a', 'new');
    await node.apply();
    boot('old');
    await node.applyAs(as(version));
    t.regex(node.conf() ?? '', /old\.example\/a/);
    t.notRegex(node.conf() ?? '', /new\.example/);
    await node.applyAs(as(version));
    t.regex(node.conf() ?? '', /old\.example\/a/);
  });

  test(`a policy directory that the /etc of then does not have, under icspd ${version}: its files are gone`, async (t) => {
    const { node, keep, boot, as } = open(t);
    node.write(conf, own);
    node.remove('/etc/icsp.d');
    keep('before');
    policy(node, 'a', 'new');
    await node.apply();
    boot('before');
    await node.applyAs(as(version));
    t.is(node.conf(), own);
  });

  test(`a transient /etc, under icspd ${version}: the same from the image at each boot`, async (t) => {
    const { node, keep, boot, as } = open(t);
    node.write(conf, own);
    policy(node, 'a', 'image');
    keep('image');
    await node.apply();
    const rendered = node.conf();
    for (let i = 0; i < 3; i += 1) {
      policy(node, 'b', 'session');
      await node.applyAs(as(version));
      t.regex(node.conf() ?? '', /session\.example/);
      boot('image');
      t.is((await node.applyAs(as(version))).outcome, 'applied');
      t.is(node.conf(), rendered);
    }
  });

  test(`an image with a rendering and its /etc/icspd, under icspd ${version}: taken over on a node that never wrote it`, async (t) => {
    const { node, as } = open(t);
    node.write(conf, own);
    policy(node, 'a', 'image');
    await node.apply();
    const rendered = node.conf();
    rmSync(node.agent.paths.stateDir, { recursive: true });
    const { outcome, record } = await node.applyAs(as(version));
    t.deepEqual([outcome, node.conf()], ['applied', rendered]);
    t.is(record?.digest, node.host.digest(rendered ?? ''));
    t.is((await node.applyAs(as(version))).outcome, 'unchanged');
    node.remove('/etc/icsp.d/a.json');
    t.is((await node.applyAs(as(version))).outcome, 'applied');
    t.is(node.conf(), own);
  });

  for (const step of ['before', 'after'] as const) {
    test(`rolled back in mid-apply, ${step} the file was written, under icspd ${version}`, async (t) => {
      const { node, keep, boot, as } = open(t);
      policy(node, 'a', 'old');
      await node.apply();
      const older = node.conf();
      keep('old');
      policy(node, 'a', 'new');
      const cut = (): never => {
        throw new Error('cut off');
      };
      const { host } = node.agent;
      const generations = { ...host.generations, patch: cut, setCurrent: cut };
      const target = step === 'before' ? { ...host.target, replace: cut } : host.target;
      await node.applyAs({ ...node.agent, host: { ...host, generations, target } });
      boot('old');
      await node.applyAs(as(version));
      t.is(node.conf(), older);
      t.is((await node.applyAs(as(version))).outcome, 'unchanged');
      t.is(node.host.generations.current()?.digest, node.host.digest(older ?? ''));
    });
  }
}
