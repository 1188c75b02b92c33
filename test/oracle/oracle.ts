// The real libraries, each as a process that answers questions.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

export const oracleNames = ['runtime-utils', 'image-5.38', 'image-5.22'] as const;
export type OracleName = (typeof oracleNames)[number];

/** Where build.ts puts the programs. */
export const oracleDir = join(import.meta.dirname, '../../.cache/oracle');

const mirror = z.object({ location: z.string(), insecure: z.boolean(), pullFromMirror: z.string() });

const table = z.object({
  prefix: z.string(),
  location: z.string(),
  insecure: z.boolean(),
  blocked: z.boolean(),
  mirrorByDigestOnly: z.boolean(),
  mirrors: z.array(mirror).readonly(),
});

/** A [[registry]] as a library sees it. */
export type OracleTable = Readonly<z.infer<typeof table>>;

export const compositionAnswer = z.object({
  error: z.string(),
  registries: z.array(table),
  nested: z.array(z.boolean()),
});

/** Go writes an empty slice that was never made as null. */
const strings = z.array(z.string()).nullable();

const endpoint = z.object({
  reference: z.string(),
  location: z.string(),
  insecure: z.boolean(),
  blocked: z.boolean(),
});

const pull = z.object({
  failure: z.string(),
  prefix: z.string().nullable(),
  endpoints: z.array(endpoint).nullable(),
});

export const loadAnswer = z.object({
  error: z.string(),
  registries: z.array(table).nullable(),
  search: strings,
  helpers: strings,
  mode: z.int(),
  pulls: z.array(pull).nullable(),
  aliases: z.record(z.string(), z.string().nullable()).nullable(),
});

/** `error` is '' where the files are accepted. */
export type LoadAnswer = Readonly<z.infer<typeof loadAnswer>>;

export interface Oracle<Question, Answer> {
  ask(question: Question): Promise<Answer>;
  /** Ends the process. */
  close(): void;
}

/** Whether build.ts has built the programs. Where there is no Go they are missing, and build.ts has said so. */
export function haveOracles(): boolean {
  return oracleNames.every((name) => existsSync(join(oracleDir, name)));
}

/** Starts the program. Questions are answered one after the other, in order. Files that it writes stay in memory where they can. */
export function startOracle<Question, Answer>(
  name: OracleName,
  answers: z.ZodType<Answer>,
): Oracle<Question, Answer> {
  const env = existsSync('/dev/shm') ? { ...process.env, TMPDIR: '/dev/shm' } : process.env;
  const child = spawn(join(oracleDir, name), { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  child.on('close', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${name} ended with ${String(code)}`));
  });
  return {
    async ask(question) {
      const line = await new Promise<string>((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(question)}\n`);
      });
      return answers.parse(JSON.parse(line));
    },
    close: () => void child.stdin.end(),
  };
}
