// Runs the built program on a scratch root, as a person or a script would.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';

const program = join(import.meta.dirname, '../../dist/icspd');

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs icspd with these arguments. */
export function run(...args: readonly string[]): Promise<Ran> {
  return runWith({}, ...args);
}

/** As run, with more in its environment. */
export async function runWith(environment: Record<string, string>, ...args: readonly string[]): Promise<Ran> {
  try {
    const env = { ...process.env, ...environment };
    const { stdout, stderr } = await promisify(execFile)(program, args, { env });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number') throw error;
    const text = (name: 'stdout' | 'stderr'): string =>
      name in error ? String(error[name as keyof Error]) : '';
    return { code: error.code, out: text('stdout'), err: text('stderr') };
  }
}

export interface Root {
  readonly path: string;
  write(path: string, text: string): void;
  remove(path: string): void;
  read(path: string): string | null;
  /** icspd with --root, then the arguments. */
  readonly icspd: (...args: readonly string[]) => Promise<Ran>;
  /** As icspd, with --json; the document parsed. */
  readonly json: (
    ...args: readonly string[]
  ) => Promise<{ readonly code: number; readonly document: unknown }>;
}

/** A scratch root that goes with the test. */
export function makeRoot(t: ExecutionContext): Root {
  const path = mkdtempSync(join(tmpdir(), 'icspd-cli-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  const icspd = (...args: readonly string[]): Promise<Ran> => run('--root', path, ...args);
  const root: Root = {
    path,
    write(file, text) {
      mkdirSync(dirname(join(path, file)), { recursive: true, mode: 0o755 });
      writeFileSync(join(path, file), text, { mode: 0o644 });
    },
    remove: (file) => rmSync(join(path, file), { recursive: true }),
    read: (file) => (existsSync(join(path, file)) ? readFileSync(join(path, file), 'utf8') : null),
    icspd,
    async json(...args) {
      const { code, out } = await icspd(...args, '--json');
      return { code, document: JSON.parse(out) as unknown };
    },
  };
  root.write('/etc/containers/registries.conf', 'unqualified-search-registries = ["own.example"]\n');
  return root;
}

export const digestPolicy = `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata:
  name: team
spec:
  imageDigestMirrors:
    - source: quay.io/team
      mirrors:
        - mirror.example/team
`;

export const brokenPolicy = digestPolicy.replace('mirror.example/team', 'https://mirror.example/Team');
