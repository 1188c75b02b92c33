// Stands in for commands of the host: shell scripts in a directory of their own, put in front of PATH.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

export interface FakeCommands {
  readonly directory: string;
  /** Makes a command with this body; `$DIR` is the directory. */
  add(name: string, body: string): void;
  /** The calls so far, one line each: the command's name and its arguments in brackets. */
  calls(): readonly string[];
}

/** Puts the directory in front of PATH until the test ends. Tests that use it run one after another, since PATH is the process's own. */
export function fakeCommands(t: ExecutionContext): FakeCommands {
  const directory = mkdtempSync(join(tmpdir(), 'icspd-fake-'));
  const path = process.env['PATH'] ?? '';
  process.env['PATH'] = `${directory}:${path}`;
  t.teardown(() => {
    process.env['PATH'] = path;
    rmSync(directory, { recursive: true });
  });
  const log = join(directory, 'calls');
  writeFileSync(log, '');
  return {
    directory,
    add(name, body) {
      const file = join(directory, name);
      const record = `{ printf '%s' ${name}; printf ' [%s]' "$@"; echo; } >> '${log}'`;
      writeFileSync(file, `#!/bin/sh\nDIR='${directory}'\n${record}\n${body}\n`);
      chmodSync(file, 0o755);
    },
    calls: () => readFileSync(log, 'utf8').split('\n').slice(0, -1),
  };
}
