// Whatever happens to a node, in whatever order: what holds after every reconcile.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { isUnderstood } from '../../src/agent/pull-kinds.ts';
import { acceptableConf } from '../../src/agent/acceptable-conf.ts';
import type { Reconciliation, Request } from '../../src/agent/reconciliation.ts';
import { FINDINGS, hasErrors } from '../../src/finding.ts';
import { areSameConf, compareConfs } from '../../src/registries/compare.ts';
import type { RegistriesConf } from '../../src/registries/model.ts';
import { compareVersions } from '../../src/version-order.ts';
import { step } from './life-steps.ts';
import { beginLife, isRendering, type Life } from './life.ts';

/** LIVES=1000 for a night; SEED=… repeats a run. */
const lives = Number(process.env['LIVES'] ?? '12');
const seed = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) };
const path = '/etc/containers/registries.conf';

const modes = fc.constantFrom('all' as const, 'safe' as const);
const drifts = fc.constantFrom('refuse' as const, 'layer' as const, 'overwrite' as const);

test('whatever happens, after every reconcile the file is what it should be, or what somebody else wrote and was told about', async (t) => {
  t.timeout(24 * 3_600_000);
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      modes,
      drifts,
      fc.array(step, { maxLength: 20 }),
      async (hasConf, apply, drift, steps) => {
        const life = beginLife(hasConf, apply, drift);
        try {
          for (const now of steps) {
            const request = await life.happen(now);
            const before = look(life);
            const result = await life.reconcile(request);
            const faults = [...judge(life, before, request, result), ...(await judgeStability(life, result))];
            if (faults.length > 0) throw new Error(`${now.do}, ${result.outcome}: ${faults.join('; ')}`);
          }
        } finally {
          life.dispose();
        }
      },
    ),
    { numRuns: lives, ...seed },
  );
  t.pass();
});

interface Look {
  readonly conf: string | null;
  readonly baseline: string | null;
  /** The digest of the generation in force. */
  readonly current: string | null;
  readonly generations: number;
  readonly pin: string;
}

function look(life: Life): Look {
  const { paths } = life.agent;
  const isCaptured = life.host.baseline.read().state === 'captured';
  return {
    conf: life.conf(),
    baseline: isCaptured ? readFileSync(paths.baseline, 'utf8') : null,
    current: life.host.generations.current()?.digest ?? null,
    generations: life.host.generations.list().length,
    pin: JSON.stringify(life.host.pin.read()),
  };
}

