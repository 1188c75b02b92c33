// CRI-O as icspd sees it: a unit that can be reloaded, a binary that has a version, a journal that tells what it did.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import type { Crio, CrioConf, OtherConf } from '../agent/crio-ports.ts';
import { runCommand } from './command.ts';
import {
  findRegistriesConf,
  readStart,
  startProperties,
  type CrioFiles,
  type CrioStart,
} from './crio-start.ts';
import { HostError } from '../host-error.ts';
import { openJournal, readLastLines } from './journal.ts';
import { readUnitState, reloadUnit, showUnit } from './systemd.ts';

const versionTimeoutMs = 10_000;

/** How long the unit is believed to start the same binary; a changed binary is noticed at once. */
const startAgeMs = 60_000;

/**
 * Opens CRI-O.
 * @param unit the name of its unit, such as `crio.service`
 */
export function openCrio(unit: string): Crio {
  const version = makeVersionReader(() => readCrioStart(unit));
  return {
    unit: () => readUnitState(unit),
    reload: (timeoutMs) => reloadUnit(unit, timeoutMs),
    journal: () => openJournal(unit),
    lastWords: ({ mainPid, mainStartedAtMs }) => readLastLines(unit, mainPid, mainStartedAtMs),
    version: () => orNull(version),
    conf: () =>
      orNull(async () => {
        const start = await readCrioStart(unit);
        return start === null ? null : findConf(findRegistriesConf(start));
      }),
  };
}

function findConf(files: CrioFiles): CrioConf {
  const { registriesConfDir: dropInDirectory, home } = files;
  return { main: findOtherConf(files), dropInDirectory, home };
}

/** The explicit path, else the file in its home directory if there is one (containers/image, `newConfigWrapperWithHomeDir`). */
function findOtherConf({ registriesConf, home }: CrioFiles): OtherConf | null {
  if (registriesConf !== null) return { path: registriesConf, isTold: true };
  const own = posix.join(home, '.config/containers/registries.conf');
  return existsSync(own) ? { path: own, isTold: false } : null;
}

async function readCrioStart(unit: string): Promise<CrioStart | null> {
  const properties = await showUnit(unit, startProperties);
  return properties === null ? null : readStart(properties, readText);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

interface KnownVersion {
  readonly binary: string;
  readonly identity: string;
  readonly version: string | null;
  readonly askedAtMs: number;
}

/** Asks the binary once, and again only when it is another one. */
function makeVersionReader(readBinary: () => Promise<CrioStart | null>): () => Promise<string | null> {
  let known: KnownVersion | null = null;
  return async () => {
    const nowMs = performance.now();
    const isFresh = known !== null && nowMs - known.askedAtMs < startAgeMs;
    if (known !== null && isFresh && identify(known.binary) === known.identity) return known.version;
    const binary = (await readBinary())?.binary;
    const identity = binary === undefined ? null : identify(binary);
    if (binary === undefined || identity === null) return null;
    const isSame = known?.binary === binary && known.identity === identity;
    const version = known !== null && isSame ? known.version : await askVersion(binary);
    known = { binary, identity, version, askedAtMs: nowMs };
    return version;
  };
}

/** What tells one build of a binary from another without running it; null if there is none. */
function identify(binary: string): string | null {
  try {
    const { dev, ino, mtimeNs } = statSync(binary, { bigint: true });
    return `${dev}:${ino}:${mtimeNs}`;
  } catch {
    return null;
  }
}

async function askVersion(binary: string): Promise<string | null> {
  const { exitCode, stdout } = await runCommand(binary, ['--version'], { timeoutMs: versionTimeoutMs });
  return exitCode === 0 ? parseCrioVersion(stdout) : null;
}

/** Takes the numbers from `crio version 1.36.3`, or from the line `Version: 1.24.6`; null if there are none. */
export function parseCrioVersion(text: string): string | null {
  return /^(?:crio version|Version:)\s+v?(\d+\.\d+(?:\.\d+)?)/m.exec(text)?.[1] ?? null;
}

async function orNull<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}
