// A state directory for tests, below a root of its own.
import type { ExecutionContext } from 'ava';
import { trustUnder } from '../../src/host/trust.ts';
import { defaultSettings } from '../../src/config.ts';
import { pathsUnder, type Paths } from '../../src/paths.ts';
import type { Trust } from '../../src/host/trust.ts';
import { emptyTree } from './tree.ts';

export function emptyState(t: ExecutionContext): { readonly paths: Paths; readonly trust: Trust } {
  const root = emptyTree(t);
  return { paths: pathsUnder(root, defaultSettings), trust: trustUnder(root) };
}
