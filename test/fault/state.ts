// What must be true of the state at any instant, read from the files themselves and not by the program's own code.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTarget } from './judge.ts';

const schema = 'var/lib/icspd/v1';

interface SeenRecord {
  readonly number: number;
  readonly outcome: string;
  readonly proof: string;
  readonly digest: string | null;
  readonly previousDigest: string | null;
}

/** At any instant: every text has the digest that is its name, every record names texts that are there, and all that is there can be read. */
export function inspectState(root: string): readonly string[] {
  return [
    ...namesIn(root, 'texts').flatMap((name) => {
      const found = sha256(readFileSync(join(root, schema, 'texts', name)));
      return found === name ? [] : [`the text ${name} has the digest ${found}`];
    }),
    ...recordsIn(root).flatMap((record) => inspectRecord(root, record)),
    ...inspectPin(root),
    ...inspectAccepted(root),
    ...inspectBaseline(root),
  ];
}

/** Once a run has ended: `current` is the generation on disk, nothing is pending, and what is held is in force. */
export function isSettled(root: string): readonly string[] {
  const records = recordsIn(root);
  const number = currentIn(root);
  if (records.length === 0) return number === null ? [] : ['current names a generation, and there is none'];
  const current = records.find((record) => record !== 'unreadable' && record.number === number);
  const onDisk = digestOnDisk(root);
  const pin = pinIn(root);
  return [
    ...(current === undefined || current === 'unreadable' ? [`current names ${String(number)}`] : []),
    ...(typeof current === 'object' && current.digest !== onDisk ? ['current is not on disk'] : []),
    ...(pin !== null && pin.digest !== onDisk ? ['what is held is not on disk'] : []),
    ...records.flatMap((record) =>
      record !== 'unreadable' && record.outcome === 'pending'
        ? [`generation ${record.number} is pending`]
        : [],
    ),
  ];
}

/** Whether the newest generation is on disk and its reload was not recorded yet. */
export function isReloadOwed(root: string): boolean {
  const newest = recordsIn(root).at(-1);
  if (newest === undefined || newest === 'unreadable') return false;
  return newest.proof === 'pending' && newest.digest === digestOnDisk(root);
}

function inspectRecord(root: string, record: SeenRecord | 'unreadable'): readonly string[] {
  if (record === 'unreadable') return ['a record cannot be read'];
  const { number, digest, previousDigest } = record;
  return [digest, previousDigest].flatMap((each) =>
    each === null || existsSync(join(root, schema, 'texts', each))
      ? []
      : [`generation ${number} names the text ${each}, which is not there`],
  );
}

/** Oldest first. A directory without a record is one that was about to begin. */
function recordsIn(root: string): readonly (SeenRecord | 'unreadable')[] {
  const numbers = namesIn(root, 'generations')
    .map(Number)
    .sort((a, b) => a - b);
  return numbers.flatMap((number): readonly (SeenRecord | 'unreadable')[] => {
    const path = join(root, schema, `generations/${number}/record.json`);
    if (!existsSync(path)) return [];
    const record = parse(path) as SeenRecord | null;
    return record?.number === number ? [record] : ['unreadable'];
  });
}

function inspectPin(root: string): readonly string[] {
  const path = join(root, schema, 'pin.json');
  return existsSync(path) && pinIn(root) === null ? ['the pin cannot be read'] : [];
}

function inspectAccepted(root: string): readonly string[] {
  const path = join(root, schema, 'accepted-policies');
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.indexOf('\n') + 1;
  const { files } = JSON.parse(bytes.toString('utf8', 0, end)) as {
    files: readonly { path: string; digest: string; sizeBytes: number }[];
  };
  let at = end;
  const words = files.flatMap(({ path: name, digest, sizeBytes }) => {
    const content = bytes.subarray(at, (at += sizeBytes));
    return sha256(content) === digest ? [] : [`the accepted bytes of ${name} do not have their digest`];
  });
  return at === bytes.length ? words : [...words, 'the accepted policies have bytes too many or too few'];
}

/** The administrator's own file is there as soon as anything of ours is on disk. */
function inspectBaseline(root: string): readonly string[] {
  const isOurs = readTarget(root)?.toString('utf8').includes('icspd') === true;
  const isKept = ['baseline.conf', 'baseline.absent'].some((name) =>
    existsSync(join(root, 'etc/icspd', name)),
  );
  return isOurs && !isKept ? ['a rendering is on disk, and no baseline is kept'] : [];
}

function pinIn(root: string): { readonly digest: string | null } | null {
  const path = join(root, schema, 'pin.json');
  return existsSync(path) ? (parse(path) as { digest: string | null } | null) : null;
}

function currentIn(root: string): number | null {
  const path = join(root, schema, 'current');
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : null;
}

function digestOnDisk(root: string): string | null {
  const bytes = readTarget(root);
  return bytes === null ? null : sha256(bytes);
}

/** Without what a run that was cut off left lying about. */
function namesIn(root: string, directory: string): readonly string[] {
  const path = join(root, schema, directory);
  return existsSync(path) ? readdirSync(path).filter((name) => !name.startsWith('.')) : [];
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
