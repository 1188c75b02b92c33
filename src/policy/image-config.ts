// Image of config.openshift.io, named cluster: insecure, blocked and search registries.
import { checkKeys, listUnder, mapUnder, wrongType } from './fields.ts';
import { type Field, fieldOf, type MapNode, textOf } from './node.ts';
import type { DocumentContent, PolicyDocument } from './policy-object.ts';
import { allowedFaults, scopeFaults, searchFaults } from './scope-fault.ts';
import type { Fault } from './report.ts';
import type { ScopeEntry } from './rule.ts';

const ignored: readonly string[] = [
  'additionalTrustedCA',
  'allowedRegistriesForImport',
  'externalRegistryHostnames',
  'imageStreamImportMode',
];

/** The fields of `spec.registrySources`. */
export const registrySourceFields: readonly string[] = [
  'insecureRegistries',
  'blockedRegistries',
  'allowedRegistries',
  'containerRuntimeSearchRegistries',
];

/** Reads `spec.registrySources`. The API allows one Image, named cluster; others are skipped. */
export function readImage(document: PolicyDocument): DocumentContent {
  const { spec, report, name, kind } = document;
  const known = ['registrySources', ...ignored];
  checkKeys(spec, 'spec', known, document.foreignField, report);
  noteIgnored(document);
  const field = fieldOf(spec, 'registrySources');
  const sources = mapUnder(field, 'spec.registrySources', report);
  if (field === null || sources === null) return { rules: [], registrySources: [] };
  checkKeys(sources, 'spec.registrySources', registrySourceFields, () => null, report);
  checkAllowed(sources, document);
  const read = (key: string, check: (value: string) => readonly Fault[]): readonly ScopeEntry[] | null =>
    readScopes(fieldOf(sources, key), key, check, document);
  const insecure = read('insecureRegistries', scopeFaults) ?? [];
  const blocked = read('blockedRegistries', scopeFaults) ?? [];
  const search = read('containerRuntimeSearchRegistries', searchFaults);
  const origin = report.origin(field.keyAt, kind, name);
  return { rules: [], registrySources: [{ insecure, blocked, search, origin }] };
}

function noteIgnored({ spec, report }: PolicyDocument): void {
  const others = spec.fields.filter(({ key }) => ignored.includes(key));
  const [first] = others;
  if (first === undefined) return;
  const message = `icspd does not use ${others.map(({ key }) => `spec.${key}`).join(', ')}`;
  report.add(
    { name: 'imageFieldIgnored', message, help: 'nothing to do; only spec.registrySources counts' },
    first.keyAt,
  );
}

/** `allowedRegistries` is enforced by policy.json, which is not ours to write. */
function checkAllowed(sources: MapNode, { report }: PolicyDocument): void {
  const field = fieldOf(sources, 'allowedRegistries');
  const path = 'spec.registrySources.allowedRegistries';
  const allowed = listUnder(field, path, report);
  if (field === null || allowed === null || allowed.items.length === 0) return;
  for (const [index, item] of allowed.items.entries()) {
    const value = textOf(item);
    if (value === null) {
      report.add(wrongType(`${path}[${index}]`, item, 'a string', 'put it in quotes'), item.at);
    } else {
      for (const fault of allowedFaults(value)) report.add(fault, item.at);
    }
  }
  const blocked = fieldOf(sources, 'blockedRegistries')?.value;
  if (blocked?.type === 'list' && blocked.items.length > 0) {
    const message = 'registrySources has both allowedRegistries and blockedRegistries';
    report.add({ name: 'allowedAndBlocked', message, help: 'keep one of the two' }, field.keyAt);
    return;
  }
  const message = 'allowedRegistries is not applied: it belongs to policy.json, which icspd does not write';
  report.add(
    { name: 'allowedNotApplied', message, help: 'restrict registries in /etc/containers/policy.json' },
    field.keyAt,
  );
}

function readScopes(
  field: Field | null,
  key: string,
  check: (value: string) => readonly Fault[],
  { report, quota, kind, name }: PolicyDocument,
): readonly ScopeEntry[] | null {
  const path = `spec.registrySources.${key}`;
  const list = listUnder(field, path, report);
  if (list === null || !quota.take('entries', list.items.length, list.at, report)) return null;
  const entries: ScopeEntry[] = [];
  for (const [index, item] of list.items.entries()) {
    const value = textOf(item);
    if (value === null) {
      report.add(wrongType(`${path}[${index}]`, item, 'a string', 'write one registry, in quotes'), item.at);
      continue;
    }
    for (const fault of check(value)) report.add(fault, item.at);
    entries.push({ value, origin: report.origin(item.at, kind, name), column: report.column(item.at) });
  }
  return entries;
}
