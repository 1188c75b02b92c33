// Follows a path as the kernel would, but inside a root, and remembers every directory and link on the way.
import { lstatSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { quote, shellWord } from '../escape.ts';
import { attempt, attemptIfThere } from './errno.ts';
import { HostError } from '../host-error.ts';

/** Something that was walked through, by its own path (no link in it). */
export interface Passed {
  readonly path: string;
  readonly stats: Stats;
}

export interface Resolved {
  /** Where the path leads: no link in it, and inside the root. */
  readonly path: string;
  /** What stands there, as lstat(2) says; null if nothing does. */
  readonly stats: Stats | null;
  /** From the root on, those of each link's text included; the last one holds `path`. */
  readonly directories: readonly Passed[];
  readonly links: readonly Passed[];
}

/** As in path_resolution(7). */
const maxLinks = 40;

/**
 * Resolves `path`, which lies at or below `root`. Absolute links count from `root`.
 * Throws HostError where the way is barred: a loop, a file in the place of a directory, no permission, or `..` out of a root other than `/`.
 */
export function resolvePath(path: string, root: string): Resolved {
  const top = lookAt(posix.resolve(root));
  const relative = posix.relative(top.path, path);
  const directories: Passed[] = [];
  const links: Passed[] = [];
  let here = top;
  // What is still to be walked, the next part last.
  const pending = partsOf(relative);
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (!here.stats.isDirectory()) throw notADirectory(path, here.path);
    if (part === '..') {
      if (here.path === top.path && top.path !== '/') throw escapes(path, top.path);
      here = lookAt(posix.dirname(here.path));
      continue;
    }
    directories.push(here);
    const next = posix.join(here.path, part);
    const stats = attemptIfThere('look at', next, () => lstatSync(next));
    if (stats === null) {
      if (pending.includes('..')) throw missing(path, next);
      return { path: posix.join(next, ...pending.toReversed()), stats, directories, links };
    }
    if (!stats.isSymbolicLink()) {
      here = { path: next, stats };
      continue;
    }
    links.push({ path: next, stats });
    if (links.length > maxLinks) throw loops(path);
    const text = attempt('read the link', next, () => readlinkSync(next));
    if (text.startsWith('/')) here = top;
    pending.push(...partsOf(text));
  }
  return { ...here, directories, links };
}

/** The root may itself be a link: it is taken as the caller named it. What lies below was walked to, and is none. */
function lookAt(path: string): Passed {
  return { path, stats: attempt('look at', path, () => statSync(path)) };
}

function partsOf(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .reverse();
}

function notADirectory(path: string, at: string): HostError {
  return new HostError(
    'pathUnusable',
    `cannot follow ${quote(path)}: ${quote(at)} is not a directory`,
    `make ${quote(at)} a directory, or correct what leads there`,
    { path },
  );
}

function escapes(path: string, root: string): HostError {
  return new HostError(
    'pathEscapesRoot',
    `${quote(path)} leads out of ${quote(root)}`,
    `correct the links on the way; with --root nothing outside of ${quote(root)} is read or written`,
    { path },
  );
}

function missing(path: string, at: string): HostError {
  return new HostError(
    'pathMissing',
    `cannot follow ${quote(path)}: there is no ${quote(at)}`,
    `create ${quote(at)}, or correct the link that leads there`,
    { path },
  );
}

function loops(path: string): HostError {
  return new HostError(
    'pathUnusable',
    `cannot follow ${quote(path)}: more than ${maxLinks} links, most likely a circle`,
    `correct the links (namei -l ${shellWord(path)})`,
    { path },
  );
}
