// Remembers what policy files said, so that a running daemon parses only what changed.
import { readPolicy, type PolicyReading } from '../policy/read-policy.ts';

/** One look at all policy files: a file with a path and digest that the look before had too is not parsed again. */
export type ReadingCache = () => (path: string, bytes: Uint8Array, digest: string) => PolicyReading;

/** A cache that holds the readings of the latest look, and of none before. */
export function makeReadingCache(): ReadingCache {
  let latest = new Map<string, PolicyReading>();
  return () => {
    const before = latest;
    const now = new Map<string, PolicyReading>();
    latest = now;
    return (path, bytes, digest) => {
      const key = `${digest} ${path}`;
      const reading = before.get(key) ?? now.get(key) ?? readPolicy(path, bytes);
      now.set(key, reading);
      return reading;
    };
  };
}
