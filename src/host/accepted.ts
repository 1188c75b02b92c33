// The last accepted bytes of each policy file, all in one file: then one rename makes any change of them atomic.
import type { AcceptedStore, LastAccepted } from '../agent/ports.ts';
import { quote, shellWord } from '../escape.ts';
import { digest } from './digest.ts';
import { finding, type Finding } from '../finding.ts';
import { HostError, toFinding } from '../host-error.ts';
import { wholeFile } from '../origin.ts';
import { has, isDigest, isInteger, isText, isTime, listOf, parseJson } from './json-checks.ts';
import { underRoot, withoutRoot } from '../paths.ts';
import { isDamage, openState, type StatePaths } from './state-dir.ts';
import type { Trust } from './trust.ts';

const name = 'accepted-policies';

/** Twice what one reading of the directories takes: what is there, and what stands in for it. */
const usualMaxBytes = 128 * 1024 * 1024;

/** The first line of the file, as JSON; the contents follow in this order, back to back. */
interface Index {
  readonly files: readonly IndexEntry[];
}

interface IndexEntry {
  readonly path: string;
  readonly digest: string;
  readonly since: string;
  readonly sizeBytes: number;
}

const isValid = has({
  files: listOf(has({ path: isText, digest: isDigest, since: isTime, sizeBytes: isInteger })),
});

/**
 * Opens the store; reading costs one file, writing one file and its fsync, however many policies there are.
 * @param maxBytes of the file; more is neither read nor written
 */
export function openAccepted(paths: StatePaths, trust: Trust, maxBytes = usualMaxBytes): AcceptedStore {
  const state = openState(paths, trust);
  const path = `${paths.schemaDir}/${name}`;
  return {
    read() {
      const { files, damage } = look();
      return { files: renamed(files, (file) => underRoot(file, paths.root)), damage };
    },
    write(accepted) {
      const { packed: old, damage, isReadable } = look();
      // Nobody knows what is there: it may be good, and readable again the next time.
      if (!isReadable) return;
      // By the names that the files have once the tree below the root runs: an image is made in one place and booted in another.
      const named = renamed(accepted, (name) => withoutRoot(name, paths.root));
      const packed = pack(named, old === null ? null : readIndex(old));
      if (packed.length > maxBytes) throw tooMuch(path, packed.length);
      if (damage !== null) state.setAside(name);
      const isEmpty = old === null || damage !== null;
      if (isEmpty ? accepted.size > 0 : !packed.equals(old)) state.write(name, packed);
    },
  };

  function look(): Look {
    try {
      const packed = state.read(name, maxBytes);
      if (packed === null) return { packed, files: new Map(), damage: null, isReadable: true };
      const { files, isWhole } = unpack(packed);
      return { packed, files, damage: isWhole ? null : damaged(path), isReadable: true };
    } catch (error) {
      if (!isDamage(error)) throw error;
      // An error of the disk is none of the file's, so far.
      const isReadable = error.findingName === 'stateUnreadable';
      const damage = isReadable ? damaged(path) : toFinding(error);
      return { packed: null, files: new Map(), damage, isReadable };
    }
  }
}

/** What is in the store, as it was written. */
interface Look {
  readonly packed: Uint8Array | null;
  readonly files: ReadonlyMap<string, LastAccepted>;
  readonly damage: Finding | null;
  readonly isReadable: boolean;
}

/** The same under other paths. */
function renamed(
  accepted: ReadonlyMap<string, LastAccepted>,
  rename: (path: string) => string,
): Map<string, LastAccepted> {
  const files = [...accepted.values()].map((file) => ({ ...file, path: rename(file.path) }));
  return new Map(files.map((file) => [file.path, file]));
}

/** @param old the index so far: keys that a newer icspd put there stay, those of a file as long as it has that content */
function pack(accepted: ReadonlyMap<string, LastAccepted>, old: Index | null): Buffer {
  const files = [...accepted.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const known = new Map(old?.files.map((entry) => [`${entry.digest} ${entry.path}`, entry]));
  const index: Index = {
    ...old,
    files: files.map(({ path, digest, since, bytes }) => ({
      ...known.get(`${digest} ${path}`),
      ...{ path, digest, since, sizeBytes: bytes.length },
    })),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...files.map(({ bytes }) => bytes)]);
}

/** Each file whose bytes have the digest that the index says; `isWhole` if that accounts for every byte. */
function unpack(packed: Uint8Array): {
  readonly files: Map<string, LastAccepted>;
  readonly isWhole: boolean;
} {
  const index = readIndex(packed);
  const files = new Map<string, LastAccepted>();
  if (index === null) return { files, isWhole: false };
  let at = packed.indexOf(0x0a) + 1;
  for (const { path, digest: sha256, since, sizeBytes } of index.files) {
    const bytes = packed.subarray(at, at + sizeBytes);
    at += sizeBytes;
    if (digest(bytes) === sha256) files.set(path, { path, bytes, digest: sha256, since });
  }
  return { files, isWhole: at === packed.length && files.size === index.files.length };
}

function readIndex(packed: Uint8Array): Index | null {
  const index = parseJson(packed.subarray(0, packed.indexOf(0x0a) + 1));
  return isIndex(index) ? index : null;
}

function isIndex(value: unknown): value is Index {
  return isValid(value);
}

function tooMuch(path: string, sizeBytes: number): HostError {
  return new HostError(
    'stateUnreadable',
    `the last accepted policies would take ${sizeBytes} bytes in ${quote(path)}, too many to be read again`,
    'remove policy files that are not needed, and those that are refused while their old content stands in (icspd status)',
    { path },
  );
}

function damaged(path: string): Finding {
  return finding(
    'acceptedDamaged',
    wholeFile(path),
    'the last accepted policies are damaged; those that are whole count, and the file is made anew',
    `see to it that all policy files are good (icspd check); what was there is kept as ${shellWord(`${path}.damaged`)}`,
  );
}
