// Short names and their aliases: what is one, what an alias may say, and what a short name stands for.
import { escape, quote, quoteFirst } from '../escape.ts';
import { compareVersions } from '../version-order.ts';
import type { MergedConf } from './merge.ts';
import { formatReference, isRegistryHost, parseNormalized, parseReference } from './reference.ts';

/** What a name given by a user stands for, in the order in which it would be tried. */
export interface ExpandedName {
  readonly references: readonly string[];
  /** Where the answer comes from: the name itself, an alias, or the search list. */
  readonly via: 'name' | 'alias' | 'search';
  /** The file that holds the alias or the search list; null for a name that is complete. */
  readonly file: string | null;
  /** Why there is no reference. */
  readonly problem: string | null;
}

/** Why the text is no key of [aliases] (validateShortName); null if it is one. */
export function problemOfAliasName(name: string): string | null {
  const result = parseReference(name);
  if (!result.ok) return `the short name does not parse: ${result.reason}`;
  const { digest, tag, domain } = result.reference;
  if (digest !== null) return 'the short name must not have a digest';
  if (tag !== null) return 'the short name must not have a tag';
  return isRegistryHost(domain) ? 'the short name must not have a registry' : null;
}

/** Why the text is no value of [aliases] (parseShortNameValue); null if it is one. */
export function problemOfAliasValue(value: string): string | null {
  const result = parseReference(value);
  if (!result.ok) return `the value does not parse: ${result.reason}`;
  const { digest, tag, domain } = result.reference;
  if (digest !== null) return 'the value must not have a digest';
  if (tag !== null) return 'the value must not have a tag';
  if (!isRegistryHost(domain)) return 'the value must have a registry and a repository';
  const normalized = parseNormalized(value);
  return normalized.ok ? null : `the value does not parse: ${normalized.reason}`;
}

/**
 * Expands a name as shortnames.Resolve does: aliases of the machine first, then those of the configuration, then one
 * candidate for each search registry.
 * @param machineAliases what /var/cache/containers/short-name-aliases.conf says; null where there is none
 */
export function expandShortName(
  name: string,
  merged: MergedConf,
  machineAliases: { readonly file: string; readonly aliases: ReadonlyMap<string, string> } | null,
): ExpandedName {
  const result = parseReference(name);
  if (!result.ok) return unresolved(`${quote(name)} is not an image reference: ${result.reason}`);
  if (isRegistryHost(result.reference.domain)) return expanded([name], 'name', null);
  const suffix = name.slice(result.reference.name.length);
  const alias = findAlias(result.reference.name, merged, machineAliases);
  if (alias !== null) return expanded([alias.value + suffix], 'alias', alias.file);
  const search = merged.searchRegistries;
  if (search === null || search.values.length === 0) {
    return unresolved(`the short name ${quote(name)} has no alias, and no search registries are configured`);
  }
  return expanded(
    search.values.map((registry) => `${registry}/${name}`),
    'search',
    search.file,
  );
}

/**
 * CRI-O's own rule since 1.34: of several candidates it tries none, unless `short_name_mode` in crio.conf is "disabled".
 * Where its version is not known, the candidates stand as containers/image has them.
 */
export function refuseAmbiguous(
  name: string,
  names: ExpandedName,
  crio: { readonly version: string | null; readonly shortNameMode: string | null },
): ExpandedName {
  const { version, shortNameMode } = crio;
  if (version === null || compareVersions(version, '1.34') < 0) return names;
  if (shortNameMode === 'disabled' || names.references.length < 2) return names;
  return unresolved(
    `the short name ${quote(name)} may mean ${quoteFirst(names.references, 4)}, and CRI-O ${escape(version)} tries none of several unless short_name_mode is "disabled" in crio.conf`,
  );
}

function findAlias(
  name: string,
  merged: MergedConf,
  machine: { readonly file: string; readonly aliases: ReadonlyMap<string, string> } | null,
): { readonly value: string; readonly file: string } | null {
  const ownValue = machine?.aliases.get(name) ?? '';
  const alias =
    machine !== null && ownValue !== '' ? { value: ownValue, file: machine.file } : merged.aliases.get(name);
  if (alias === undefined || alias.value === '') return null;
  const target = parseNormalized(alias.value);
  return target.ok ? { value: formatReference(target.reference), file: alias.file } : null;
}

function expanded(
  references: readonly string[],
  via: ExpandedName['via'],
  file: string | null,
): ExpandedName {
  return { references, via, file, problem: null };
}

function unresolved(problem: string): ExpandedName {
  return { references: [], via: 'name', file: null, problem };
}
