// Reads a list of {source, mirrors} entries, which all kinds but Image have, into mirror rules.
import { suggest } from './did-you-mean.ts';
import { checkKeys, listUnder, wrongType } from './fields.ts';
import { foreignEntryField } from './foreign-entry-fields.ts';
import { fieldOf, isNull, type MapNode, type Node, startOf, textOf } from './node.ts';
import type { PolicyDocument } from './policy-object.ts';
import { formFault } from './repository-fault.ts';
import { mirrorFaults, sourceFaults } from './repository-meaning.ts';
import { show } from './report.ts';
import type { MirrorRule, RuleMirror } from './rule.ts';

/** The optional field of an entry. */
export type EntryOption = 'allowMirrorByTags' | 'mirrorSourcePolicy';

/**
 * What one list field of a kind looks like. `pulls` is given what `allowMirrorByTags` says, false where it is not
 * given.
 */
export interface MirrorListShape {
  readonly field: string;
  readonly option: EntryOption | null;
  readonly pulls: (areTagsAllowed: boolean) => MirrorRule['pulls'];
}

const warnedMirrors = 8;
const maxMirrors = 32;

/** Reads `spec.<shape.field>`. Absent or null: no rules. */
export function readMirrorList(document: PolicyDocument, shape: MirrorListShape): readonly MirrorRule[] {
  const { spec, report, quota } = document;
  const list = listUnder(fieldOf(spec, shape.field), `spec.${shape.field}`, report);
  if (list === null || !quota.take('entries', list.items.length, list.at, report)) return [];
  const rules: MirrorRule[] = [];
  for (const [index, item] of list.items.entries()) {
    const rule = readEntry(item, index, document, shape);
    if (rule !== null) rules.push(rule);
  }
  return rules;
}

function readEntry(
  item: Node,
  index: number,
  document: PolicyDocument,
  shape: MirrorListShape,
): MirrorRule | null {
  const { report, kind, name, group, apiVersion } = document;
  const path = `spec.${shape.field}[${index}]`;
  if (item.type !== 'map') {
    report.add(wrongType(path, item, 'a map', 'write source: and mirrors: in it'), item.at);
    return null;
  }
  const known = ['source', 'mirrors', ...(shape.option === null ? [] : [shape.option])];
  checkKeys(item, path, known, (key) => foreignEntryField(key, document, shape.field), report);
  const pulls = shape.pulls(
    shape.option === 'allowMirrorByTags' && readAllowMirrorByTags(item, path, document),
  );
  const sourcePolicy =
    shape.option === 'mirrorSourcePolicy' ? readSourcePolicy(item, path, document) : 'unset';
  const source = readSource(item, path, document);
  const mirrors = readMirrors(item, path, source, document);
  if (source === null) return null;
  const at = fieldOf(item, 'source')?.value.at ?? item.at;
  return {
    source,
    mirrors,
    pulls,
    sourcePolicy,
    origin: report.origin(at, kind, name),
    column: report.column(at),
    rank: { group, name, kind, apiVersion, index },
  };
}

function readSource(entry: MapNode, path: string, { report }: PolicyDocument): string | null {
  const value = fieldOf(entry, 'source')?.value;
  if (value === undefined || isNull(value)) {
    const help = 'add source: and the repository that is mirrored';
    report.add({ name: 'missingField', message: `${path} has no source`, help }, startOf(entry));
    return null;
  }
  const source = textOf(value);
  if (source === null) {
    report.add(wrongType(`${path}.source`, value, 'a string', 'write one repository, in quotes'), value.at);
    return null;
  }
  const fault = formFault(source, 'source');
  for (const found of fault === null ? sourceFaults(source) : [fault]) report.add(found, value.at);
  return source;
}

function readMirrors(
  entry: MapNode,
  path: string,
  source: string | null,
  document: PolicyDocument,
): readonly RuleMirror[] {
  const { report, quota } = document;
  const list = listUnder(fieldOf(entry, 'mirrors'), `${path}.mirrors`, report);
  if (list === null) return [];
  const count = list.items.length;
  const blame = {
    message: `${path} has ${count} mirrors`,
    help: 'keep those that are needed: each adds its time-out to a failing pull',
  };
  if (count > maxMirrors) {
    report.add({ name: 'tooManyMirrors', ...blame }, list.at);
    return [];
  }
  if (!quota.take('mirrors', count, list.at, report)) return [];
  if (count > warnedMirrors) report.add({ name: 'manyMirrors', ...blame }, list.at);
  const mirrors: RuleMirror[] = [];
  for (const [index, item] of list.items.entries()) {
    const location = textOf(item);
    if (location === null) {
      report.add(
        wrongType(`${path}.mirrors[${index}]`, item, 'a string', 'write one repository, in quotes'),
        item.at,
      );
      continue;
    }
    const fault = formFault(location, 'mirror');
    const faults = fault === null ? mirrorFaults(location, source ?? '') : [fault];
    for (const found of faults) report.add(found, item.at);
    mirrors.push({ location, line: report.line(item.at), column: report.column(item.at) });
  }
  return mirrors;
}

function readAllowMirrorByTags(entry: MapNode, path: string, { report }: PolicyDocument): boolean {
  const value = fieldOf(entry, 'allowMirrorByTags')?.value;
  if (value === undefined || isNull(value)) return false;
  if (value.type === 'scalar' && typeof value.value === 'boolean') return value.value;
  const help = 'write true or false, without quotes';
  report.add(wrongType(`${path}.allowMirrorByTags`, value, 'true or false', help), value.at);
  return false;
}

function readSourcePolicy(
  entry: MapNode,
  path: string,
  { report }: PolicyDocument,
): MirrorRule['sourcePolicy'] {
  const value = fieldOf(entry, 'mirrorSourcePolicy')?.value;
  if (value === undefined || isNull(value)) return 'unset';
  const text = textOf(value);
  if (text === 'NeverContactSource') return 'never';
  if (text === 'AllowContactingSource') return 'allow';
  const where = `${path}.mirrorSourcePolicy`;
  const choices = ['NeverContactSource', 'AllowContactingSource'];
  if (text === null)
    report.add(wrongType(where, value, 'a string', `write ${choices.join(' or ')}`), value.at);
  else
    report.add(
      { name: 'unknownValue', message: `${where} cannot be ${show(text)}`, help: suggest(text, choices) },
      value.at,
    );
  return 'unset';
}
