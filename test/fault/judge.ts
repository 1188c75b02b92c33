// What must hold after a fault, and after the run without faults that follows it. Each complaint is a sentence.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { target, type Replacer, type Scene } from './replacer.ts';

/** Each look says there when it was. */
const published = 'run/icspd/status.json';

/** What is on disk right after a fault. */
export function judgeInstant(replacer: Replacer, scene: Scene, root: string): readonly string[] {
  const found = readTarget(root);
  const isWhole = isSame(found, scene.old) || isSame(found, scene.new);
  return [...(isWhole ? [] : [`the file is ${describe(found)}`]), ...replacer.inspect(root)];
}

/** The file is what it was before. */
export function judgeUntouched(scene: Scene, root: string): readonly string[] {
  const found = readTarget(root);
  return isSame(found, scene.old) ? [] : [`the file is not the old one but ${describe(found)}`];
}

/** The file is what it should become. */
export function judgeReplaced(scene: Scene, root: string): readonly string[] {
  const found = readTarget(root);
  return isSame(found, scene.new) ? [] : [`the file is not the new one but ${describe(found)}`];
}

/** Runs twice without faults: the first run converges and leaves nothing lying about, the second changes nothing. */
export async function judgeRecovery(
  replacer: Replacer,
  scene: Scene,
  root: string,
): Promise<readonly string[]> {
  const words = [...(await replacer.recover(root))];
  const found = readTarget(root);
  const isRight = isSame(found, scene.new) || (scene.endsWith === 'either' && isSame(found, scene.old));
  if (!isRight) words.push(`the run after it leaves the file ${describe(found)}`);
  words.push(...leftoversIn(root).map((path) => `${path} is left over`));
  const before = listTree(root);
  words.push(...(await replacer.recover(root)).map((each) => `a third run: ${each}`));
  const after = listTree(root);
  const changed = new Set([...before.keys(), ...after.keys()]);
  for (const path of changed) {
    if (path !== published && before.get(path) !== after.get(path)) words.push(`a third run changes ${path}`);
  }
  return words;
}

export function readTarget(root: string): Buffer | null {
  const path = join(root, target);
  return existsSync(path) ? readFileSync(path) : null;
}

function isSame(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

function describe(bytes: Buffer | null): string {
  if (bytes === null) return 'absent';
  return `${bytes.length} bytes, ${JSON.stringify(bytes.toString('utf8', 0, 60))}…`;
}

/** All temporary names of icspd begin with a dot, and no template has such a file. */
export function leftoversIn(root: string): readonly string[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => basename(path).startsWith('.'));
}

/** Each path with what tells whether it was touched. Whoever takes the lock writes its name into it. */
function listTree(root: string): ReadonlyMap<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return new Map(paths.map((path) => [path, fingerprint(join(root, path))]));
}

function fingerprint(path: string): string {
  const stats = lstatSync(path);
  const isContent = stats.isFile() && basename(path) !== 'lock';
  const content = isContent ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
  return `${stats.ino} ${stats.mode} ${stats.uid} ${content}`;
}
