// Says that something below the watched paths may have changed. Events are hints: what a hint is about is found by looking.
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Watch } from '../agent/loop.ts';
import { escape } from '../escape.ts';

export interface WatchOptions {
  /** Absolute; directories (without what lies below their subdirectories) or files, also missing ones. */
  readonly paths: readonly string[];
  readonly onHint: () => void;
  /** Watching does not work (inotify is exhausted): said once, until it works again. */
  readonly onDegraded: (words: string) => void;
}

/**
 * Watches the paths, from when the promise resolves. `check` arms the watch again where a directory was made, recreated, swapped or
 * retargeted since, which no event tells reliably, and where watching has failed. Never throws because of a path.
 */
export async function watchPaths({ paths, onHint, onDegraded }: WatchOptions): Promise<Watch> {
  const { watch } = await import('chokidar');
  const watched = new Set(paths);
  let watcher: FSWatcher | null = null;
  let armedFor = '';
  let hasFailed = false;
  let isDegraded = false;

  function fail(error: unknown): void {
    hasFailed = true;
    if (isDegraded) return;
    isDegraded = true;
    const reason = error instanceof Error ? error.message : String(error);
    onDegraded(`files cannot be watched, changes are found at the next resync only: ${escape(reason)}`);
  }

  async function arm(): Promise<void> {
    await watcher?.close();
    hasFailed = false;
    // Before the watch begins, so that what changes in between is noticed by the next check.
    armedFor = identify(paths);
    const armed = watch([...paths], { ignoreInitial: true, depth: 0, atomic: false, persistent: false });
    watcher = armed;
    armed.on('error', fail);
    armed.on('all', () => onHint());
    // Verified events leave out a second write that comes close behind the first.
    armed.on('raw', (_event, _path, details) => {
      if (watched.has(watchedPath(details))) onHint();
    });
    await new Promise<void>((resolve) => armed.once('ready', () => resolve()));
    isDegraded &&= hasFailed;
  }

  await arm();
  return {
    async check() {
      if (hasFailed || identify(paths) !== armedFor) await arm();
    },
    async close() {
      await watcher?.close();
      watcher = null;
    },
  };
}

function watchedPath(details: unknown): string {
  const isKnown = typeof details === 'object' && details !== null && 'watchedPath' in details;
  return isKnown && typeof details.watchedPath === 'string' ? details.watchedPath : '';
}

/** Which directories the paths lead to at the moment; a file counts by the directories that it, and what it links to, are in. */
function identify(paths: readonly string[]): string {
  return JSON.stringify(paths.map((path) => directoriesOf(path).map(identifyDirectory)));
}

function directoriesOf(path: string): readonly string[] {
  try {
    const real = realpathSync(path);
    return statSync(real).isDirectory() ? [path] : [dirname(path), dirname(real)];
  } catch {
    return [path, dirname(path)];
  }
}

function identifyDirectory(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
