// Reading, judging and merging registries.conf against containers/image: refused by both with the same complaint, or the same result.
import test from 'ava';
import { FINDINGS, type Finding, type FindingName } from '../../src/finding.ts';
import { trimLocation } from '../../src/registries/location.ts';
import { mergeConfs, type ConfFile, type MergedConf } from '../../src/registries/merge.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';
import { formatReference, parseNormalized } from '../../src/registries/reference.ts';
import { validateRegistriesConf } from '../../src/registries/validate.ts';
import { aliasProbes, anyConfs, type ConfCase } from './conf-cases.ts';
import { confGolden } from './golden.ts';
import { compareMany, Shapes } from './law.ts';
import { keepsSlashOfMirrors, Libraries, type LibraryName } from './library.ts';
import { haveOracles, type LoadAnswer, type OracleTable } from './oracle.ts';
import { toOracleTable } from './upstream.ts';

const compare = haveOracles() ? test : test.skip;

/** The library's complaints, and the finding that stands for each. Those of its TOML reader come first: it ends at the first of them. */
const complaints: readonly (readonly [RegExp, readonly FindingName[]])[] = [
  [/toml: .*incompatible types/s, ['confType']],
  [/toml: /, ['confSyntax', 'confCharacter', 'confNotUtf8', 'confNumber']],
  [/URI schemes are not supported/, ['confScheme']],
  [/both location and prefix are unset/, ['confNoScope']],
  [/location is unset and prefix is not in the format/, ['confNoLocation']],
  [/must not be set for a non-mirror registry/, ['confPullOnRegistry']],
  [/mirror location is unset/, ['confNoMirrorLocation']],
  [/cannot set mirror usage mirror-by-digest-only/, ['confPullTwice']],
  [/unsupported pull-from-mirror value/, ['confPullValue']],
  [/conflicting 'insecure' setting/, ['confInsecureConflict']],
  [/conflicting 'blocked' setting/, ['confBlockedConflict']],
  [/Invalid unqualified-search-registries entry/, ['confSearchEntry']],
  [/invalid short-name mode/, ['confShortNameMode']],
  [/Wildcarded prefix should be in the format/, ['confWildcard']],
  [/validating short-name aliases/, ['confAlias']],
  [/v2 format but is in v1|mixing sysregistry v1\/v2/, ['confVersion1']],
];

const nameById = new Map<string, FindingName>();
for (const name of Object.keys(FINDINGS)) if (isFindingName(name)) nameById.set(FINDINGS[name].id, name);

const ruleNames = complaints.flatMap(([, names]) => names);

const shapes = new Shapes({
  accepted: 25,
  'accepted with drop-ins': 5,
  'a drop-in replaces a table': 1,
  'a second table of a scope': 1,
  ...Object.fromEntries(ruleNames.map((name) => [`refused: ${name}`, name === 'confNotUtf8' ? 0.3 : 0.1])),
  'stricter than the library': 0.5,
});

type Judgement =
  | { readonly ok: true; readonly merged: MergedConf; readonly files: readonly ConfFile[] }
  | { readonly ok: false; readonly at: number; readonly errors: readonly FindingName[] };

compare('registries.conf is accepted, refused and merged as containers/image does', async (t) => {
  const libraries = new Libraries();
  t.teardown(() => libraries.close());
  await compareMany(t, {
    cases: anyConfs,
    shapes,
    async judge(given) {
      const ours = judgeFiles(given);
      shapes.count(shapesOf(ours));
      const answers = await libraries.ask(given, []);
      return answers.flatMap(([name, answer]) =>
        compareJudgement(name, given, ours, answer).map((difference) => `${name}: ${difference}`),
      );
    },
    async asGolden(given) {
      const answers = await libraries.ask(given, []);
      return confGolden(given.main, given.dropIns, JSON.stringify(answers, null, 1));
    },
  });
});

function judgeFiles({ main, dropIns }: ConfCase): Judgement {
  const files: ConfFile[] = [];
  for (const [at, bytes] of [main, ...dropIns].entries()) {
    const file = `${at}.conf`;
    const { conf, findings } = parseRegistriesConf(bytes, file);
    const errors = errorsOf(conf === null ? findings : validateRegistriesConf(conf, file));
    if (conf === null || errors.length > 0) return { ok: false, at, errors };
    files.push({ file, conf });
  }
  const [first, ...rest] = files;
  if (first === undefined) throw new Error('no file');
  return { ok: true, merged: mergeConfs(first, rest), files };
}

function errorsOf(findings: readonly Finding[]): readonly FindingName[] {
  return findings.filter(({ severity }) => severity === 'error').flatMap(({ id }) => nameById.get(id) ?? []);
}

