// Loads the tests and what they import as often as one likes, each time anew, without a new process.
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

/** Below `root`, every file belongs to a generation: `import('…?generation=2')` loads it and all below it once more. */
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
      note(fileURLToPath(parent), fileURLToPath(found.url));
      const generation = new URL(parent).search;
      return { ...found, url: `${found.url}${generation}` };
    },
    load(url, context, nextLoad) {
      if (!isOwn(url)) return nextLoad(url, context);
      return { format: 'module', source: sourceOf(fileURLToPath(url)), shortCircuit: true };
    },
  });
}

/** Whether a file that was loaded imports another one, itself or through others. */
export function reaches(from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return [...(imports.get(from) ?? [])].some((next) => reaches(next, to, seen));
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
