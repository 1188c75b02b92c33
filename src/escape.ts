// The one way for a foreign string (a name, a value, CRI-O's words) to reach a terminal, a log, a journal field or a metric.

// C0, DEL and C1 (together Cc), the line and paragraph separators, and the characters that change the direction of text.
const unsafe = /\p{Cc}|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

// user:password@, but not name:tag@sha256:…; bounded, so that no text makes it slow.
const credentials = /(^|[\s"'(=]|:\/\/)([^\s"'(=@/:]{1,128}):[^\s"'@/]{1,256}@(?!sha\d+:)/g;

/** Makes a foreign string harmless on one line: control, separator and bidi characters become `\u{…}`, passwords of `user:password@` are redacted. */
export function escape(text: string): string {
  return redact(text).replace(unsafe, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/**
 * Makes JSON harmless on a terminal, and still the same JSON: what JSON.stringify leaves raw in strings (DEL, C1, bidi
 * characters) becomes `\\uXXXX`. Nothing is redacted.
 */
export function escapeJson(json: string): string {
  return json.replace(unsafe, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As `escape`, in double quotes, for a value inside a sentence. */
export function quote(text: string): string {
  return `"${escape(text).replaceAll('"', '\\"')}"`;
}

function redact(text: string): string {
  return text.replace(credentials, '$1$2:***@');
}
