// The manual lists the members of every --json document: scripts rely on them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { digestPolicy, makeRoot } from './program.ts';

const manual = readFileSync(join(import.meta.dirname, '../../packaging/man/icspd.8.in'), 'utf8');

/** The members that the manual lists below the item, sorted. */
function listedFor(item: string): readonly string[] {
  const [, list = ''] = manual.split(`\n.It ${item}\n`);
  const lines = list.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('.Li '));
  return lines
    .slice(0, end)
    .flatMap((line) => line.slice('.Li '.length).split(' '))
    .toSorted();
}

function membersOf(document: unknown): readonly string[] {
  return typeof document === 'object' && document !== null ? Object.keys(document).toSorted() : [];
}

const acting = 'Cm apply , restore , hold , resume No and Cm adopt No where they act';

/** Each in its turn, on one root. */
const calls: readonly (readonly [item: string, ...args: string[]])[] = [
  [acting, 'apply'],
  ['Cm status', 'status'],
  ['Cm check', 'check'],
  ['Cm render', 'render'],
  ['Cm diff', 'diff'],
  ['Cm explain', 'explain', 'quay.io/team/app'],
  ['Cm history', 'history'],
  ['Cm history show', 'history', 'show', '1'],
  ['Cm history diff', 'history', 'diff', '1'],
  ['Cm adopt No where it shows only , or refuses', 'adopt'],
  [acting, 'hold'],
  [acting, 'resume'],
  [acting, 'restore', '--baseline'],
  ['Cm import', 'import', join(import.meta.dirname, '../../packaging/examples/node/registries.conf')],
  ['Cm completion', 'completion', 'bash'],
];

test('each --json document has the members that the manual lists, no more and no less', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/team.yaml', digestPolicy);
  for (const [item, ...args] of calls) {
    const { document } = await root.json(...args);
    t.deepEqual(membersOf(document), listedFor(item), args.join(' '));
  }
});
