// Policy directories as data, for the tests of what counts and what is in force.
import type { Finding } from '../../src/finding.ts';
import { finding } from '../../src/finding.ts';
import { wholeFile } from '../../src/origin.ts';
import type { DirectoryEntry, EntryType, PolicyDirectory } from '../../src/policy/drop-ins.ts';

export const vendor = '/usr/lib/icsp.d';
export const local = '/etc/icsp.d';

/** A listed directory; each entry is a name with the text of a file, or with what else it is. */
export function directory(
  path: string,
  entries: Readonly<Record<string, string | Partial<DirectoryEntry>>>,
): PolicyDirectory {
  const listed = Object.entries(entries).map(([name, what]): DirectoryEntry => {
    const written = typeof what === 'string' ? file(what) : what;
    return {
      type: 'file',
      content: null,
      digest: null,
      findings: [],
      ...written,
      name,
      path: `${path}/${name}`,
    };
  });
  return { path, state: 'listed', entries: listed, findings: [] };
}

/** A readable file. Its digest stands for its text, which is all that the code may know of it. */
export function file(text: string, findings: readonly Finding[] = []): Partial<DirectoryEntry> {
  return { content: new TextEncoder().encode(text), digest: `digest of ${text}`, findings };
}

export function other(type: EntryType, findings: readonly Finding[] = []): Partial<DirectoryEntry> {
  return { type, findings };
}

export const untrusted = finding('untrustedFile', wholeFile('x'), 'anyone can write it', 'chmod it');
export const ioError = finding('unreadableFile', wholeFile('x'), 'input/output error', 'look at the disk');
