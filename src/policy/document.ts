// The text of a policy file → its documents, each a tree that remembers its lines.
import type { Node } from './node.ts';
import { buildTree, ExpansionBudget, type TreeFault } from './node-tree.ts';
import type { SourceText } from './source-text.ts';
import { syntaxFault } from './syntax-fault.ts';
import { composeDocuments, type StreamLimit } from './yaml-stream.ts';

/**
 * One document of a file. `fault` is the first thing wrong with it as YAML; then `root` is a guess that shows what kind
 * of document it is, and nothing more. `root` is null where the file could not be read on from here, or where it is too
 * large.
 */
export interface SourceDocument {
  readonly root: Node | null;
  readonly fault: TreeFault | null;
  /** The first tag of the document that YAML's core schema does not have; matters only if the document is ours. */
  readonly unknownTag: TreeFault | null;
}

// YAML allows tab, LF and CR of these. Others would travel into names and messages, and a NUL tells of UTF-16.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * Reads the documents of a YAML 1.2 or JSON text, empty ones left out. Never throws; time and memory are bounded for
 * any text of 1 MiB.
 */
export function* readDocuments(source: SourceText): Generator<SourceDocument, void> {
  const control = forbidden.exec(source.text);
  if (control !== null) {
    yield { root: null, fault: controlFault(control[0], control.index), unknownTag: null };
    return;
  }
  const budget = new ExpansionBudget();
  for (const event of composeDocuments(source.text)) {
    if (event.type === 'limit') {
      yield { root: null, fault: limitFault(event.limit, event.offset), unknownTag: null };
      return;
    }
    if (event.type === 'hopeless') {
      yield { root: null, fault: syntaxFault(event.error, source), unknownTag: null };
      return;
    }
    const { contents, errors, warnings } = event.document;
    const tree = buildTree(contents, budget);
    const [error] = errors;
    const isEmpty = tree.root?.type === 'scalar' && tree.root.value === null;
    if (isEmpty && error === undefined && tree.fault === null) continue;
    const fault = error === undefined ? tree.fault : syntaxFault(error, source);
    const tag = warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
    yield { root: tree.root, fault, unknownTag: tag === undefined ? null : syntaxFault(tag, source) };
  }
}

function controlFault(character: string, at: number): TreeFault {
  const code = character.charCodeAt(0);
  const help =
    code === 0 ? 'save the file as UTF-8 text' : 'remove it, or write it as an escape in double quotes';
  const message = `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')} is not allowed in YAML`;
  return { name: 'yamlSyntax', at, message, help };
}

function limitFault(limit: StreamLimit, at: number): TreeFault {
  switch (limit) {
    case 'depth':
      return {
        name: 'yamlSyntax',
        at,
        message: 'the values are nested more than 100 deep',
        help: 'check the brackets and the indentation from here on',
      };
    case 'documents':
      return {
        name: 'tooManyEntries',
        at,
        message: 'the file has more than 10 000 documents',
        help: 'split it into several files',
      };
    case 'values':
      return {
        name: 'tooManyEntries',
        at,
        message: 'the file has more values than 10 000 entries can need',
        help: 'split it into several files',
      };
  }
}
