// The one way for a foreign string (a name, a value, CRI-O's words) to reach a terminal, a log, a journal field or a metric.

// C0, DEL and C1 (together Cc), the line and paragraph separators, and the characters that change the direction of text.
const unsafe = /\p{Cc}|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/** Longer than any repository or name that can count. */
const maxQuotedLength = 1024;

/**
 * Makes a foreign string harmless on one line: control, separator and bidi characters become `\u{…}`; of each word that has a
 * password before a host (`user:password@`) the password is redacted.
 */
export function escape(text: string): string {
  return showUnsafe(text.includes('@') ? text.replace(/\S+/g, redact) : text);
}

/**
 * Makes JSON harmless on a terminal, and still the same JSON: what JSON.stringify leaves raw in strings (DEL, C1, bidi
 * characters) becomes an escape of JSON's own. Nothing is redacted.
 */
export function escapeJson(json: string): string {
  return json.replace(unsafe, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As `escape`, in double quotes, for a value inside a sentence; the text is one word whatever it holds, and cut where it would drown the sentence. */
export function quote(text: string): string {
  const redacted = redact(text);
  const shown = redacted.length > maxQuotedLength ? `${redacted.slice(0, maxQuotedLength)}…` : redacted;
  return `"${showUnsafe(shown.replace(/["\\]/g, '\\$&'))}"`;
}

/** The first `most` of the texts, quoted; of the others how many there are, since a list can drown the sentence that it is for. */
export function quoteFirst(texts: readonly string[], most: number): string {
  const shown = texts.slice(0, most).map(quote).join(', ');
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}

/** A text as one word of a shell command that an operator may paste. What is not printable ASCII is shown, not meant to be run. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  const visible = escape(text).replace(/[^ -~]/gu, show);
  return `'${visible.replaceAll("'", `'\\''`)}'`;
}

function showUnsafe(text: string): string {
  return text.replace(unsafe, show);
}

function show(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

const digest = /^@sha\d+:[0-9a-f]{32,}[\\"'),;.]*$/;
/** `host:port/path:tag`, what may stand before a digest. */
const imageName = /^[^:@]*(?::\d+\/[^:@]*)?(?::[\w.-]+)?$/;
const scheme = /^[^:]*\b(?:https?|docker|oci):\/\//i;

/**
 * Redacts from the first colon, that of a scheme apart, to the last at sign, since a password may hold either; not where the word is an
 * image with a digest. Costs as much as the word is long.
 */
function redact(word: string): string {
  const end = word.lastIndexOf('@');
  if (end === -1) return word;
  const start = scheme.exec(word)?.[0].length ?? 0;
  if (digest.test(word.slice(end)) && imageName.test(word.slice(start, end))) return word;
  const colon = word.indexOf(':', start);
  return colon === -1 || colon > end ? word : `${word.slice(0, colon)}:***${word.slice(end)}`;
}