function compareJudgement(
  name: LibraryName,
  given: ConfCase,
  ours: Judgement,
  answer: LoadAnswer,
): readonly string[] {
  if (!ours.ok) return compareRefusal(name, given, ours.at, ours.errors, answer.error);
  if (answer.error !== '') return [`it refuses: ${answer.error}; we accept`];
  return compareMerged(name, ours.merged, answer);
}

function compareRefusal(
  library: LibraryName,
  { main, dropIns }: ConfCase,
  at: number,
  errors: readonly FindingName[],
  complaint: string,
): readonly string[] {
  const bytes = at === 0 ? main : dropIns[at - 1];
  if (errors.some((name) => stricter[name]?.(Buffer.from(bytes ?? []).toString(), library))) {
    if (complaint === '') shapes.count(['stricter than the library']);
    return [];
  }
  if (complaint === '') return [`it accepts; we refuse: ${errors.join(', ')}`];
  const meant = complaints.find(([pattern]) => pattern.test(complaint))?.[1] ?? [];
  const isMain = !complaint.startsWith('loading drop-in');
  const isSameFile = at === 0 ? isMain : complaint.includes(`${String(at - 1).padStart(2, '0')}.conf"`);
  const [first] = errors;
  if (isSameFile && first !== undefined && meant.includes(first)) return [];
  return [`it complains: ${complaint}; we complain of file ${at}: ${errors.join(', ')}`];
}

/** What icspd refuses though the library, or this version of it, may accept it. */
const stricter: Partial<Record<FindingName, (text: string, library: LibraryName) => boolean>> = {
  // The library takes any case of a key; which of two spellings wins is random.
  confKeyCase: () => true,
  // Version 1 is gone from 5.40 on; 5.22 does not count empty lists.
  confVersion1: () => true,
  // A byte order mark is accepted from toml 1.3.2 on.
  confCharacter: (text, library) => text.startsWith('\ufeff') && library === 'image-5.38',
  // 5.22 does not know this key.
  confType: (text, library) =>
    library === 'image-5.22' && /^additional-layer-store-auth-helper = 1/m.test(text),
  // @iarna/toml reads neither arrays of several types, nor dates with a space, nor a quote right before the three that end a string.
  // Of slipped literals only this direction is bounded: what it reads, the library must read too.
  confSyntax: (text) => /^mixed = \[1, "x"\]|^date = 2020-01-01 00:00:00|^literal = |"{4}|'{4}/m.test(text),
};

function compareMerged(name: LibraryName, merged: MergedConf, answer: LoadAnswer): readonly string[] {
  const ours = merged.registries.map(({ scope, registry }) =>
    trimmed({ ...toOracleTable(registry), prefix: scope }),
  );
  const theirs = (answer.registries ?? []).map((table) =>
    keepsSlashOfMirrors(name) ? trimmed(table) : table,
  );
  const helpers = merged.credentialHelpers?.values ?? [];
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['registries', ours, theirs],
    ['search', merged.searchRegistries?.values ?? [], answer.search ?? []],
    ['helpers', helpers.length === 0 ? ['containers-auth.json'] : helpers, answer.helpers],
    ['mode', modes.indexOf(merged.shortNameMode?.values ?? 'permissive'), answer.mode],
    [
      'aliases',
      aliasProbes.map((alias) => aliasOf(merged, alias)),
      aliasProbes.map((alias) => answer.aliases?.[alias]),
    ],
  ];
  return pairs.flatMap(([what, own, other]) => {
    const [left, right] = [JSON.stringify(own), JSON.stringify(other)];
    return left === right ? [] : [`${what}: ours ${left}\n  its ${right}`];
  });
}

/** types.ShortNameMode; 0 is the invalid one. */
const modes = ['', 'disabled', 'permissive', 'enforcing'];

function aliasOf(merged: MergedConf, name: string): string | null {
  const value = merged.aliases.get(name)?.value ?? '';
  const target = value === '' ? null : parseNormalized(value);
  return target?.ok === true ? formatReference(target.reference) : null;
}

function trimmed(table: OracleTable): OracleTable {
  const mirrors = table.mirrors.map((mirror) => ({ ...mirror, location: trimLocation(mirror.location) }));
  return { ...table, location: trimLocation(table.location), mirrors };
}

function shapesOf(ours: Judgement): readonly string[] {
  if (!ours.ok)
    return ours.errors.filter((name) => ruleNames.includes(name)).map((name) => `refused: ${name}`);
  const { shadowed } = ours.merged;
  return [
    'accepted',
    ...(ours.files.length > 1 ? ['accepted with drop-ins'] : []),
    ...(shadowed.some(({ file, by }) => file !== by) ? ['a drop-in replaces a table'] : []),
    ...(shadowed.some(({ file, by }) => file === by) ? ['a second table of a scope'] : []),
  ];
}

function isFindingName(name: string): name is FindingName {
  return Object.hasOwn(FINDINGS, name);
}
