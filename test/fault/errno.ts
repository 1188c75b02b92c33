// The layer of every errno: a call fails, a look, a run without faults, a look.
import type { Findings } from './crash.ts';
import { judgeInstant, judgeRecovery, judgeReplaced, judgeUntouched } from './judge.ts';
import { findPoints, strike, type Point } from './points.ts';
import { target, type Replacer, type Scene } from './replacer.ts';
import type { Ended } from './processes.ts';
import type { Scratch } from './scratch.ts';
import type { Traced } from './strace.ts';

/** One call, and what it does instead, in strace's words. */
export interface Failure {
  readonly point: Point;
  readonly fault: string;
  /** The call comes before the one that replaces the file, or is that one. */
  readonly isBefore: boolean;
}

/** @param faults what each call does instead, as `error=EIO`; the first round tries each call with one of them */
export async function findFailures(
  replacer: Replacer,
  scene: Scene,
  scratch: Scratch,
  names: readonly string[],
  faults: readonly string[],
): Promise<readonly Failure[]> {
  const points = await findPoints(replacer, scene, scratch, [...new Set([...names, ...renames])]);
  const replacing = points.findIndex(({ call }) => isReplacing(call.shape));
  const failing = points.flatMap((point, index) => {
    const isBefore = replacing === -1 || index <= replacing;
    return names.includes(point.call.name) ? [{ point, isBefore }] : [];
  });
  return faults.flatMap((_, round) =>
    failing.map((each, index) => ({ ...each, fault: faults[(index + round) % faults.length] ?? '' })),
  );
}

export async function sweepFailures(
  replacer: Replacer,
  scene: Scene,
  scratch: Scratch,
  failures: readonly Failure[],
  all: number,
): Promise<Findings> {
  const complaints: string[] = [];
  for (const failure of failures) {
    const { point, fault } = failure;
    const where = `${fault} at ${point.call.shape}`;
    const traced = await strike(replacer, scene, scratch, point, fault);
    if (traced === null) {
      complaints.push(`${where}: never hit`);
      continue;
    }
    const words = [
      ...judgeAnswer(replacer, scene, traced, failure),
      ...judgeInstant(replacer, scene, scratch.root),
      ...judgeOutcome(replacer, scene, scratch.root, traced, failure),
      ...(await judgeRecovery(replacer, scene, scratch.root)),
    ];
    complaints.push(...words.map((each) => `${where}: ${each}`));
  }
  return { points: all, tried: failures.length, complaints };
}

/** Besides judgeSaid: it names the path, and a failure that passes unmentioned is one that may. */
function judgeAnswer(replacer: Replacer, scene: Scene, ended: Traced, { point }: Failure): readonly string[] {
  const said = `${ended.out}${ended.err}`;
  const names = point.call.shape.split(' ').filter((word) => word.startsWith('/'));
  const isNamed = names.flatMap(namesOf).some((name) => said.includes(name));
  if (ended.code !== 0) return [...judgeSaid(ended), ...(isNamed ? [] : [`names no path: ${said}`])];
  return isNamed || replacer.mayGoOn(point.call, scene) ? [] : ['goes on as if nothing had happened'];
}

/** Who fails says so in one sentence with its id and what to do; a bug would print a stack. */
export function judgeSaid({ code, signal, out, err }: Ended): readonly string[] {
  const said = `${out}${err}`;
  if (signal !== null) return [`ended by ${signal}`];
  if (/^ {4}at |ICSP399/m.test(said)) return [`says ${said}`];
  return [
    ...(code === 1 ? [] : [`exit ${String(code)}`]),
    ...(/ICSP\d{3}/.test(said) ? [] : [`gives no id: ${said}`]),
    ...(said.includes('help: ') ? [] : [`gives no remedy: ${said}`]),
  ];
}

/** A temporary name may be told, or the name of the file that it is to become, wherever that lies. */
function namesOf(path: string): readonly string[] {
  const [, name] = /\/\.([^/]+)\.icspd-\*$/.exec(path) ?? [];
  return name === undefined ? [path] : [path.replace(/\*$/, ''), `/${name}`];
}

/** What it may go on without it may also tell of, and go on. */
function judgeOutcome(
  replacer: Replacer,
  scene: Scene,
  root: string,
  { code }: Traced,
  { isBefore, point }: Failure,
): readonly string[] {
  if (code === 0) return judgeReplaced(scene, root);
  return isBefore && !replacer.mayGoOn(point.call, scene) ? judgeUntouched(scene, root) : [];
}

const renames = ['rename', 'renameat', 'renameat2'];

function isReplacing(shape: string): boolean {
  return shape.startsWith('rename') && shape.includes(`/${target}`);
}
