// One object of a file: recognized, its name and spec found, and handed to the reader of its kind.
import type { ContentBuilder } from './content.ts';
import { suggest } from './did-you-mean.ts';
import { wrongType } from './fields.ts';
import { foreignSpecField, isSpecField } from './foreign-fields.ts';
import { recognize } from './kinds.ts';
import { notAnObject } from './near-miss.ts';
import { fieldOf, isNull, type MapNode, startOf, textOf } from './node.ts';
import { faultOfList, type ListedObject } from './object-list.ts';
import type { Quota } from './policy-object.ts';
import { type FileReport, show } from './report.ts';

/** What is known while a file is read. */
export interface Reading {
  readonly report: FileReport;
  readonly quota: Quota;
  readonly content: ContentBuilder;
  /** Kind, ready for a message → where it first stands. */
  readonly otherKinds: Map<string, number>;
}

/** Whether the lines of an object may be shown: those of others may hold secrets. */
export function isOurs({ apiVersion, kind }: ListedObject): boolean {
  if (apiVersion === null || kind === null) return false;
  const { state } = recognize(apiVersion, kind);
  return state === 'ours' || state === 'unsupported';
}

/** Reads one object of a file into `reading`. */
export function readObject({ node, apiVersion, kind }: ListedObject, reading: Reading): void {
  const { report, otherKinds } = reading;
  const list = node.type === 'map' && kind !== null ? faultOfList(node, kind, apiVersion) : null;
  if (list !== null) {
    report.add(list.fault, list.at, false);
    return;
  }
  if (node.type !== 'map' || apiVersion === null || kind === null) {
    report.add(notAnObject(node, kind), startOf(node), false);
    return;
  }
  const known = recognize(apiVersion, kind);
  switch (known.state) {
    case 'other': {
      const name = show(kind);
      if (!otherKinds.has(name)) otherKinds.set(name, startOf(node));
      return;
    }
    case 'near miss':
      report.add(
        known.fault,
        placeOfType(node, known.fault.name === 'wrongGroup' ? 'apiVersion' : 'kind'),
        false,
      );
      return;
    case 'unsupported':
      report.add(known.fault, placeOfType(node, 'apiVersion'));
      return;
    case 'ours':
  }
  const name = readName(node, kind, report);
  const spec = readSpec(node, kind, report);
  checkTopLevel(node, kind, spec !== null, report);
  if (name === null || spec === null) return;
  if (kind === 'Image' && name !== 'cluster') {
    const message = `the Image ${show(name)} is skipped: only the one named cluster counts`;
    report.add(
      { name: 'imageNotCluster', message, help: 'rename it to cluster if it is meant to count' },
      startOf(node),
    );
    return;
  }
  const { group } = known;
  const { rules, registrySources } = known.read({
    group,
    apiVersion,
    kind,
    name,
    spec,
    foreignField: (key) => foreignSpecField(key, kind, apiVersion),
    report,
    quota: reading.quota,
  });
  const origin = report.origin(startOf(node), kind, name);
  reading.content.add({ objects: [{ apiVersion, origin }], rules, registrySources });
}

/** An item of a typed list may have neither field of its own. */
function placeOfType(node: MapNode, key: string): number {
  return fieldOf(node, key)?.value.at ?? startOf(node);
}

/** As in Kubernetes. Names travel with every mirror into findings and records. */
const maxNameLength = 253;

/**
 * Any string of a sane length that is not empty: Kubernetes has its own idea of names, and nothing here depends on it.
 */
function readName(root: MapNode, kind: string, report: FileReport): string | null {
  const metadata = fieldOf(root, 'metadata');
  const name = metadata?.value.type === 'map' ? fieldOf(metadata.value, 'name')?.value : undefined;
  if (name !== undefined && !isNull(name)) {
    const text = textOf(name);
    if (text !== null && text.length > maxNameLength) {
      const message = `metadata.name of the ${kind} has ${text.length} characters, more than ${maxNameLength}`;
      report.add({ name: 'nameTooLong', message, help: 'choose a shorter name' }, name.at);
      return null;
    }
    if (text !== null && text !== '') return text;
    if (text === null) {
      report.add(wrongType('metadata.name', name, 'a string', 'put it in quotes'), name.at);
      return null;
    }
  }
  const help = 'write metadata: and below it name: with a name of your choice';
  report.add(
    { name: 'missingField', message: `the ${kind} has no metadata.name`, help },
    metadata?.keyAt ?? startOf(root),
  );
  return null;
}

function readSpec(root: MapNode, kind: string, report: FileReport): MapNode | null {
  const spec = fieldOf(root, 'spec');
  if (spec?.value.type === 'map') return spec.value;
  if (spec !== null && !isNull(spec.value)) {
    report.add(wrongType('spec', spec.value, 'a map', 'write its fields below it, indented'), spec.value.at);
    return null;
  }
  const stray = root.fields.find(({ key }) => isSpecField(key));
  const help =
    stray === undefined
      ? 'write spec: and below it the lists of the kind'
      : `put ${stray.key}: below spec:, indented`;
  report.add(
    { name: 'missingField', message: `the ${kind} has no spec`, help },
    spec?.keyAt ?? startOf(root),
  );
  return null;
}

const topLevel: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

function checkTopLevel(root: MapNode, kind: string, hasSpec: boolean, report: FileReport): void {
  for (const { key, keyAt } of root.fields) {
    if (topLevel.includes(key)) continue;
    const isStray = isSpecField(key);
    // Without a spec the finding about it has said so already.
    if (isStray && !hasSpec) continue;
    const help = isStray ? 'put it below spec:, indented' : suggest(key, topLevel);
    report.add(
      { name: 'unknownField', message: `the ${kind} has no field ${show(key)} at its top level`, help },
      keyAt,
    );
  }
}
