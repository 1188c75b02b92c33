// icspd apply: one reconcile, now.
import { resolve } from 'node:path';
import { reconcile } from '../agent/reconcile.ts';
import { shellWord } from '../escape.ts';
import { currentActor } from './actor.ts';
import type { Call } from './command.ts';
import { exitCodeOf, reportReconciliation } from './reconcile-report.ts';
import { plainRequest } from './request.ts';

/** Exit status: 0 applied or unchanged and nothing refused, else 1. */
export async function run({ options, output, openAgent }: Call): Promise<number> {
  const agent = await openAgent();
  const without = options.texts('without').map((file) => resolve(file));
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
