// What a pull tries against containers/image: the same endpoints in the same order, or failed by both.
import test from 'ava';
import fc from 'fast-check';
import { mergeConfs, type ConfFile, type MergedConf } from '../../src/registries/merge.ts';
import type { Registry } from '../../src/registries/model.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';
import { findRegistry, resolvePull, type Resolution } from '../../src/registries/resolve.ts';
import { parseNormalized } from '../../src/registries/reference.ts';
import { acceptableConfs, type ConfCase } from './conf-cases.ts';
import { confGolden } from './golden.ts';
import { compareMany, Shapes } from './law.ts';
import { keepsSlashOfMirrors, Libraries, type LibraryName } from './library.ts';
import { haveOracles, type LoadAnswer } from './oracle.ts';

const compare = haveOracles() ? test : test.skip;

interface PullCase extends ConfCase {
  readonly pulls: readonly string[];
}

const sha = `@sha256:${'0123456789abcdef'.repeat(4)}`;
const hosts = [
  'a.com',
  'b.a.com',
  'c.b.a.com',
  'a.com:5000',
  'b.a.com:443',
  'm.com',
  'n.org',
  'docker.io',
  'localhost',
];
const oddHosts = [
  'x.a.community.a.com',
  'x.a.com.a.com',
  'index.docker.io',
  'A.com',
  'localhost:5000',
  'd.com',
  'a.comx',
];
const names = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...hosts) }, fc.constantFrom(...oddHosts)),
    fc.constantFrom('/x/y/app', '/x/app', '/xy/app', '/r/app', '/library/app', '/app', '/x', '/x/y'),
  )
  .map((parts) => parts.join(''));
const texts = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        fc.oneof({ weight: 12, arbitrary: names }, fc.constantFrom('app', 'x/app', 'library/app')),
        fc.constantFrom('', ':1', sha, `:1${sha}`),
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'a.com',
      'a.com/',
      'a.com/X',
      'a.com//x',
      'X/y',
      ' a.com/x',
      'a.com/x:',
      'a.com/x@',
      'a.com/x:tag:tag',
      `a.com/x@sha256:${'0'.repeat(63)}`,
      `a.com/x@sha512:${'0'.repeat(128)}`,
      `a.com/x@md5:${'0'.repeat(32)}`,
      `a.com/x@sha256:${'A'.repeat(64)}`,
      '0123456789abcdef'.repeat(4),
      `a.com/${'n'.repeat(249)}`,
      `a.com/${'n'.repeat(250)}`,
      `a.com/x:${'t'.repeat(128)}`,
      `a.com/x:${'t'.repeat(129)}`,
      'a.com/x__y/z---z',
      'a.com/x___y',
      'a_b.com/x',
      '[::1]:5000/x',
      'docker.io/x:1',
      'https://a.com/x',
    ),
  },
);

const pullCases: fc.Arbitrary<PullCase> = fc
  .tuple(acceptableConfs, fc.array(texts, { minLength: 1, maxLength: 5 }))
  .map(([conf, pulls]) => ({ ...conf, pulls }));

const shapes = new Shapes({
  'the files are accepted': 70,
  'by digest, with mirrors': 10,
  'by tag, with mirrors': 10,
  'mirrors are left out for the kind of pull': 5,
  'a wildcard matches': 10,
  'a table reaches a port through its host': 2,
  'several scopes match': 5,
  'a location other than the prefix': 5,
  'an endpoint is blocked': 2,
  'an endpoint is insecure': 5,
  'rewriting fails': 2,
  'no scope matches': 20,
  'no reference at all': 10,
});

