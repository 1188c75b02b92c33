// The peer of composition: OpenShift's own code and the TOML encoder that it is used with, in Go.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { buildGo, haveGo } from '../oracle/go.ts';
import type { Entry } from './policies.ts';

const answer = z.object({ composeMs: z.number(), encodeMs: z.number(), tables: z.int() });

/** How long it took, and how many tables came out. */
export type PeerAnswer = Readonly<z.infer<typeof answer>>;

/** Asks the peer to do the work once more, from policies that it has in memory. */
export interface GoPeer {
  measure(objects: readonly (readonly Entry[])[]): Promise<PeerAnswer>;
  /** Ends the process. */
  close(): void;
}

/** Builds and starts it. Throws where there is no Go. */
export function startGoPeer(): GoPeer {
  const child = spawn(buildPeer(), { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let known: readonly (readonly Entry[])[] | null = null;
  return {
    async measure(objects) {
      // Only once: what a long question leaves behind in our memory would be collected while ours is measured.
      child.stdin.write(`${JSON.stringify(objects === known ? {} : { objects })}\n`);
      known = objects;
      const line = await answers.next();
      if (line.done === true) throw new Error('the Go peer ended early');
      return answer.parse(JSON.parse(line.value));
    },
    close: () => void child.stdin.end(),
  };
}

/** With the modules to which the oracle of composition is pinned, so that there is one list of versions. */
function buildPeer(): string {
  if (!haveGo())
    throw new Error('there is no Go here (1.26 or later), so that there is no peer to compare with');
  const sources = join(import.meta.dirname, '../../.cache/bench/go-peer.source');
  rmSync(sources, { recursive: true, force: true });
  mkdirSync(sources, { recursive: true });
  for (const name of ['go.mod', 'go.sum']) {
    cpSync(join(import.meta.dirname, '../oracle/runtime-utils', name), join(sources, name));
  }
  cpSync(join(import.meta.dirname, 'peer/main.go'), join(sources, 'main.go'));
  const program = join(sources, '../go-peer');
  if (!buildGo(sources, program)) throw new Error('building the Go peer failed');
  return program;
}
