// Drives the YAML library over a stream of documents within bounds that no hostile file can leave.
import { Composer, type Document, Lexer, Parser, Schema, type YAMLError } from 'yaml';

/** Deeper than any Kubernetes object (a list in a map counts as two); the library composes recursively. */
const maxDepth = 200;
const maxDocuments = 10_000;
/** 10 000 entries with two mirrors each need 270 000; each costs a microsecond or two and up to 800 bytes. */
const maxLexemes = 300_000;
/** Making an error costs 20 µs, and one byte can be one. */
const maxErrors = 500;

/** Why the stream ends before the text does. */
export type StreamLimit = 'depth' | 'documents' | 'values';

/** What comes next in the stream. `hopeless`: the document has so many errors that the rest is not read. */
export type StreamEvent =
  | { readonly type: 'document'; readonly document: Document.Parsed }
  | { readonly type: 'hopeless'; readonly error: YAMLError }
  | { readonly type: 'limit'; readonly limit: StreamLimit; readonly offset: number };

// One schema for all documents, since making one is what a document costs. YAML 1.2 core: `yes` and `on` are strings.
const schema = new Schema({ schema: 'core', resolveKnownTags: false });

class TooManyErrors extends Error {}

/**
 * Yields the documents of a YAML 1.2 or JSON text one by one. Syntax errors are in `document.errors`; the stream goes
 * on behind them, but not behind a document that has hundreds, nor behind a limit. Duplicate keys are not looked for
 * (the search of the YAML parser is quadratic). Never throws.
 */
export function* composeDocuments(text: string): Generator<StreamEvent, void> {
  const composer = new Composer({ schema, uniqueKeys: false });
  limitErrors(composer);
  try {
    yield* compose(text, composer);
  } catch (cause) {
    const [error] = composer.streamInfo().errors;
    if (!(cause instanceof TooManyErrors) || error === undefined) throw cause;
    yield { type: 'hopeless', error };
  }
}

function* compose(text: string, composer: Composer): Generator<StreamEvent, void> {
  const parser = new Parser();
  let lexemes = 0;
  let documents = 0;
  let errors = 0;
  lexing: for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') errors += 1;
      if (errors > maxErrors) break lexing;
      for (const document of composer.next(token)) {
        documents += 1;
        yield { type: 'document', document };
      }
    }
    lexemes += 1;
    const limit = exceeded(parser.stack.length, documents, lexemes);
    if (limit !== null) {
      yield { type: 'limit', limit, offset: parser.offset };
      return;
    }
  }
  for (const token of parser.end()) {
    for (const document of composer.next(token)) yield { type: 'document', document };
  }
  // Forced, since errors outside any document would be lost without one.
  for (const document of composer.end(true, text.length)) yield { type: 'document', document };
}

function exceeded(depth: number, documents: number, lexemes: number): StreamLimit | null {
  if (depth > maxDepth) return 'depth';
  if (documents > maxDocuments) return 'documents';
  return lexemes > maxLexemes ? 'values' : null;
}

/**
 * Makes the composer throw once it has recorded too many errors. The library has no such bound and no public place for
 * one; should its `onError` go away, files full of errors get slow, which a test notices.
 */
function limitErrors(composer: Composer): void {
  const record: unknown = Reflect.get(composer, 'onError');
  if (typeof record !== 'function') return;
  let count = 0;
  Reflect.set(composer, 'onError', (...details: readonly unknown[]) => {
    Reflect.apply(record, composer, details);
    count += 1;
    if (count > maxErrors) throw new TooManyErrors();
  });
}
