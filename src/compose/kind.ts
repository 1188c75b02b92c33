// Pulls by digest and pulls by tag have mirrors of their own.

export type Kind = 'digest' | 'tag';

export const kinds = ['digest', 'tag'] as const satisfies readonly Kind[];

/** One value for each kind of pull. */
export type PerKind<T> = Readonly<Record<Kind, T>>;

/** Computes the value for each kind. */
export function forEachKind<T>(make: (kind: Kind) => T): PerKind<T> {
  return { digest: make('digest'), tag: make('tag') };
}
