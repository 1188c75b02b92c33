// Every --json document, as the program really prints it: it fits the schema that is shipped, the schema names all of it,
// and the manual lists its members, for scripts rely on them.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import { jsonSchemas, readDocument, type DocumentName } from '../../src/cli/json-documents.ts';
import { makeNode } from '../agent/scratch-node.ts';
import { brokenPolicy, digestPolicy, makeRoot, type Root } from './program.ts';

const project = join(import.meta.dirname, '../..');
const manual = readFileSync(join(project, 'packaging/man/icspd.8.in'), 'utf8');

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

const shipped = new Map(
  [...jsonSchemas().keys()].map((name) => {
    const text = readFileSync(join(project, `dist/schemas/${name}.json`), 'utf8');
    return [name, z.fromJSONSchema(JSON.parse(text) as z.core.JSONSchema.JSONSchema)];
  }),
);
const seen = new Set<DocumentName>();

async function judge(
  t: ExecutionContext,
  root: Root,
  name: DocumentName,
  args: readonly string[],
): Promise<unknown> {
  const { document } = await root.json(...args);
  const { error } = shipped.get(name)?.safeParse(document) ?? { error: new Error('no such schema') };
  t.is(error, undefined, `${args.join(' ')}: ${error?.message ?? ''}`);
  t.deepEqual(readDocument(name, document), document, `${args.join(' ')}: the schema names all of it`);
  seen.add(name);
  return document;
}

const acting = 'Cm apply , restore , hold , resume No and Cm adopt No where they act';
const example = join(project, 'packaging/examples/node/registries.conf');

/** Each in its turn, on one root. */
const calls: readonly (readonly [item: string, name: DocumentName, ...args: string[]])[] = [
  [acting, 'outcome', 'apply'],
  ['Cm status', 'status', 'status'],
  ['Cm check', 'check', 'check'],
  ['Cm render', 'render', 'render'],
  ['Cm diff', 'diff', 'diff'],
  ['Cm explain', 'explain', 'explain', 'quay.io/team/app'],
  ['Cm history', 'history', 'history'],
  ['Cm history show', 'history-show', 'history', 'show', '1'],
  ['Cm history diff', 'history-diff', 'history', 'diff', '1'],
  ['Cm history show Fl \\-text', 'history-text', 'history', 'show', '1', '--text'],
  ['Cm adopt No where it shows only , or refuses', 'adoption', 'adopt'],
  [acting, 'outcome', 'hold', '--for', '8h'],
  [acting, 'outcome', 'resume'],
  [acting, 'outcome', 'restore', '--baseline'],
  ['Cm status', 'status', 'status'],
  ['Cm history', 'history', 'history'],
  ['Cm import', 'import', 'import', example],
  ['Cm completion', 'completion', 'completion', 'bash'],
];

test.serial(
  'each document fits its schema, and has the members that the manual lists, no more and no less',
  async (t) => {
    const root = makeRoot(t);
    root.write('/etc/icsp.d/team.yaml', digestPolicy);
    for (const [item, name, ...args] of calls) {
      t.deepEqual(membersOf(await judge(t, root, name, args)), listedFor(item), args.join(' '));
    }
  },
);

test.serial('so do those of a node where things went wrong', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/team.yaml', digestPolicy);
  root.write('/etc/icsp.d/broken.yaml', brokenPolicy);
  root.write('/etc/containers/registries.conf.d/50.conf', '[aliases]\nx = "quay.io/x"\n');
  await judge(t, root, 'outcome', ['apply']);
  const { json } = root;
  t.like(await json('status'), { document: { files: [{ state: 'refused' }, { state: 'accepted' }] } });
  for (const name of ['status', 'check', 'render', 'diff'] as const) await judge(t, root, name, [name]);
  await judge(t, root, 'explain', ['explain', 'nosuchshortname']);
  await judge(t, root, 'failure', ['history', 'show', '99']);
  root.write(
    '/etc/containers/registries.conf',
    `${root.read('/etc/containers/registries.conf') ?? ''}# \n[[registry]]\nlocation = "a.example"\n`,
  );
  await judge(t, root, 'adoption', ['adopt', '--dry-run']);
  await judge(t, root, 'outcome', ['adopt']);
  await judge(t, root, 'history-show', ['history', 'show', '2']);
  await judge(t, root, 'import', ['import', join(root.path, 'etc/icsp.d/team.yaml')]);
  root.write('/etc/containers/registries.conf', '[');
  await judge(t, root, 'explain', ['explain', 'quay.io/team/app']);
  await judge(t, root, 'status', ['status']);
  mkdirSync(join(root.path, 'var/lib/icspd/v1/generations/3'), { recursive: true });
  await judge(t, root, 'history', ['history']);
  root.write('/etc/icspd/icspd.conf', 'resync = "soon"\n');
  await judge(t, root, 'status-without-settings', ['status']);
  await judge(t, root, 'failure', ['apply']);
});

test.serial(
  'what every look publishes fits its schema, and has the members that the manual lists',
  async (t) => {
    const node = makeNode();
    t.teardown(() => node.dispose());
    node.write('/etc/icsp.d/team.yaml', digestPolicy);
    node.write('/etc/icsp.d/broken.yaml', brokenPolicy);
    await node.apply();
    await node.apply({ hold: { goal: 'in force', forMs: 1_000 } });
    const name = 'published-status';
    t.is(node.published.length, 2);
    for (const document of node.published) {
      t.is(shipped.get(name)?.safeParse(document).error, undefined);
      t.deepEqual(readDocument(name, document), document, 'the schema names all of it');
      t.deepEqual(
        membersOf(document),
        listedFor('Pa /run/icspd/status.json No , which is no answer of a command'),
      );
    }
    seen.add(name);
  },
);

test.serial('every schema that is shipped was tried', (t) => {
  t.deepEqual([...seen].toSorted(), [...jsonSchemas().keys()].toSorted());
});
