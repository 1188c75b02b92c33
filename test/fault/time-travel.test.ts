// The /etc of another time under the same /var, as after an OS rollback: what /etc says is what counts, and nobody has to help.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { digestPolicy, makeRoot, type Root } from '../cli/program.ts';
import { nodeOptions } from '../../packaging/launcher.ts';
import { makeBuilds, type Icspd } from './versions.ts';

const conf = '/etc/containers/registries.conf';
const state = '/var/lib/icspd/v1';
const builds = makeBuilds();
test.after.always(() => builds.dispose());

/** How often an /etc of another time was booted. */
let points = 0;
test.after((t) => {
  t.log(`${points} points`);
  t.true(points > 0);
});

function policy(mirror: string): string {
  return digestPolicy.replace('mirror.example/team', mirror);
}

interface Story {
  readonly root: Root;
  /** Keeps the /etc of now under a name, or puts a kept one back. */
  readonly keep: (name: string) => void;
  readonly boot: (name: string) => void;
  readonly older: Icspd;
  readonly newer: Icspd;
}

/** Two deployments: `first`, in which the older icspd rendered one.example, and `second`, two.example by the newer. */
async function tell(t: ExecutionContext): Promise<Story> {
  const root = makeRoot(t);
  const kept = (name: string): string => join(root.path, `deployment-${name}`);
  const etc = join(root.path, 'etc');
  const story: Story = {
    root,
    keep: (name) => cpSync(etc, kept(name), { recursive: true, verbatimSymlinks: true }),
    boot(name) {
      rmSync(etc, { recursive: true });
      cpSync(kept(name), etc, { recursive: true, verbatimSymlinks: true });
    },
    older: await builds.of('1.0.0'),
    newer: await builds.of('2.0.0'),
  };
  story.keep('virgin');
  root.write('/etc/icsp.d/a.yaml', policy('one.example'));
  t.is((await story.older(root.path, 'apply')).code, 0);
  story.keep('first');
  root.write('/etc/icsp.d/a.yaml', policy('two.example'));
  t.is((await story.newer(root.path, 'apply')).code, 0);
  story.keep('second');
  points += 1;
  return story;
}

async function statusOf(icspd: Icspd, root: Root): Promise<Record<string, unknown>> {
  return JSON.parse((await icspd(root.path, 'status', '--json')).out) as Record<string, unknown>;
}

for (const who of ['older', 'newer'] as const) {
  test.serial(
    `a rollback, with the ${who} icspd: the file of the first deployment stays as it is`,
    async (t) => {
      const story = await tell(t);
      const { root } = story;
      story.boot('first');
      const before = root.read(conf);
      t.is((await story[who](root.path, 'apply')).code, 0);
      t.is(root.read(conf), before);
      t.like(await statusOf(story[who], root), { health: 'healthy', generation: 1, disk: 'ours' });
    },
  );

  test.serial(
    `a rollback and forward again, with the ${who} icspd: the second file counts again`,
    async (t) => {
      const story = await tell(t);
      const { root } = story;
      story.boot('first');
      t.is((await story[who](root.path, 'apply')).code, 0);
      story.boot('second');
      t.is((await story[who](root.path, 'apply')).code, 0);
      t.regex(root.read(conf) ?? '', /two\.example/);
      t.like(await statusOf(story[who], root), { health: 'healthy', generation: 2, disk: 'ours' });
    },
  );

  test.serial(
    `an /etc from before icspd, with the ${who} one: it begins anew on what is there`,
    async (t) => {
      const story = await tell(t);
      const { root } = story;
      story.boot('virgin');
      const before = root.read(conf);
      t.is((await story[who](root.path, 'apply')).code, 0);
      t.is(root.read(conf), before);
      root.write('/etc/icsp.d/a.yaml', policy('three.example'));
      t.is((await story[who](root.path, 'apply')).code, 0);
      t.regex(root.read(conf) ?? '', /three\.example/);
      t.is(root.read('/etc/icspd/baseline.conf'), before);
    },
  );

  test.serial(
    `an /etc that is new at each boot, with the ${who} icspd: each boot comes to the same file`,
    async (t) => {
      const story = await tell(t);
      const { root } = story;
      const files = new Set<string | null>();
      for (let boot = 0; boot < 3; boot += 1) {
        story.boot('virgin');
        root.write('/etc/icsp.d/a.yaml', policy('one.example'));
        t.is((await story[who](root.path, 'apply')).code, 0);
        files.add(root.read(conf));
      }
      t.is(files.size, 1);
      t.regex([...files][0] ?? '', /one\.example/);
    },
  );

  test.serial(
    `an image with a file that was rendered when it was built, and no /var, with the ${who} icspd`,
    async (t) => {
      const story = await tell(t);
      const { root } = story;
      story.boot('second');
      const before = root.read(conf);
      root.remove('/var');
      t.is((await story[who](root.path, 'apply')).code, 0);
      t.is(root.read(conf), before);
      root.write('/etc/icsp.d/a.yaml', policy('three.example'));
      t.is((await story[who](root.path, 'apply')).code, 0);
      t.regex(root.read(conf) ?? '', /three\.example/);
    },
  );

  test.serial(`a hold of one deployment ends in the other, with the ${who} icspd`, async (t) => {
    const story = await tell(t);
    const { root } = story;
    t.is((await story.newer(root.path, 'restore', '--baseline')).code, 0);
    story.boot('first');
    t.is((await story[who](root.path, 'apply')).code, 0);
    t.regex(root.read(conf) ?? '', /one\.example/);
    t.like(await statusOf(story[who], root), { pin: null });
  });
}

/** Where an apply can be cut off: each rename that it does. */
async function renamesOf(root: Root): Promise<number> {
  const { stderr } = await traced(root, []);
  return stderr.split('\n').filter((line) => /\brename(?:at2?)?\(/.test(line)).length;
}

async function traced(root: Root, inject: readonly string[]): Promise<{ readonly stderr: string }> {
  const program = join(import.meta.dirname, '../../dist/icspd.cjs');
  const trace = ['-f', '-e', 'trace=rename,renameat,renameat2', ...inject];
  const command = [process.execPath, ...nodeOptions, program, '--root', root.path, 'apply'];
  return execa('strace', [...trace, ...command], { reject: false, env: { UV_THREADPOOL_SIZE: '1' } });
}

test.serial(
  'a rollback in the middle of an apply: the first file stays, whatever the second left in /var',
  async (t) => {
    const probe = await tell(t);
    probe.root.write('/etc/icsp.d/a.yaml', policy('three.example'));
    const renames = await renamesOf(probe.root);
    t.true(renames > 0);
    for (let point = 1; point <= renames; point += 1) {
      const story = await tell(t);
      const { root } = story;
      const before = join(root.path, 'deployment-first/etc');
      t.false(existsSync(before));
      root.write('/etc/icsp.d/a.yaml', policy('three.example'));
      await traced(root, ['-e', `inject=rename,renameat,renameat2:signal=SIGKILL:when=${point}`]);
      story.boot('first');
      const first = root.read(conf);
      t.is((await story.older(root.path, 'apply')).code, 0, `point ${point}`);
      t.is(root.read(conf), first, `point ${point}`);
      const leftovers = readdirSync(join(root.path, state), { recursive: true, encoding: 'utf8' });
      t.deepEqual(
        leftovers.filter((name) => name.includes('.icspd-')),
        [],
        `point ${point}`,
      );
    }
    t.log(`${renames} points`);
  },
);
