// A node's life, step by step, as fate and operators have it.
import { appendFileSync, cpSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent, Reconciliation, Request } from '../../src/agent/reconciliation.ts';
import type { Settings } from '../../src/config.ts';
import { digest } from '../../src/host/digest.ts';
import { unseal } from '../../src/registries/seal.ts';
import { makeFakeClock } from '../fake-clock.ts';
import type { Step } from './life-steps.ts';
import { digestMirrorSet, makeCrio, makeNode, refusal, type ScriptedCrio } from './scratch-node.ts';

const hourMs = 3_600_000;

export interface Life extends ReturnType<typeof makeNode> {
  readonly crio: ScriptedCrio;
  /** registries.conf as CRI-O has read it; `unknown` where that was a file of somebody else's. */
  loaded(): string | null;
  /** What the policy files say now: the mirror, or `broken`. */
  readonly wanted: Map<string, string>;
  /** Makes the step happen; returns what is asked of the reconcile that follows. */
  happen(step: Step): Promise<Partial<Request>>;
  /** Reconciles; a refusal that CRI-O has in store is used up. */
  reconcile(request?: Partial<Request>): Promise<Reconciliation>;
}

const own = 'unqualified-search-registries = ["own.example"]\n';

/** Begins a life with a running CRI-O, and with a registries.conf of the administrator's or none. */
export function beginLife(
  hasConf: boolean,
  apply: Settings['apply'],
  drift: Settings['drift'] = 'refuse',
): Life {
  const clock = makeFakeClock();
  const crio = makeCrio();
  const node = makeNode({ clock, crio, settings: { apply, drift } });
  const { registriesConf, baseline } = node.agent.paths;
  let version = 1;
  let deployment = 1;
  const host: Agent['host'] = {
    ...node.host,
    get version() {
      return `0.${version}.0`;
    },
    get deployment() {
      return `os/${deployment}.0`;
    },
  };
  const agent = { ...node.agent, host };
  const { answer: good } = crio;
  let loaded: string | null = null;
  crio.reload = () => {
    crio.reloads += 1;
    if (crio.answer === good) loaded = node.conf();
    return Promise.resolve();
  };
  const wanted = new Map<string, string>();
  const snapshot = join(node.root, 'snapshot');
  let snapshotWanted = new Map<string, string>();
  let snapshotDeployment = 0;
  const save = (): void => {
    rmSync(snapshot, { recursive: true, force: true });
    cpSync(join(node.root, 'etc'), snapshot, { recursive: true });
    snapshotWanted = new Map(wanted);
    snapshotDeployment = deployment;
  };
  if (hasConf) node.write('/etc/containers/registries.conf', own);
  loaded = node.conf();
  save();

  function change(now: Step): Partial<Request> {
    const conf = node.conf();
    switch (now.do) {
      case 'policy':
        wanted.set(now.file, now.mirror);
        node.write(
          `/etc/icsp.d/${now.file}.json`,
          digestMirrorSet(`quay.io/${now.file}`, `${now.mirror}.example/${now.file}`),
        );
        return {};
      case 'break':
        wanted.set(now.file, 'broken');
        node.write(`/etc/icsp.d/${now.file}.json`, '{');
        return {};
      case 'remove':
        wanted.delete(now.file);
        rmSync(join(node.root, `etc/icsp.d/${now.file}.json`), { force: true });
        return {};
      case 'edit':
        if (conf !== null) appendFileSync(registriesConf, '\n[[registry]]\nlocation = "by-hand.example"\n');
        return {};
      case 'comment':
        if (conf !== null) appendFileSync(registriesConf, '# x\n');
        return {};
      case 'delete':
        rmSync(registriesConf, { force: true });
        return {};
      case 'empty':
        if (conf !== null) truncateSync(registriesConf);
        return {};
      case 'cut':
        if (conf !== null) truncateSync(registriesConf, Math.floor((conf.length * 9) / 10));
        return {};
      case 'baseline by hand':
        if (node.host.baseline.read().state === 'captured') cpSync(baseline, registriesConf);
        return {};
      case 'older rendering': {
        const history = node.host.generations.list();
        const older = history[now.at % Math.max(1, history.length)]?.digest ?? null;
        const text = older === null ? null : node.host.generations.text(older);
        if (text !== null) writeFileSync(registriesConf, text);
        return {};
      }
      case 'snapshot':
        save();
        // The OS goes on in another deployment, with this /etc.
        deployment += 1;
        return {};
      case 'OS rollback':
        rmSync(join(node.root, 'etc'), { recursive: true });
        cpSync(snapshot, join(node.root, 'etc'), { recursive: true });
        wanted.clear();
        for (const [file, mirror] of snapshotWanted) wanted.set(file, mirror);
        deployment = snapshotDeployment;
        return {};
      case 'accepted lost':
        rmSync(join(node.agent.paths.schemaDir, 'accepted-policies'), { force: true });
        return {};
      case 'history lost':
        rmSync(join(node.agent.paths.schemaDir, 'generations'), { recursive: true, force: true });
        rmSync(join(node.agent.paths.schemaDir, 'current'), { force: true });
        return {};
      case '/var lost':
        rmSync(node.agent.paths.stateDir, { recursive: true, force: true });
        return {};
      case 'CRI-O refuses':
        crio.answer = [refusal(node)];
        return {};
      case 'CRI-O down':
        crio.state = { ...crio.state, active: 'inactive' };
        return {};
      case 'CRI-O up':
        loaded = isRendering(conf) || conf === null || conf === own ? conf : 'unknown';
        crio.state = {
          ...crio.state,
          active: 'active',
          startedAtMs: clock.now().getTime(),
          startedMonotonicUs: clock.monotonicUs(),
        };
        return {};
      case 'previous':
      case 'baseline':
        return { hold: { goal: now.do, forMs: hourMs } };
      case 'before upgrade':
        return { hold: { goal: now.do, forMs: null } };
      case 'hold':
        return { hold: { goal: 'in force', forMs: hourMs } };
      case 'restore': {
        const numbers = host.generations.numbers();
        return { hold: { goal: numbers[now.at % (numbers.length + 1)] ?? 999, forMs: hourMs } };
      }
      case 'upgrade':
        version += 1;
        return {};
      case 'downgrade':
        version = Math.max(1, version - 1);
        return {};
      case 'CRI-O older':
        crio.version = () => Promise.resolve('1.24.6');
        return {};
      case 'CRI-O newer':
        crio.version = () => Promise.resolve('1.36.3');
        return {};
      case 'resume':
        return { hold: 'resume' };
      case 'command':
        return { allowRisky: true };
      case 'foreign':
        node.write(
          '/etc/containers/registries.conf',
          `# Ansible\nunqualified-search-registries = ["foreign-${now.at % 5}.example"]\n`,
        );
        return {};
      case 'adopt':
      case 'adopt by force': {
        const order = { digest: conf === null ? '' : digest(conf), force: now.do === 'adopt by force' };
        return { adopt: order, allowRisky: true };
      }
      case 'an hour':
        clock.advance(hourMs);
        return {};
      case 'discard drift':
        return { discardDrift: true };
      case 'retry':
        return { retry: true };
      case 'expire':
        clock.advance(2 * hourMs);
        return {};
      case 'crash':
        return {};
    }
  }

  return {
    ...node,
    agent,
    host,
    crio,
    loaded: () => loaded,
    wanted,
    async happen(now) {
      clock.advance(1_000);
      const request = change(now);
      if (now.do === 'crash') await node.applyAs(cutOffAt(agent, now.at));
      return request;
    },
    async reconcile(request = {}) {
      const result = await node.applyAs(agent, request);
      crio.answer = good;
      return result;
    },
  };
}

