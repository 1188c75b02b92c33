// A golden tree on disk → what a node with just these files would see, plan and say. Nothing of the host is touched.
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { unseal } from '../../src/registries/seal.ts';
import { acceptableConf } from '../../src/agent/acceptable-conf.ts';
import { acceptedHere, findOtherEtc, gonePolicies } from '../../src/agent/booted-etc.ts';
import type { Observation } from '../../src/agent/observation.ts';
import { makePlan, plainOptions, type Plan } from '../../src/agent/plan.ts';
import type { Baseline, FileText, TargetState } from '../../src/agent/ports.ts';
import type { GenerationRecord, Pin } from '../../src/agent/record.ts';
import { defaultSettings, readSettings, type Settings } from '../../src/config.ts';
import { describeFinding, type Finding } from '../../src/finding.ts';
import { digest } from '../../src/host/digest.ts';
import { pathsUnder } from '../../src/paths.ts';
import { acceptPolicies, type AcceptedBytes } from '../../src/policy/accept.ts';
import type { DirectoryEntry, EntryType, PolicyDirectory } from '../../src/policy/drop-ins.ts';

/**
 * What a tree says of the node beyond its files, in node.json.
 * `baseline`: none was captured yet. `policies`: /etc/icsp.d is not there. `mco`: the file that says so is.
 * `held`: an operator holds pinned.conf (if there is none, its text is lost). `refusedBefore`: CRI-O refused this rendering.
 * `logins`: what CRI-O has credentials for.
 */
interface NodeFacts {
  readonly baseline?: 'none' | 'captured from disk';
  readonly policies?: 'missing';
  readonly mco?: boolean;
  readonly held?: boolean;
  readonly refusedBefore?: boolean;
  readonly logins?: readonly string[];
}

/** What a tree must give, by the name of the file that says so. */
export interface TreeOutcome extends Record<string, string> {
  /** The rendering; empty where there is none. */
  readonly 'expected.conf': string;
  /** As a compiler would print them. */
  readonly 'expected.findings': string;
  /** What becomes of each policy file, what the file on disk is, and what would be done to it. */
  readonly 'expected.plan': string;
}

export interface TreeRun {
  readonly outcome: TreeOutcome;
  readonly findings: readonly Finding[];
  readonly plan: Plan | null;
}

/** Changes what a tree says, for the laws. */
export interface TreeTwist {
  /** The policy directory, as listed → as the node shall see it. */
  readonly policies?: (entries: readonly DirectoryEntry[]) => readonly DirectoryEntry[];
  /** What stands on disk after a write; the first one has captured what stood there before as the baseline. */
  readonly disk?: Uint8Array;
}

const etc = '/etc/icsp.d';
const vendor = '/usr/lib/icsp.d';
const accepted = '2025-12-31T00:00:00.000Z';
const actor = { uid: 0, loginUid: 1000, tty: 'pts/0', command: 'restore' };

/** Reads the tree and plans. */
export async function runTree(tree: string, twist: TreeTwist = {}): Promise<TreeRun> {
  const settingsText = readText(tree, 'settings.conf');
  const read =
    settingsText === null
      ? { settings: defaultSettings, findings: [] }
      : await readSettings(settingsText, '/etc/icspd/icspd.conf');
  if (read.settings === null) {
    // What the commands do as well: without settings nothing is looked at.
    const outcome = {
      'expected.conf': '',
      'expected.findings': print(read.findings),
      'expected.plan': 'no settings\n',
    };
    return { outcome, findings: read.findings, plan: null };
  }
  const { seen, plan } = planFor(tree, read.settings, twist);
  const findings = [...read.findings, ...plan.findings];
  const outcome = {
    'expected.conf': plan.rendering.bytes === null ? '' : new TextDecoder().decode(plan.rendering.bytes),
    'expected.findings': print(findings),
    'expected.plan': describePlan(seen, plan),
  };
  return { outcome, findings, plan };
}

function print(findings: readonly Finding[]): string {
  return findings.map((found) => `${describeFinding(found)}\n  help: ${found.help}\n`).join('');
}

