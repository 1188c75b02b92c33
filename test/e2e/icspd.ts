// icspd as its operators see it: its commands, its files, its log.
import { createHash } from 'node:crypto';
import { APPLIED } from './crio.ts';
import { type Mark, untilMessage } from './journal.ts';
import { type Ran, type System, until } from './system.ts';

export const REGISTRIES_CONF = '/etc/containers/registries.conf';
const POLICIES = '/etc/icsp.d';

/** Puts a policy file where icspd looks. */
export function putPolicy(system: System, name: string, text: string): void {
  system.write(`${POLICIES}/${name}`, text);
}

export function removePolicy(system: System, name: string): void {
  system.remove(`${POLICIES}/${name}`);
}

/** Runs icspd. */
export async function icspd(system: System, ...args: readonly string[]): Promise<Ran> {
  return system.run(['icspd', ...args]);
}

/** Looks now, beside the daemon: what was put before is in force, and CRI-O has it, once this resolves. */
export async function applyNow(system: System): Promise<void> {
  await system.must('icspd', 'apply');
}

/** Waits until the daemon says that a reconcile ended like this: `applied`, `degraded`, `refused` … */
export async function untilOutcome(system: System, after: Mark, outcome: string): Promise<string> {
  return untilMessage(system, after, 'icspd', new RegExp(`: ${outcome}$`));
}

/** Waits until CRI-O says that it applied a configuration which names `location`. */
export async function untilApplied(system: System, after: Mark, location: string): Promise<string> {
  const literal = location.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return untilMessage(system, after, 'crio', new RegExp(`${APPLIED.source}.*Location:${literal} `));
}

/** How things stand, as `icspd status --json` tells it. */
export interface Status {
  readonly outcome: string | null;
  readonly proof: string | null;
}

export async function status(system: System): Promise<Status> {
  const { stdout } = await icspd(system, 'status', '--json');
  return JSON.parse(stdout) as Status;
}

/**
 * The record of the generation in force, once it is about what is on disk: not while an apply is under way. Costs no
 * process, so that it can be asked all the time.
 */
export function recordOnDisk(system: System): Pick<Status, 'outcome' | 'proof'> | undefined {
  const state = '/var/lib/icspd/v1';
  const number = system.read(`${state}/current`)?.trim();
  const text = system.read(REGISTRIES_CONF);
  if (number === undefined || text === undefined) return undefined;
  const json = system.read(`${state}/generations/${number}/record.json`);
  if (json === undefined) return undefined;
  const record = JSON.parse(json) as Status & { readonly digest: string | null };
  const sha256 = createHash('sha256').update(text).digest('hex');
  return record.digest === sha256 ? record : undefined;
}

/** Waits until a file that names `location` is in force; gives its proof. */
export async function untilInForce(system: System, location: string, timeoutMs = 30_000): Promise<string> {
  const probe = (): string | undefined => {
    if (system.read(REGISTRIES_CONF)?.includes(`"${location}"`) !== true) return undefined;
    const { outcome, proof } = recordOnDisk(system) ?? {};
    return outcome === 'applied' && proof !== 'pending' ? (proof ?? undefined) : undefined;
  };
  return until(`${location} is in force`, probe, timeoutMs);
}
