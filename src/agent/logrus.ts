// Reads one log line of CRI-O, in either format that its logger (logrus) writes, whole or cut off by journald.

/** `isCut`: the line ends before the message does. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly isCut: boolean;
}

/**
 * Takes level and message from a line such as `time="…" level=info msg="…"` or `{"level":"info","msg":"…"}`.
 * Both must stand where the logger puts them, so that nothing inside another line's message can pass for them.
 * Null for anything else.
 */
export function parseLogLine(line: string): LogLine | null {
  return line.startsWith('{"') ? parseJson(line) : parseText(line);
}

/** logrus.TextFormatter: time, level and msg first; values are quoted as by Go's `%q` unless they are plain. */
function parseText(line: string): LogLine | null {
  const head = /^(?:time="[^"\\]*" )?level=([a-z]+) msg=/.exec(line);
  const level = head?.[1];
  if (head === null || level === undefined) return null;
  const start = head[0].length;
  if (line[start] !== '"') {
    const end = line.indexOf(' ', start);
    return { level, message: line.slice(start, end < 0 ? undefined : end), isCut: false };
  }
  const end = endOfQuoted(line, start + 1);
  const isCut = end < 0;
  const message = unquoteGo(line.slice(start + 1, isCut ? undefined : end));
  return { level, message: isCut ? dropBrokenEnd(message) : message, isCut };
}

/** logrus.JSONFormatter: one object with the keys in order; a cut one is read up to the cut. */
function parseJson(line: string): LogLine | null {
  const members = new Map<string, string>();
  let at = 1;
  for (;;) {
    const key = readJsonString(line, at);
    if (key === null || key.isCut || line[key.end] !== ':') return null;
    const value = readJsonString(line, key.end + 1);
    // What is not a string belongs to other lines than those that prove something.
    if (value === null) return null;
    members.set(key.text, value.text);
    const level = members.get('level');
    if (key.text === 'msg' && level !== undefined) return { level, message: value.text, isCut: value.isCut };
    if (value.isCut || line[value.end] !== ',') return null;
    at = value.end + 1;
  }
}

interface JsonString {
  readonly text: string;
  /** Index behind the closing quote. */
  readonly end: number;
  readonly isCut: boolean;
}

function readJsonString(line: string, at: number): JsonString | null {
  if (line[at] !== '"') return null;
  const end = endOfQuoted(line, at + 1);
  const isCut = end < 0;
  const raw = line.slice(at + 1, isCut ? undefined : end);
  try {
    const text: unknown = JSON.parse(`"${isCut ? dropBrokenJsonEscape(raw) : raw}"`);
    if (typeof text !== 'string') return null;
    return { text: isCut ? dropBrokenEnd(text) : text, end: end + 1, isCut };
  } catch {
    return null;
  }
}

/** The index of the quote that closes a string which starts at `from`; -1 if there is none. */
function endOfQuoted(line: string, from: number): number {
  for (let end = line.indexOf('"', from); end >= 0; end = line.indexOf('"', end + 1)) {
    let slashes = 0;
    while (end - slashes > from && line[end - slashes - 1] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

const goEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Undoes Go's strconv.Quote, without the quotes around it; an escape that the end cuts off is dropped. */
export function unquoteGo(quoted: string): string {
  const escape = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|[xuU][0-9a-f]*$|([^])|$)/g;
  return quoted.replace(escape, (_, byte?: string, unit?: string, point?: string, simple?: string) => {
    const code = byte ?? unit ?? point;
    if (code !== undefined) return decodePoint(Number.parseInt(code, 16));
    return simple === undefined ? '' : (goEscapes[simple] ?? simple);
  });
}

function decodePoint(point: number): string {
  return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
}

function dropBrokenJsonEscape(raw: string): string {
  return raw.replace(/\\(?:u[0-9a-fA-F]{4}|[^u]|u[0-9a-fA-F]{0,3}$|$)/gs, (escape) =>
    escape === '\\' || (escape.startsWith('\\u') && escape.length < 6) ? '' : escape,
  );
}

/** A cut inside a character of several bytes leaves a replacement character. */
function dropBrokenEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\ufffd') end -= 1;
  return text.slice(0, end);
}