function describePlan(seen: Observation, { disk, step, changes, parked }: Plan): string {
  const taken = step.kind === 'stop' ? null : step.baseline;
  const capture =
    taken === null ? '' : `, ${taken.by === 'first contact' ? 'capture' : 'replace'} the baseline`;
  const outcome = step.kind === 'stop' ? `stop, ${step.outcome}` : `${step.kind}${capture}`;
  return [
    ...seen.policies.files.map(({ path, state, reason, standingInSince }) => {
      const stands = standingInSince === null ? '' : ', last accepted bytes stand in';
      return `${path}: ${state}${stands}${reason === null ? '' : ` (${reason})`}`;
    }),
    `on disk: ${disk}`,
    `step: ${outcome}`,
    ...changes.map(({ class: kind, sentence }) => `${kind}: ${sentence}`),
    ...parked.map(({ class: kind, sentence }) => `waits, ${kind}: ${sentence}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function planFor(tree: string, settings: Settings, twist: TreeTwist): { seen: Observation; plan: Plan } {
  const facts = readFacts(tree);
  const context = {
    paths: pathsUnder('/', settings),
    settings,
    options: plainOptions,
    digest,
  };
  const seen = observeTree(tree, facts, twist, settings.mustPull ?? []);
  const plan = makePlan(seen, context);
  if (facts.refusedBefore !== true) return { seen, plan };
  const refused = record(plan.wanted.digest, { outcome: 'rolled-back', inputsDigest: plan.inputsDigest });
  const again = { ...seen, history: [refused], newestOf: () => refused };
  return { seen: again, plan: makePlan(again, context) };
}

function observeTree(
  tree: string,
  facts: NodeFacts,
  { policies: twistPolicies, disk }: TreeTwist,
  needed: readonly string[],
): Observation {
  const entries = list(join(tree, 'policies'), etc);
  const directories: PolicyDirectory[] = [
    { path: vendor, state: 'listed', entries: list(join(tree, 'vendor'), vendor), findings: [] },
    facts.policies === 'missing'
      ? { path: etc, state: 'missing', entries: [], findings: [] }
      : { path: etc, state: 'listed', entries: twistPolicies?.(entries) ?? entries, findings: [] },
  ];
  const baseline = readBaseline(tree, disk === undefined ? facts : afterWrite(tree, facts));
  const current = disk ?? readBytes(tree, 'current.conf');
  const pinned = readBytes(tree, 'pinned.conf');
  const version = readText(tree, 'crio-version')?.trim() ?? '1.33.0';
  const inForce = current === null ? null : record(digest(current), {});
  const target = findTarget(disk ?? readBytes(tree, 'disk.conf'), baseline);
  const other = findOtherEtc({ target, baseline, current: inForce, newestOf: () => null, digest });
  const lastAccepted = readAccepted(tree);
  const policies = acceptPolicies({
    directories,
    lastAccepted: acceptedHere(lastAccepted, other),
    now: '2026-01-01T00:00:00.000Z',
  });
  return {
    now: new Date('2026-01-01T00:00:00.000Z'),
    policies,
    baseline,
    target,
    dropIns: {
      files: list(join(tree, 'drop-ins'), '/etc/containers/registries.conf.d').flatMap(toFile),
      dangling: [],
      findings: [],
    },
    current: inForce,
    currentBytes: current,
    history: [],
    newestOf: () => null,
    pin: facts.held === true ? hold(pinned) : null,
    pinnedBytes: pinned,
    crioVersion: version === 'unknown' ? null : version,
    crioConf: null,
    isMcoNode: facts.mco === true,
    needed: { images: needed.map((image) => ({ image, by: 'must-pull' })), findings: [] },
    logins: facts.logins === undefined ? null : { file: '/etc/crio/pull-secret', scopes: facts.logins },
    deployment: null,
    policyFacts: new Map(),
    otherEtc: other === null ? null : { ...other, gone: gonePolicies(lastAccepted, policies.files) },
  };
}

function readFacts(tree: string): NodeFacts {
  return JSON.parse(readText(tree, 'node.json') ?? '{}') as NodeFacts;
}

/** What is somebody's own becomes the baseline where there is none, or where it is layered; a rendering of ours does not. */
function afterWrite(tree: string, facts: NodeFacts): NodeFacts {
  const isLayered = /^drift = "layer"$/m.test(readText(tree, 'settings.conf') ?? '');
  const own = readText(tree, 'disk.conf') ?? '';
  const isGood = acceptableConf(Buffer.from(own), defaultSettings.registriesConf) !== null;
  const isTaken = isLayered ? own !== '' && isGood : facts.baseline === 'none';
  return isTaken && unseal(own) === null ? { ...facts, baseline: 'captured from disk' } : facts;
}

/** Without baseline.conf there was no registries.conf before icspd. */
function readBaseline(tree: string, facts: NodeFacts): Baseline {
  if (facts.baseline === 'none') return { state: 'none' };
  const bytes = readBytes(tree, facts.baseline === 'captured from disk' ? 'disk.conf' : 'baseline.conf');
  return bytes === null
    ? { state: 'absent' }
    : {
        state: 'captured',
        file: { path: '/etc/icspd/baseline.conf', bytes, digest: digest(bytes) },
        findings: [],
      };
}

/** Without disk.conf, icspd has not written yet: the baseline stands there. */
function findTarget(disk: Uint8Array | null, baseline: Baseline): TargetState {
  const bytes = disk ?? (baseline.state === 'captured' ? baseline.file.bytes : null);
  if (bytes === null) return { state: 'absent' };
  return {
    state: 'file',
    file: { path: defaultSettings.registriesConf, bytes, digest: digest(bytes) },
    findings: [],
    obstacle: null,
    owner: '0:0',
    modifiedAt: accepted,
  };
}

function readAccepted(tree: string): ReadonlyMap<string, AcceptedBytes> {
  const files = list(join(tree, 'accepted'), etc).flatMap(toFile);
  return new Map(files.map((file) => [file.path, { ...file, since: accepted }]));
}

function toFile({ path, content, digest: sum }: DirectoryEntry): readonly FileText[] {
  return content === null || sum === null ? [] : [{ path, bytes: content, digest: sum }];
}

/** The names in a folder of the tree, as they would stand in `directory` on the node. */
function list(folder: string, directory: string): readonly DirectoryEntry[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.map((name) => {
    const type = typeOf(join(folder, name));
    const content = type === 'file' ? readFileSync(join(folder, name)) : null;
    const path = `${directory}/${name}`;
    return { name, path, type, content, digest: content === null ? null : digest(content), findings: [] };
  });
}

function typeOf(path: string): EntryType {
  const stats = lstatSync(path);
  if (stats.isDirectory()) return 'directory';
  if (!stats.isSymbolicLink()) return 'file';
  return readlinkSync(path) === '/dev/null' ? 'mask' : 'dangling link';
}

function record(
  textDigest: string | null,
  differing: Partial<Pick<GenerationRecord, 'outcome' | 'inputsDigest'>>,
): GenerationRecord {
  return {
    number: 1,
    startedAt: accepted,
    writtenAt: accepted,
    outcome: 'applied',
    proof: 'applied',
    reason: 'a policy changed',
    actor,
    digest: textDigest,
    previousDigest: null,
    baselineDigest: null,
    inputsDigest: '',
    policies: [],
    crioVersion: null,
    icspdVersion: '0.1.0',
    bootId: null,
    deployment: null,
    changes: [],
    origins: {},
    ...differing,
  };
}

function hold(pinned: Uint8Array | null): Pin {
  return {
    digest: pinned === null ? digest('lost') : digest(pinned),
    generation: 7,
    reason: 'the mirror is down',
    actor,
    since: accepted,
    until: null,
    deployment: null,
  };
}

function readBytes(tree: string, name: string): Uint8Array | null {
  const path = join(tree, name);
  return existsSync(path) ? readFileSync(path) : null;
}

function readText(tree: string, name: string): string | null {
  const bytes = readBytes(tree, name);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}
