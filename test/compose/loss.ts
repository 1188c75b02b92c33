// What a test of lost files needs: what stands, what of it nobody can read, and the tables in their three states.
import type { CarriedTable, TableStates } from '../../src/compose/carried-table.ts';
import type { ComposeInput, Composition } from '../../src/compose/compose.ts';
import { filesOf, provenanceOf, type InForce, type Unreadable } from '../../src/compose/in-force.ts';
import type { Origin } from '../../src/origin.ts';
import { emptyConf, pullKinds, type Registry } from '../../src/registries/model.ts';
import { mirror, registry, type World } from './world.ts';

/** The file that cannot be read in most tests. */
export const lost: Unreadable = { path: 'lost.yaml', type: 'file' };

export function inputOf(world: World): ComposeInput {
  const { rules = [], images = [], baseline = [], hosts = ['*'], dropIn = [], search = null } = world;
  return {
    content: { objects: [], rules, registrySources: images },
    baseline: { ...emptyConf, registries: baseline, searchRegistries: search },
    dropIns: [{ file: '50.conf', conf: { ...emptyConf, registries: dropIn } }],
    contentHosts: hosts,
  };
}

/**
 * What stands, as it comes back from the disk and from the record, if that is known.
 */
export function inForce(
  { conf, searchOrigins }: Pick<Composition, 'conf' | 'searchOrigins'>,
  isKnown = true,
  unreadable: readonly Unreadable[] = [lost],
): InForce {
  const registries = conf.registries.map((table) => ({
    ...table,
    origins: [],
    mirrors: table.mirrors.map((each) => ({ ...each, origins: [] })),
  }));
  const provenance = JSON.parse(JSON.stringify(provenanceOf(conf, searchOrigins))) as ReturnType<
    typeof provenanceOf
  >;
  return {
    conf: { ...conf, registries },
    provenance: isKnown ? provenance : null,
    unreadable,
    blame: blameOf(unreadable),
  };
}

/** A directory is to blame for all files below it. */
export function blameOf(unreadable: readonly Unreadable[]): InForce['blame'] {
  return (file) =>
    unreadable.find(({ path, type }) => (type === 'file' ? path === file : file.startsWith(`${path}/`))) ??
    null;
}

/** An entry of the file. */
export function entryIn(file: string, line = 1): Origin {
  return { file, line, kind: 'ImageDigestMirrorSet', name: 'set' };
}

/** A mirror in a few words: `location`, `location!` if insecure, `location digest-only`. */
export function named(text: string, ...files: readonly string[]): Registry['mirrors'][number] {
  const [location = '', pull = ''] = text.split(' ');
  const isInsecure = location.endsWith('!');
  return {
    ...mirror(isInsecure ? location.slice(0, -1) : location, pull, isInsecure),
    origins: files.map((file) => entryIn(file)),
  };
}

/** The table of a.com. */
export function tableOf(
  mirrors: readonly Registry['mirrors'][number][],
  rest: Partial<Registry> = {},
): Registry {
  return registry({ location: 'a.com', mirrors, ...rest });
}

/** The states of a table; where nothing is said, nobody names and nothing marks a mirror. */
export function statesOf({
  named: names = [],
  marked = [],
  ...states
}: {
  readonly standing: Registry;
  readonly base?: Registry | undefined;
  readonly composed?: Registry | undefined;
  readonly named?: readonly string[] | undefined;
  readonly marked?: readonly string[] | undefined;
}): TableStates {
  return {
    standing: states.standing,
    base: states.base,
    composed: states.composed,
    isNamed: (location, kind) => names.includes(`${location} ${kind}`),
    isMarked: (location) => marked.includes(location),
  };
}

/** What stays, in few words: `kind location! < files behind it`. */
export function keptIn({ mirrors, origins, blame }: CarriedTable): Kept {
  return {
    mirrors: pullKinds.flatMap((kind) =>
      mirrors[kind].map(({ location, isInsecure, origins: behind }) =>
        `${kind} ${location}${isInsecure ? '!' : ''} < ${filesOf(behind).join(' ')}`.trimEnd(),
      ),
    ),
    entries: filesOf(origins),
    blame: blame.map(({ path }) => path),
  };
}

export interface Kept {
  readonly mirrors: readonly string[];
  readonly entries: readonly string[];
  readonly blame: readonly string[];
}
