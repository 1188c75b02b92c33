// The YAML library's errors in the words of somebody who writes a policy file.
import type { YAMLError } from 'yaml';
import { findLayoutFault } from './layout.ts';
import type { TreeFault } from './node-tree.ts';
import type { SourceText } from './source-text.ts';

type Code = YAMLError['code'];

/** What a mistake of layout may look like to the library, which reads by character, not by line. */
const layoutCodes: ReadonlySet<Code> = new Set<Code>([
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'BLOCK_IN_FLOW',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
  'UNEXPECTED_TOKEN',
]);

/**
 * The library's own messages quote the text, which may be a secret of a document that is not ours: said in our words.
 */
export function syntaxFault(error: YAMLError, source: SourceText): TreeFault {
  const at = Math.min(error.pos[0], source.text.length);
  const layout = layoutCodes.has(error.code) ? findLayoutFault(source, at) : null;
  if (layout !== null) return { name: 'yamlSyntax', ...layout };
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

/** What the error codes of the YAML parser mean. */
const sentences: Partial<Record<Code, readonly [message: string, help: string]>> = {
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
