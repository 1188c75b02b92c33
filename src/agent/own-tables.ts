// Which tables of a configuration are ours: those that the baseline has not, or not so. PURE.
import { hasErrors } from '../finding.ts';
import { compareTables } from '../registries/compare-tables.ts';
import { firstOfEachScope, loadedScope } from '../registries/location.ts';
import type { RegistriesConf, Registry } from '../registries/model.ts';
import { validateRegistriesConf } from '../registries/validate.ts';

/** By scope, in the order of the file. */
export function tablesBeyond(conf: RegistriesConf, baseline: RegistriesConf): ReadonlyMap<string, Registry> {
  const own = firstOfEachScope(baseline.registries, loadedScope);
  const tables = firstOfEachScope(conf.registries, loadedScope);
  return new Map([...tables].filter(([scope, table]) => !isSame(scope, own.get(scope), table)));
}

/** Our tables over another baseline than they were made for; null where CRI-O would not take both together. */
export function moveTables(
  conf: RegistriesConf,
  from: RegistriesConf,
  to: RegistriesConf,
): RegistriesConf | null {
  const own = tablesBeyond(conf, from);
  const others = to.registries.filter((table) => !own.has(loadedScope(table)));
  const moved = { ...to, registries: [...others, ...own.values()] };
  return hasErrors(validateRegistriesConf(moved, '')) ? null : moved;
}

function isSame(scope: string, before: Registry | undefined, after: Registry): boolean {
  return before !== undefined && compareTables(scope, before, after, () => null).length === 0;
}
