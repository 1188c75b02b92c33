// Builds of icspd that call themselves older or newer than this one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';

/** Runs one such build on a root. */
export type Icspd = (root: string, ...args: readonly string[]) => Promise<Ran>;

export interface Ran {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

export interface Builds {
  of(version: string): Promise<Icspd>;
  dispose(): void;
}

/** Builds below a directory of their own, each version once. */
export function makeBuilds(): Builds {
  const directory = mkdtempSync(join(tmpdir(), 'icspd-versions-'));
  const made = new Map<string, Promise<Icspd>>();
  const make = async (version: string): Promise<Icspd> => {
    const bundle = join(directory, `icspd-${version}.cjs`);
    await build({
      entryPoints: [join(import.meta.dirname, '../../src/main.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node24',
      logLevel: 'warning',
      plugins: [
        {
          name: 'version',
          setup(context) {
            context.onLoad({ filter: /\/src\/version\.ts$/ }, () => ({
              contents: `export const version = ${JSON.stringify(version)};`,
            }));
          },
        },
      ],
    });
    return async (root, ...args) => {
      const { exitCode, stdout, stderr } = await execa(
        process.execPath,
        ['--no-warnings', bundle, '--root', root, ...args],
        { reject: false },
      );
      return { code: exitCode, out: stdout, err: stderr };
    };
  };
  return {
    of(version) {
      const icspd = made.get(version) ?? make(version);
      made.set(version, icspd);
      return icspd;
    },
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
}
