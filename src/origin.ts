// Where something that an operator wrote stands; carried from the policy file to the very end of the line.

/** The policy entry behind a mirror or a flag. `line` is 1-based; `kind` and `name` are those of the policy document. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly name: string;
}

/** A point in a file that a finding speaks of. `line` and `column` are 1-based; null where the whole file is meant. */
export interface Place {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  /** The line itself, for the caret below it. Null where the line may not be shown (a document that is not ours). */
  readonly excerpt: string | null;
}

/** A place that is a whole file. */
export function wholeFile(file: string): Place {
  return { file, line: null, column: null, excerpt: null };
}

/** Orders strings by their UTF-8 bytes, which for well-formed strings is the order of their code points. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Puts the code units of surrogate pairs (U+10000 and above) behind U+E000–U+FFFF, where their code points are. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
