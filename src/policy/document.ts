// The text of a policy file → its documents, each a tree that remembers its lines.
import type { YAMLError } from 'yaml';
import type { Node } from './node.ts';
import { buildTree, type TreeFault } from './node-tree.ts';
import type { SourceText } from './source-text.ts';
import { composeDocuments, type StreamLimit } from './yaml-stream.ts';

/**
 * One document of a file. `fault` is the first thing wrong with it as YAML; then `root` is a guess that shows what
 * kind of document it is, and nothing more. `root` is null where the file could not be read on from here.
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

/** Reads the documents of a YAML 1.2 or JSON text, empty ones left out. Never throws; time and memory are bounded for any text of 1 MiB. */
export function* readDocuments(source: SourceText): Generator<SourceDocument, void> {
  const control = forbidden.exec(source.text);
  if (control !== null) {
    yield { root: null, fault: controlFault(control[0], control.index), unknownTag: null };
    return;
  }
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
    const tree = buildTree(contents);
    const [error] = errors;
    const isEmpty = tree.root.type === 'scalar' && tree.root.value === null;
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

/** The library's own messages quote the text, which may be a secret of a document that is not ours: said in our words. */
function syntaxFault(error: YAMLError, source: SourceText): TreeFault {
  const at = Math.min(error.pos[0], source.text.length);
  const [message, help] = sentences[error.code] ?? ['this is not valid YAML or JSON', near];
  return { name: 'yamlSyntax', at, message, help };
}

const near = 'look at this line and the one before it';
const unknownTag = ['the tag is not one of YAML 1.2', 'remove the word that begins with !'] as const;
const badKey = [
  'a key must be short and stand on one line',
  'look for a missing colon, quote or line break',
] as const;
const missingMark = ['a bracket, quote, comma, colon or --- is missing', near] as const;

/** What the library's error codes mean to somebody who writes a policy file. */
const sentences: Partial<Record<YAMLError['code'], readonly [message: string, help: string]>> = {
  TAB_AS_INDENT: ['a tab indents this line', 'indent with spaces'],
  BAD_INDENT: ['the indentation of this line fits no line above it', 'align it with its siblings'],
  BAD_ALIAS: ['the alias is not well formed', 'write the value out, or quote the text if it is no alias'],
  ALIAS_PROPS: ['an alias cannot have an anchor or tag', 'write the value out'],
  MULTIPLE_ANCHORS: ['a value cannot have two anchors', 'keep one of them'],
  BAD_DQ_ESCAPE: [
    'the escape after the backslash is not known',
    'use single quotes, or double the backslash',
  ],
  BAD_SCALAR_START: ['a value cannot begin with this character', 'put the value in quotes'],
  BAD_DIRECTIVE: ['the directive is not known', 'remove the line that begins with %'],
  TAG_RESOLVE_FAILED: unknownTag,
  MULTIPLE_TAGS: unknownTag,
  BAD_COLLECTION_TYPE: unknownTag,
  BLOCK_AS_IMPLICIT_KEY: badKey,
  MULTILINE_IMPLICIT_KEY: badKey,
  KEY_OVER_1024_CHARS: badKey,
  BLOCK_IN_FLOW: missingMark,
  MISSING_CHAR: missingMark,
};
