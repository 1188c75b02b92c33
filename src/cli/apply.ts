// icspd apply: one reconcile, now.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { reconcile } from '../agent/reconcile.ts';
import { shellWord } from '../escape.ts';
import { currentActor } from './actor.ts';
import type { Call } from './command.ts';
import { exitCodeOf, reportReconciliation } from './reconcile-report.ts';
import { plainRequest } from './request.ts';

/** Exit status: 0 applied or unchanged and nothing refused, else 1. */
export async function run({ options, output, openAgent }: Call): Promise<number> {
  const agent = await openAgent();
  const without = options.texts('without').flatMap((file) => resolvePolicyFile(file, agent.paths.policyDirs));
  const reason = ['icspd apply', ...without.map((file) => `--without ${shellWord(file)}`)].join(' ');
  const result = await reconcile(agent, {
    ...plainRequest(reason, currentActor('apply')),
    without,
    discardDrift: options.has('discard-drift'),
    retry: options.has('retry'),
    allowRisky: true,
    allowRemoval: options.has('allow-removal'),
    allowLockout: options.has('allow-lockout'),
  });
  reportReconciliation(output, result);
  return exitCodeOf(result);
}

/** A bare name is that of a file in the policy directories, in each that has it; anything else is a path. */
function resolvePolicyFile(file: string, policyDirs: readonly string[]): readonly string[] {
  const named = policyDirs.map((directory) => join(directory, file)).filter((path) => existsSync(path));
  return file.includes('/') || named.length === 0 ? [resolve(file)] : named;
}
