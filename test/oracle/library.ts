// The versions of containers/image that registries.conf is compared with, and what icspd knows of their differences.
import { aliasProbes, type ConfCase } from './conf-cases.ts';
import { loadAnswer, startOracle, type LoadAnswer, type Oracle } from './oracle.ts';

interface LoadQuestion {
  /** Base64, as Go reads bytes from JSON. */
  readonly main: string;
  readonly dropIns: readonly string[];
  readonly pulls: readonly string[];
  readonly aliases: readonly string[];
}

export const libraryNames = ['image-5.38', 'image-5.22'] as const;
export type LibraryName = (typeof libraryNames)[number];

/** Both versions, asked at once. */
export class Libraries {
  readonly #oracles: readonly (readonly [LibraryName, Oracle<LoadQuestion, LoadAnswer>])[] = libraryNames.map(
    (name) => [name, startOracle(name, loadAnswer)],
  );

  async ask(
    { main, dropIns }: ConfCase,
    pulls: readonly string[],
  ): Promise<readonly (readonly [LibraryName, LoadAnswer])[]> {
    const question = {
      main: Buffer.from(main).toString('base64'),
      dropIns: dropIns.map((bytes) => Buffer.from(bytes).toString('base64')),
      pulls,
      aliases: aliasProbes,
    };
    return Promise.all(
      this.#oracles.map(async ([name, oracle]) => [name, await oracle.ask(question)] as const),
    );
  }

  close(): void {
    for (const [, oracle] of this.#oracles) oracle.close();
  }
}

/** Version 5.22, unlike 5.35 and later, leaves slashes at the end of a mirror as they are, so that rewriting fails. */
export function keepsSlashOfMirrors(name: LibraryName): boolean {
  return name === 'image-5.22';
}
