// What may reach a terminal, a log or a pipeline: no control character but the line feed, nothing that turns text around.

const unsafe = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/u;

/** U+FFFD counts as unsafe: it stands for bytes that were no UTF-8. */
export function isClean(text: string): boolean {
  return !unsafe.test(text);
}