/** Everything that must hold of any result. */
function judge(
  life: Life,
  before: Look,
  request: Partial<Request>,
  result: Reconciliation,
): readonly string[] {
  const after = look(life);
  const { outcome, findings, hold } = result;
  const isChanged = after.conf !== before.conf;
  const rules: Readonly<Record<string, boolean>> = {
    'what was refused is changed': outcome === 'refused' && isChanged,
    'an edit is overwritten unasked':
      isChanged && isEdited(before) && !isEditKept(life, after) && !isOrdered(request),
    'what stood there is lost': isChanged && !isKept(life, before.conf),
    'a baseline is lost': after.baseline !== before.baseline && !isKept(life, before.baseline),
    'refused without an error': outcome === 'refused' && !hasErrors(findings),
    'an unchanged file is changed': (outcome === 'unchanged' || outcome === 'held') && isChanged,
    'not what is wanted': isInForce(outcome) && !isWanted(after.conf, result),
    'CRI-O would not start on what was written': isChanged && confOf(after.conf) === null,
    'the baseline is changed unasked':
      before.baseline !== null && after.baseline !== before.baseline && !mayChangeBaseline(life, request),
    'the baseline is a rendering': after.baseline !== before.baseline && isRendering(after.baseline),
    'something is left beside the file': leftovers(life).length > 0,
    'current is not the rendering on disk': outcome !== 'refused' && !isCurrent(life, after.conf),
    'CRI-O ignores what protects, and nobody is told':
      // An order that cannot be obeyed is answered with why, and nothing else.
      result.plan !== null && !isRead(after.conf, result) && !findings.some(({ id }) => id === 'ICSP271'),
    'restored what no newer icspd followed on':
      isUpgradeOrder(request) && isInForce(outcome) && !isFollowedByNewer(life, hold?.generation ?? null),
    'the hold is not the pin': after.pin !== JSON.stringify(hold),
    'something is held that is not in force':
      after.pin !== 'null' && outcome !== 'refused' && !isHeld(life, after.conf),
    'CRI-O has not loaded what is in force': isInForce(outcome) && isSettled(life) && !isLoaded(life),
    'a policy is not in force':
      outcome !== 'refused' &&
      isInForce(outcome) &&
      hold === null &&
      !isParked(result) &&
      !followsPolicies(life),
    'what an unreadable file gave is gone':
      isInForce(outcome) && hold === null && before.pin === 'null' && losesUnreadable(life, before, after),
    'changes wait, and nobody says so':
      isParked(result) !== findings.some(({ id }) => id === FINDINGS.riskyParked.id),
    'a risky change is made unasked':
      life.agent.settings.apply === 'safe' &&
      isChanged &&
      request.allowRisky !== true &&
      !isOrdered(request) &&
      outcome !== 'rolled-back' &&
      // What is layered is as its author wants it.
      after.baseline === before.baseline &&
      !isSafeStep(life, before, after),
  };
  return Object.keys(rules).filter((rule) => rules[rule] === true);
}

/** The file is there and broken; whether it stands in by its last good content or on disk, its source keeps a mirror. */
function losesUnreadable({ wanted }: Life, before: Look, after: Look): boolean {
  const isBroken = (file: string): boolean => wanted.get(file) === 'broken';
  const hasMirror = ({ conf }: Look, file: string): boolean => conf?.includes(`example/${file}"`) === true;
  if (!isRendering(before.conf)) return false;
  return ['a', 'b'].filter(isBroken).some((file) => hasMirror(before, file) && !hasMirror(after, file));
}

function isParked({ plan }: Reconciliation): boolean {
  return plan !== null && plan.parked.length > 0;
}

/** From the file as it was; where it was gone or somebody else's, from the one that icspd had put there. */
function isSafeStep({ host, agent: { settings } }: Life, before: Look, after: Look): boolean {
  const isForeign =
    settings.drift !== 'refuse' && before.conf !== before.baseline && !isRendering(before.conf);
  const isGone = before.conf === null || before.conf === '' || isForeign;
  const was = isGone && before.current !== null ? host.generations.text(before.current) : before.conf;
  const text = typeof was === 'string' || was === null ? was : Buffer.from(was).toString();
  const [old, now] = [confOf(text === '' ? before.baseline : text), confOf(after.conf)];
  return old !== null && now !== null && compareConfs(old, now).every((change) => change.class === 'safe');
}

/** Somebody's hand is in the file, and not in the baseline. */
function isEdited({ conf, baseline }: Look): boolean {
  const byHand = 'by-hand.example';
  return conf?.includes(byHand) === true && baseline !== null && !baseline.includes(byHand);
}

/** It was layered, or the setting is that nobody but icspd writes the file. */
function isEditKept({ agent: { settings } }: Life, { baseline }: Look): boolean {
  return settings.drift === 'overwrite' || baseline?.includes('by-hand.example') === true;
}

/** Whoever wrote it, it is in the history. */
function isKept({ host }: Life, text: string | null): boolean {
  return text === null || text === '' || host.generations.text(host.digest(text)) !== null;
}

function mayChangeBaseline({ agent: { settings } }: Life, { adopt }: Partial<Request>): boolean {
  return settings.drift === 'layer' || adopt !== undefined;
}

function isOrdered({ discardDrift = false, hold = null, adopt }: Partial<Request>): boolean {
  return (
    discardDrift || adopt !== undefined || hold === 'resume' || (hold !== null && hold.goal !== 'in force')
  );
}