compare('a pull tries what containers/image tries', async (t) => {
  const libraries = new Libraries();
  t.teardown(() => libraries.close());
  await compareMany(t, {
    cases: pullCases,
    shapes,
    async judge(given) {
      const answers = await libraries.ask(given, given.pulls);
      // Whether files are accepted is the matter of load.test.ts.
      if (answers.some(([, { error }]) => error !== '')) return [];
      shapes.count(['the files are accepted']);
      const merged = mergeCase(given);
      const ours = given.pulls.map((text) => resolvePull(merged, text));
      shapes.count(ours.flatMap((resolution) => shapesOf(merged, resolution)));
      return answers.flatMap(([name, { pulls }]) =>
        ours.flatMap((resolution, i) => {
          const text = given.pulls[i] ?? '';
          if (isBrokenBySlash(name, merged, text)) return [];
          const [left, right] = [describe(resolution), describePull(pulls?.[i])];
          return left === right ? [] : [`${name}: ${text}: ours ${left}\n  its ${right}`];
        }),
      );
    },
    async asGolden(given) {
      const answers = await libraries.ask(given, given.pulls);
      return confGolden(given.main, given.dropIns, JSON.stringify({ pulls: given.pulls, answers }, null, 1));
    },
  });
});

function mergeCase({ main, dropIns }: ConfCase): MergedConf {
  const [first, ...rest] = [main, ...dropIns].map((bytes, i): ConfFile => {
    const file = `${i}.conf`;
    const { conf, findings } = parseRegistriesConf(bytes, file);
    if (conf === null) throw new Error(findings.map(({ message }) => message).join('; '));
    return { file, conf };
  });
  if (first === undefined) throw new Error('no file');
  return mergeConfs(first, rest);
}

function describe({ matched, endpoints, problem }: Resolution): string {
  const list = endpoints.map(({ reference, location, insecure, blocked }) => ({
    reference,
    location: matched === null ? '' : location,
    insecure,
    blocked,
  }));
  return problem === null ? JSON.stringify({ scope: matched?.scope ?? null, list }) : 'fails';
}

/** The library leaves the location empty where it leaves the name as it is; icspd gives the name. */
function describePull(pull: NonNullable<LoadAnswer['pulls']>[number] | undefined): string {
  if (pull?.failure !== '') return 'fails';
  const list = (pull.endpoints ?? []).map(({ reference, location, insecure, blocked }) => ({
    reference,
    location:
      pull.prefix === null
        ? ''
        : location === ''
          ? reference.replace(/(?::[^:/@]+)?(?:@.*)?$/, '')
          : location,
    insecure,
    blocked,
  }));
  return JSON.stringify({ scope: pull.prefix, list });
}

function isBrokenBySlash(name: LibraryName, merged: MergedConf, text: string): boolean {
  const parsed = parseNormalized(text);
  if (!keepsSlashOfMirrors(name) || !parsed.ok) return false;
  const found = findRegistry(merged, parsed.reference.name);
  return found?.registry.mirrors.some(({ location }) => location.endsWith('/')) ?? false;
}

function shapesOf(
  merged: MergedConf,
  { reference, matched, endpoints, notUsed, problem }: Resolution,
): readonly string[] {
  const parsed = parseNormalized(reference);
  if (!parsed.ok) return ['no reference at all'];
  if (matched === null) return ['no scope matches'];
  const { name } = parsed.reference;
  const { scope } = matched;
  const table = findRegistry(merged, name)?.registry;
  const kind = parsed.reference.digest === null ? 'tag' : 'digest';
  const found: Readonly<Record<string, boolean>> = {
    [`by ${kind}, with mirrors`]: endpoints.some(({ via }) => via === 'mirror'),
    'mirrors are left out for the kind of pull': notUsed.some(({ reason }) =>
      reason.includes('does not serve'),
    ),
    'a wildcard matches': scope.startsWith('*.'),
    'a table reaches a port through its host': name.startsWith(`${scope}:`),
    'several scopes match': notUsed.some(({ reason }) => reason.includes('narrower')),
    'a location other than the prefix': table !== undefined && isRemapped(table),
    'an endpoint is blocked': endpoints.some(({ blocked }) => blocked),
    'an endpoint is insecure': endpoints.some(({ insecure }) => insecure),
    'rewriting fails': problem !== null,
  };
  return Object.keys(found).filter((shape) => found[shape]);
}

function isRemapped({ prefix, location }: Registry): boolean {
  return prefix !== '' && prefix !== location;
}
