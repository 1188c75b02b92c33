// A tmpfs to break things in. One root at a time, always under the same path, since the state remembers paths.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from './processes.ts';

export interface Scratch {
  readonly path: string;
  /** Where the root under test is. */
  readonly root: string;
  /** Makes the root a copy of the template. */
  readonly place: (template: string) => Promise<void>;
  /** Keeps the root as it is now, as a template of that name. */
  readonly keep: (name: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** Mounts it; the mount goes at the latest with the mount namespace of the suite. */
export async function openScratch(): Promise<Scratch> {
  const path = mkdtempSync(join(tmpdir(), 'icspd-fault-'));
  await mustRun('mount', '-t', 'tmpfs', '-o', 'mode=0755', 'icspd-fault', path);
  const root = join(path, 'root');
  mkdirSync(root, { mode: 0o755 });
  return {
    path,
    root,
    async place(template) {
      rmSync(root, { recursive: true });
      await mustRun('cp', '-a', template, root);
    },
    async keep(name) {
      const template = join(path, name);
      rmSync(template, { recursive: true, force: true });
      await mustRun('cp', '-a', root, template);
      return template;
    },
    async remove() {
      await mustRun('umount', '--lazy', path);
      rmSync(path, { recursive: true });
    },
  };
}
