// CRI-O as its users see it: does an image come, and what does CRI-O say of its configuration.
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
