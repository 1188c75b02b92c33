// Loads tests as often as one likes without a new process: what imports the changed file anew, the rest once.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What the tests get instead of a package. */
const substitutes = new Map(
  ['ava', 'fast-check'].map((name) => [name, new URL(`./${name}.ts`, import.meta.url).href]),
);

/** What was loaded: each file and the files that it imports. */
const imports = new Map<string, Set<string>>();
const sources = new Map<string, string>();
let changed: string | null = null;
let generation = 0;

/** Below `root`, every file belongs to a generation: another one is another module. */
export function hookModules(root: string): void {
  const rootUrl = pathToFileURL(`${root}/`).href;
  const isOwn = (url: string): boolean => url.startsWith(rootUrl) && /^[^?]*\.ts(?:\?|$)/.test(url);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const parent = context.parentURL;
      if (parent === undefined || !isOwn(parent)) return nextResolve(specifier, context);
      const substitute = substitutes.get(specifier);
      if (substitute !== undefined) {
        return { url: substitute, format: 'module-typescript', shortCircuit: true };
      }
      const found = nextResolve(specifier, context);
      if (!isOwn(found.url)) return found;
      const path = fileURLToPath(found.url);
      note(fileURLToPath(parent), path);
      return { ...found, url: urlOf(path) };
    },
    load(url, context, nextLoad) {
      if (!isOwn(url)) return nextLoad(url, context);
      return { format: 'module', source: sourceOf(fileURLToPath(url)), shortCircuit: true };
    },
  });
}

/** Loads the test file. */
export async function load(file: string): Promise<void> {
  await import(urlOf(file));
}

/** From now on `load` loads what imports `source` once more, and takes the rest from the first generation. */
export function renew(source: string): void {
  changed = source;
  generation += 1;
}

/** Whether a file that was loaded imports another one, itself or through others. */
export function reaches(from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return [...(imports.get(from) ?? [])].some((next) => reaches(next, to, seen));
}

function urlOf(path: string): string {
  const isAnew = changed !== null && reaches(path, changed);
  return `${pathToFileURL(path).href}?generation=${isAnew ? generation : 0}`;
}

function note(from: string, to: string): void {
  const known = imports.get(from) ?? new Set();
  imports.set(from, known.add(to));
}

/** The file as JavaScript; types are taken out only once. */
function sourceOf(path: string): string {
  const known = sources.get(path) ?? stripTypeScriptTypes(readFileSync(path, 'utf8'));
  sources.set(path, known);
  return known;
}
