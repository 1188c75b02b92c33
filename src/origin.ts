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