/** Whether the text is a rendering of icspd's as it was written. */
export function isRendering(text: string | null): boolean {
  const sealed = text === null ? null : unseal(text);
  return sealed !== null && digest(sealed.body) === sealed.digest;
}

/** The agent in a process that dies before its write number `count`: nothing that it does afterwards has an effect. */
function cutOffAt(agent: Agent, count: number): Agent {
  let left = count;
  const spend = (): void => {
    if (left === 0) throw new Error('cut off');
    left -= 1;
  };
  const mortal = <Args extends unknown[], Result>(act: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      spend();
      return act(...args);
    };
  };
  const { target, generations, pin, accepted, baseline } = agent.host;
  return {
    ...agent,
    host: {
      ...agent.host,
      target: {
        ...target,
        replace: mortal((bytes, planned) => target.replace(bytes, planned)),
        takeBack: mortal(() => target.takeBack()),
        settle: mortal(() => target.settle()),
        sweep: mortal(() => target.sweep()),
      },
      generations: {
        ...generations,
        begin: mortal((generation) => generations.begin(generation)),
        patch: mortal((number, patch) => generations.patch(number, patch)),
        setCurrent: mortal((number) => generations.setCurrent(number)),
        prune: mortal((keep, youngerThan) => generations.prune(keep, youngerThan)),
      },
      pin: { ...pin, write: mortal((held) => pin.write(held)), clear: mortal(() => pin.clear()) },
      accepted: { ...accepted, write: mortal((files) => accepted.write(files)) },
      baseline: { ...baseline, capture: mortal((bytes) => baseline.capture(bytes)) },
    },
  };
}
