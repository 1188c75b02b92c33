// The one digest of the program.
import { hash } from 'node:crypto';

/** sha256 in hex; of a string, that of its UTF-8. */
export function digest(bytes: Uint8Array | string): string {
  return hash('sha256', bytes);
}
