// A registries.conf that somebody wrote by hand → policies, and the baseline that is left: every pull stays what it was.
import { readPolicy } from '../policy/read-policy.ts';
import { isHost } from '../policy/repository.ts';
import { writePolicy } from '../policy/write-policy.ts';
import { loadedScope } from '../registries/location.ts';
import { mergeConfs, type MergedConf } from '../registries/merge.ts';
import type { RegistriesConf } from '../registries/model.ts';
import {
  compareResolution,
  listPulls,
  type Difference,
  type ScopePulls,
} from '../registries/same-resolution.ts';
import { validateRegistriesConf } from '../registries/validate.ts';
import { hasErrors } from '../finding.ts';
import { compose } from './compose.ts';
import { noWish, uniteWishes, wishOf, type Wish } from './import-table.ts';
import { isNested } from './scope.ts';

/** A table that stays as it is, and why. */
export interface KeptTable {
  readonly scope: string;
  readonly reason: string;
}

/** What became of a file. */
export interface Imported {
  /** YAML for a policy directory; '' where nothing of the file can be a policy. */
  readonly policy: string;
  /** How many scopes the policy speaks of. */
  readonly scopeCount: number;
  /** What is left of the file. */
  readonly baseline: RegistriesConf;
  /** By place in the file. */
  readonly kept: readonly KeptTable[];
  /** Every scope before and after; the two are the same. */
  readonly pulls: readonly ScopePulls[];
}

const file = 'registries.conf';

/**
 * Turns into policies what policies can say. Composing them over the baseline that is left resolves every pull as `conf`
 * does: whatever does not stays in the baseline, with the reason.
 * @param conf one that CRI-O accepts
 */
export function importConf(conf: RegistriesConf): Imported {
  const before = mergeConfs({ file, conf }, []);
  const wishes = new Map<string, Wish>();
  const reasons = new Map<string, string>();
  const insecureScopes = conf.registries.filter(({ insecure }) => insecure).map(loadedScope);
  const isInsecure = (location: string): boolean => insecureScopes.some((scope) => isNested(location, scope));
  for (const [scope, { registry }] of before.byScope) {
    const wishing = wishOf(registry, isInsecure);
    if (wishing.ok) wishes.set(scope, wishing.wish);
    else reasons.set(scope, wishing.reason);
  }
  let search = searchOf(conf);
  for (;;) {
    const trial = tryWishes(conf, wishes, search);
    const after = mergeConfs({ file, conf: trial.composed }, []);
    const isSound = trial.isSound && isSameSearch(before, after);
    const wrong = compareResolution(before, after);
    if (isSound && wrong.length === 0) {
      const kept = [...before.byScope.keys()].flatMap((scope) => {
        const reason = reasons.get(scope);
        return reason === undefined ? [] : [{ scope, reason }];
      });
      const { policy, baseline } = trial;
      return { policy, scopeCount: wishes.size, baseline, kept, pulls: listPulls(before, after) };
    }
    if (wishes.size === 0) search = [];
    for (const [scope, reason] of blame(wrong, wishes)) {
      wishes.delete(scope);
      reasons.set(scope, reason);
    }
  }
}

function isSameSearch(before: MergedConf, after: MergedConf): boolean {
  return JSON.stringify(before.searchRegistries?.values) === JSON.stringify(after.searchRegistries?.values);
}

/** Search registries may be the policies' business where a policy can say them. */
function searchOf({ searchRegistries }: RegistriesConf): readonly string[] {
  return searchRegistries?.every(isHost) === true ? searchRegistries : [];
}

interface Trial {
  readonly policy: string;
  readonly baseline: RegistriesConf;
  readonly composed: RegistriesConf;
  /** Whether neither the policies nor what is composed of them would be refused. */
  readonly isSound: boolean;
}

function tryWishes(
  conf: RegistriesConf,
  wishes: ReadonlyMap<string, Wish>,
  search: readonly string[],
): Trial {
  const policy = writePolicy({
    ...uniteWishes([...wishes.values(), { ...noWish, search }]),
    name: 'imported',
  });
  const reading = readPolicy('imported.yaml', new TextEncoder().encode(policy === '' ? '#\n' : policy));
  const baseline = {
    ...conf,
    registries: conf.registries.filter((table) => !wishes.has(loadedScope(table))),
    searchRegistries: search.length > 0 ? null : conf.searchRegistries,
  };
  const { conf: composed, findings } = compose({
    content: reading.content,
    baseline,
    dropIns: [],
    contentHosts: ['*'],
  });
  const isSound =
    reading.state === 'accepted' && !hasErrors([...findings, ...validateRegistriesConf(composed, file)]);
  return { policy, baseline, composed, isSound };
}

/**
 * The scopes to take out of the policies: those whose pulls would change; where one of them is in the baseline already,
 * those around it, whose mirrors it inherits; and if there is none, all, so that each round takes out one at least.
 */
function blame(wrong: readonly Difference[], wishes: ReadonlyMap<string, Wish>): ReadonlyMap<string, string> {
  const blamed = new Map<string, string>();
  for (const { scope, before, after } of wrong) {
    const guilty = wishes.has(scope) ? [scope] : [...wishes.keys()].filter((outer) => isNested(scope, outer));
    for (const one of guilty) {
      blamed.set(one, `as a policy it would change pulls of ${scope}, now: ${before}; then: ${after}`);
    }
  }
  if (blamed.size > 0) return blamed;
  return new Map([...wishes.keys()].map((scope) => [scope, 'the policies would be refused together']));
}
