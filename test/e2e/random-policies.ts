// Policies by chance, from a seed: sources within each other, mirrors in any order, protections, of every kind.

/** Gives numbers from 0 to less than `below`; the same ones for the same seed (mulberry32). */
export type Chance = (below: number) => number;

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export function pick<T>(chance: Chance, choices: readonly T[]): T {
  const choice = choices[chance(choices.length)];
  if (choice === undefined) throw new Error('nothing to choose from');
  return choice;
}

/** Some of the choices, each once, in any order. */
export function pickSome<T>(chance: Chance, choices: readonly T[], least: number): readonly T[] {
  const rest = [...choices];
  const count = least + chance(choices.length - least + 1);
  return Array.from({ length: count }, () => rest.splice(chance(rest.length), 1)).flat();
}

/** A mirror set with one entry; to be put into a file of its own. */
export function mirrorSet(
  kind: 'ImageDigestMirrorSet' | 'ImageTagMirrorSet',
  name: string,
  entry: {
    readonly source: string;
    readonly mirrors: readonly string[];
    readonly mirrorSourcePolicy?: string;
  },
): string {
  const list = kind === 'ImageDigestMirrorSet' ? 'imageDigestMirrors' : 'imageTagMirrors';
  const document = {
    apiVersion: 'config.openshift.io/v1',
    kind,
    metadata: { name },
    spec: { [list]: [entry] },
  };
  return `${JSON.stringify(document)}\n`;
}

/** Files of one random set of policies: mirror sets for some of the sources, and perhaps what is blocked or insecure. */
export function randomPolicies(
  chance: Chance,
  sources: readonly string[],
  mirrors: readonly string[],
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [index, source] of pickSome(chance, sources, 1).entries()) {
    for (const kind of pickSome(chance, ['ImageDigestMirrorSet', 'ImageTagMirrorSet'] as const, 1)) {
      const chosen = pickSome(chance, mirrors, 1);
      // One in four asks the source at a place of its own, first perhaps.
      const places = chance(4) === 0 && !source.startsWith('*') ? [source, ...chosen] : chosen;
      const entry = {
        source,
        mirrors: places,
        ...(chance(5) === 0 && { mirrorSourcePolicy: 'NeverContactSource' }),
      };
      files.set(
        `${index}-${kind === 'ImageDigestMirrorSet' ? 'digest' : 'tag'}.json`,
        mirrorSet(kind, `set-${index}`, entry),
      );
    }
  }
  if (chance(3) === 0) {
    const registrySources = {
      blockedRegistries: pickSome(chance, [...sources, ...mirrors], 1).slice(0, 2),
      insecureRegistries: pickSome(chance, [...sources, ...mirrors], 1).slice(0, 2),
    };
    const image = {
      apiVersion: 'config.openshift.io/v1',
      kind: 'Image',
      metadata: { name: 'cluster' },
      spec: { registrySources },
    };
    files.set('image.json', `${JSON.stringify(image)}\n`);
  }
  return files;
}
