// The replacers that are broken on purpose, as programs under test.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCache, run } from '../processes.ts';
import { target, type Replacer, type Scene } from '../replacer.ts';

export type Defect =
  | 'none'
  | 'file not synced'
  | 'directory not synced'
  | 'fixed temporary name'
  | 'no sweep'
  | 'written in place'
  | 'renamed before it is written'
  | 'short write ignored'
  | 'error ignored'
  | 'error without a remedy';

const program = join(import.meta.dirname, 'replacer.ts');

/** The title of the one scene that they have. */
export const title = 'a change';

// Pages, so that a full disk can take a part; and the new one larger, so that the room of the old one is not enough.
const oldText = Buffer.from('# old\n'.repeat(1000));
const newText = Buffer.from('# new\n'.repeat(3000));

export function brokenReplacer(defect: Defect): Replacer {
  const command = (root: string): readonly string[] => [process.execPath, program, defect, root];
  const environment = { NODE_COMPILE_CACHE: compileCache };
  return {
    async scenes({ root, keep }) {
      rmSync(root, { recursive: true, force: true });
      mkdirSync(join(root, 'etc/containers'), { recursive: true });
      const scene = { title, args: [], old: oldText, new: newText, endsWith: 'new' } as const;
      writeFileSync(join(root, target), scene.old);
      writeFileSync(join(root, 'etc/wanted'), scene.new);
      const whole: Scene = { ...scene, template: await keep('scene') };
      return new Map([[title, whole]]);
    },
    command,
    environment,
    mayGoOn: () => false,
    inspect: () => [],
    async recover(root) {
      const { code, out, err } = await run(command(root), environment);
      return code === 0 ? [] : [`exit ${String(code)}: ${out}${err}`];
    },
  };
}
