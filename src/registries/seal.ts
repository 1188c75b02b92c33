// The comment at the head of a rendering: by it people know what the file is, and icspd knows its own.
import { shellWord } from '../escape.ts';

/** What the header tells besides the digest. Paths as the running system sees them. */
export interface SealOptions {
  /** Whether there was a registries.conf before icspd; it decides what the way back is. */
  readonly hasBaseline: boolean;
  readonly baselinePath: string;
  readonly registriesConfPath: string;
}

const firstLine = '# This file is managed by icspd: do not edit it, changes are overwritten or refused.';
const digestLine = '# sha256 of what follows this comment: ';

/**
 * Puts the header before a body. Nothing in it depends on time, node, generation or policy file names, so that equal
 * renderings have equal digests on every node.
 * @param bodyDigestHex sha256 of the body's bytes, in hex
 */
export function sealRendering(body: string, bodyDigestHex: string, options: SealOptions): string {
  const { hasBaseline, baselinePath, registriesConfPath } = options;
  const target = shellWord(registriesConfPath);
  const undo = hasBaseline ? `cp -p ${shellWord(baselinePath)} ${target}` : `rm ${target}`;
  const lines = [
    firstLine,
    digestLine + bodyDigestHex,
    '# Why an image is pulled from where:  icspd explain IMAGE',
    '# Back to how it was before icspd:    icspd restore --baseline',
    `# The same where icspd is gone:       ${undo} && systemctl reload crio`,
  ];
  return `${lines.join('\n')}\n\n${body}`;
}

/**
 * Takes the header off. Null if the text has none of ours.
 * @returns `digest` as the header states it; whether it is the body's digest is for the caller to find out
 */
export function unseal(text: string): { readonly digest: string; readonly body: string } | null {
  if (!text.startsWith(`${firstLine}\n${digestLine}`)) return null;
  const end = text.indexOf('\n\n');
  if (end === -1) return null;
  const digest = text.slice(
    firstLine.length + 1 + digestLine.length,
    text.indexOf('\n', firstLine.length + 1),
  );
  const isHeader = text
    .slice(0, end)
    .split('\n')
    .every((line) => line.startsWith('#'));
  return isHeader && /^[0-9a-f]{64}$/.test(digest) ? { digest, body: text.slice(end + 2) } : null;
}
