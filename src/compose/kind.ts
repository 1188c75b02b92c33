// One value for pulls by digest and one for pulls by tag.
import type { PullKind } from '../registries/model.ts';

/** One value for each kind of pull. */
export type PerKind<T> = Readonly<Record<PullKind, T>>;

/** Computes the value for each kind. */
export function forEachKind<T>(make: (kind: PullKind) => T): PerKind<T> {
  return { digest: make('digest'), tag: make('tag') };
}