/** A second look finds nothing to do. After a roll-back it may, once: what was held is held no more. */
async function judgeStability(life: Life, first: Reconciliation): Promise<readonly string[]> {
  if (first.outcome === 'rolled-back') await life.reconcile();
  const before = look(life);
  const reloads = life.crio.reloads;
  const { outcome } = await life.reconcile();
  const after = look(life);
  const faults = [];
  if (JSON.stringify(after) !== JSON.stringify(before)) faults.push(`a second reconcile (${outcome}) writes`);
  if (life.crio.reloads !== reloads) faults.push(`a second reconcile (${outcome}) reloads`);
  return faults;
}

function isInForce(outcome: Reconciliation['outcome']): boolean {
  return outcome === 'applied' || outcome === 'unchanged' || outcome === 'held';
}

function isWanted(conf: string | null, { plan }: Reconciliation): boolean {
  const found = confOf(conf);
  return plan !== null && found !== null && areSameConf(found, plan.wanted.conf);
}

/** The configuration of a text, null where CRI-O would not start on it. */
function confOf(text: string | null): RegistriesConf | null {
  return acceptableConf(text === null ? null : Buffer.from(text), path);
}

/** Where our own rendering is on disk, whole, `current` is the generation that it is. */
function isCurrent({ host }: Life, conf: string | null): boolean {
  if (conf === null || !isRendering(conf)) return true;
  const current = host.generations.current();
  return current?.digest === host.digest(conf) && current.outcome !== 'pending';
}

function isHeld({ host }: Life, conf: string | null): boolean {
  const digest = host.pin.read()?.digest ?? null;
  if (digest === null || conf === null) return digest === conf;
  if (host.digest(conf) === digest) return true;
  const held = acceptableConf(host.generations.text(digest), path);
  const found = confOf(conf);
  return held !== null && found !== null && areSameConf(held, found);
}

/** CRI-O runs, and no reload is owed to it. Before the first write its file is the administrator's business. */
function isSettled({ crio, host }: Life): boolean {
  const current = host.generations.current();
  return crio.state.active === 'active' && current !== null && current.proof !== 'pending';
}

function isLoaded(life: Life): boolean {
  const loaded = life.loaded();
  if (loaded === 'unknown') return true;
  const inCrio = confOf(loaded);
  const onDisk = confOf(life.conf());
  return inCrio !== null && onDisk !== null && areSameConf(inCrio, onDisk);
}

/** Good policies are in the file, removed ones are not; a broken one may stand with its last good content. */
function followsPolicies(life: Life): boolean {
  const conf = life.conf() ?? '';
  return ['a', 'b'].every((file) => {
    const mirror = life.wanted.get(file);
    if (mirror === 'broken') return true;
    return mirror === undefined
      ? !conf.includes(`example/${file}"`)
      : conf.includes(`"${mirror}.example/${file}"`);
  });
}

function leftovers({ root }: Life): readonly string[] {
  return readdirSync(join(root, 'etc/containers')).filter((name) => name !== 'registries.conf');
}

/** Whether the CRI-O that was asked reads the file as it was meant; nobody knows where no plan was made. */
function isRead(conf: string | null, { seen }: Reconciliation): boolean {
  const found = confOf(conf);
  return seen === null || found === null || isUnderstood(found, seen.crioVersion);
}

function isUpgradeOrder({ hold = null }: Partial<Request>): boolean {
  return hold !== null && hold !== 'resume' && hold.goal === 'before upgrade';
}

function isFollowedByNewer({ host }: Life, number: number | null): boolean {
  const history = host.generations.list();
  const found = history.find((record) => record.number === number);
  return history.some(
    (later) =>
      found !== undefined &&
      later.number > found.number &&
      compareVersions(later.icspdVersion, found.icspdVersion) > 0,
  );
}
