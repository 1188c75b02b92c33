// Policies in few words, for tests: what a file says becomes rules with places.
import { compose, type Composition } from '../../src/compose/compose.ts';
import type { MirrorRule, PolicyContent, RegistrySources, ScopeEntry } from '../../src/policy/rule.ts';
import {
  effectivePull,
  emptyConf,
  scopeOf,
  type RegistriesConf,
  type Registry,
} from '../../src/registries/model.ts';

export type KindName = 'ICSP' | 'ICSP+tags' | 'IDMS' | 'ITMS';

export interface RuleText {
  readonly kind?: KindName;
  readonly source: string;
  readonly mirrors: readonly string[];
  readonly policy?: 'never' | 'allow' | 'unset';
  readonly name?: string;
  readonly file?: string;
  readonly line?: number;
  readonly index?: number;
}

const kindNames = {
  ICSP: 'ImageContentSourcePolicy',
  'ICSP+tags': 'ImageContentSourcePolicy',
  IDMS: 'ImageDigestMirrorSet',
  ITMS: 'ImageTagMirrorSet',
} as const satisfies Record<KindName, string>;

/** One entry. Mirrors stand on the lines below the source, from column 9. */
export function rule(text: RuleText): MirrorRule {
  const { kind = 'IDMS', source, mirrors, policy = 'unset', name = 'set', line = 10, index = 0 } = text;
  const group = kind.startsWith('ICSP') ? 'operator.openshift.io' : 'config.openshift.io';
  return {
    source,
    mirrors: mirrors.map((location, i) => ({ location, line: line + 1 + i, column: 9 })),
    pulls: { digest: kind !== 'ITMS', tag: kind === 'ITMS' || kind === 'ICSP+tags' },
    sourcePolicy: policy,
    origin: { file: text.file ?? 'a.yaml', line, kind: kindNames[kind], name },
    column: 5,
    rank: { group, name, kind: kindNames[kind], apiVersion: `${group}/v1`, index },
  };
}

export interface ImageText {
  readonly insecure?: readonly string[];
  readonly blocked?: readonly string[];
  readonly search?: readonly string[];
  readonly file?: string;
}

/** `spec.registrySources` of an Image named cluster. */
export function image({
  insecure = [],
  blocked = [],
  search,
  file = 'image.yaml',
}: ImageText): RegistrySources {
  const entries = (values: readonly string[], line: number): readonly ScopeEntry[] =>
    values.map((value, i) => ({
      value,
      origin: { file, line: line + i, kind: 'Image', name: 'cluster' },
      column: 7,
    }));
  return {
    insecure: entries(insecure, 100),
    blocked: entries(blocked, 200),
    search: search === undefined ? null : entries(search, 300),
    origin: { file, line: 1, kind: 'Image', name: 'cluster' },
  };
}

/** A table of the baseline; what is not given is absent from it. */
export function registry(given: Partial<Registry>): Registry {
  return {
    prefix: '',
    location: '',
    insecure: false,
    blocked: false,
    mirrorByDigestOnly: false,
    pullFromMirror: '',
    mirrors: [],
    origins: [],
    extra: {},
    ...given,
  };
}

/** A mirror that the administrator wrote. */
export function mirror(location: string, pullFromMirror = '', insecure = false): Registry['mirrors'][number] {
  return { location, pullFromMirror, insecure, origins: [], extra: {} };
}

export interface World {
  readonly rules?: readonly MirrorRule[];
  readonly images?: readonly RegistrySources[];
  readonly objects?: PolicyContent['objects'];
  readonly baseline?: readonly Registry[];
  readonly search?: readonly string[] | null;
  readonly hosts?: readonly string[];
  /** Tables of one drop-in. */
  readonly dropIn?: readonly Registry[];
}

export function composeWorld(world: World): Composition {
  const {
    rules = [],
    images = [],
    objects = [],
    baseline = [],
    search = null,
    hosts = ['*'],
    dropIn = [],
  } = world;
  const conf: RegistriesConf = { ...emptyConf, registries: baseline, searchRegistries: search };
  return compose({
    content: { objects, rules, registrySources: images },
    baseline: conf,
    dropIns: [{ file: '50.conf', conf: { ...emptyConf, registries: dropIn } }],
    contentHosts: hosts,
  });
}

/** The same world, told in the opposite order. */
export function reverse({ rules = [], images = [], objects = [], ...rest }: World): World {
  const turned = images.map((each) => ({
    ...each,
    insecure: each.insecure.toReversed(),
    blocked: each.blocked.toReversed(),
  }));
  return {
    ...rest,
    rules: rules.toReversed(),
    images: turned.toReversed(),
    objects: objects.toReversed(),
  };
}

/** What pulls see of a table; insecure mirrors end in `!`. */
export interface View {
  readonly digest: readonly string[];
  readonly tag: readonly string[];
  readonly blocked?: true;
  readonly insecure?: true;
  readonly location?: string;
}

/** Every table by scope. `location` only where pulls go elsewhere. */
export function viewOf({ registries }: RegistriesConf): Readonly<Record<string, View>> {
  return Object.fromEntries(registries.map((table) => [scopeOf(table), viewTable(table)]));
}

function viewTable(table: Registry): View {
  const names = (other: string): readonly string[] =>
    table.mirrors
      .filter((candidate) => effectivePull(table, candidate) !== other)
      .map(({ location, insecure }) => (insecure ? `${location}!` : location));
  return {
    digest: names('tag-only'),
    tag: names('digest-only'),
    ...(table.blocked ? { blocked: true as const } : {}),
    ...(table.insecure ? { insecure: true as const } : {}),
    ...(table.prefix !== '' && table.location !== '' ? { location: table.location } : {}),
  };
}

/** `id file:line:column` of each finding. */
export function placesOf({ findings }: Composition): readonly string[] {
  return findings.map(({ id, file, line, column }) => `${id} ${file ?? '-'}:${line ?? '-'}:${column ?? '-'}`);
}
