// CRI-O as its users see it: does an image come, and what does CRI-O say of its configuration.
import { isDeepStrictEqual } from 'node:util';
import { type Mark, entries } from './journal.ts';
import type { System } from './system.ts';

/** What became of a pull. */
export interface Pull {
  readonly ok: boolean;
  /** CRI-O's words when it failed. */
  readonly why: string;
}

/** CRI-O took a configuration; the registries follow as Go prints them. */
export const APPLIED = /level=info msg="Applied new registry configuration: /;
/** CRI-O kept its old configuration. */
export const REFUSED = /level=error msg="Unable to reload configuration: /;

/** Pulls an image as the kubelet would; a pulled image is removed at once, so that every pull is a first one. */
export async function pull(system: System, reference: string): Promise<Pull> {
  const pulled = await system.run(['crictl', 'pull', reference]);
  if (pulled.exitCode !== 0) return { ok: false, why: pulled.stderr };
  await system.must('crictl', 'rmi', '--all');
  return { ok: true, why: '' };
}

/**
 * What one pull asked for, without the second round where there was one: CRI-O goes the same way twice to learn whether the name
 * is that of an artifact, 1.34 before it gets an image, 1.36 where it did not get one.
 */
export function oneRound<T>(asked: readonly T[]): readonly T[] {
  const half = asked.slice(0, asked.length / 2);
  return isDeepStrictEqual(asked, [...half, ...half]) ? half : asked;
}

/** Starts CRI-O anew with lines for crio.conf of somebody's own, and with environment variables such as `CONTAINER_LOG_FORMAT=json`. */
export async function restartWith(
  system: System,
  crioConf: string,
  ...environment: readonly string[]
): Promise<void> {
  system.write('/etc/crio/crio.conf.d/50-theirs.conf', crioConf);
  const variables = environment.map((variable) => `Environment=${variable}\n`).join('');
  system.write('/etc/systemd/system/crio.service.d/theirs.conf', `[Service]\n${variables}`);
  await system.must('systemctl', 'daemon-reload');
  await system.must('systemctl', 'restart', 'crio');
}

/** How often systemd signalled CRI-O to reload after a point; CRI-O itself says it at log level info only. */
export async function countReloads(system: System, after: Mark): Promise<number> {
  const lines = await entries(system, after, '_PID=1', 'UNIT=crio.service');
  return lines.filter(({ MESSAGE = '' }) => MESSAGE.startsWith('Reloading ')).length;
}
