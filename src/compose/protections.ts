// What policies want closed, and whether it is closed once drop-ins are laid over the main file.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import type { Place } from '../origin.ts';
import { firstOfEachScope, loadedScope, trimLocation } from '../registries/location.ts';
import { matchingScopes } from '../registries/match.ts';
import type { MergedConf, MergedRegistry } from '../registries/merge.ts';
import type { RegistriesConf } from '../registries/model.ts';
import { findRegistry } from '../registries/resolve.ts';
import { isNested } from './scope.ts';
import { isRemapped } from './table.ts';

/** A scope that a policy wants closed: blocked by an Image, or never to be contacted. */
export interface Protection {
  readonly scope: string;
  readonly wish: 'blocked' | 'never';
  /** The first entry that asks for it. */
  readonly at: Place;
}

/** What composition wants, and what CRI-O gets. */
export interface MergedState {
  readonly protections: readonly Protection[];
  /** The main file as composed. */
  readonly composed: RegistriesConf;
  /** What CRI-O works with: a main file, not always the composed one, and the drop-ins. */
  readonly merged: MergedConf;
  /** How `merged` calls its main file. */
  readonly mainFile: string;
  /** What puts the composed main file in force where another one is. */
  readonly remedy: string;
}

/**
 * An error for each scope that policies want closed and that a pull can contact, whatever the cause: a drop-in that
 * replaces the table or has a narrower one, a wildcard that wins at equal length, pulls that are sent elsewhere, or a
 * main file other than the composed one.
 */
export function judgeProtections(state: MergedState): readonly Finding[] {
  const { protections, merged } = state;
  if (protections.length === 0) return [];
  const asked = protections.flatMap((protection) => judge(protection, protection.scope, state));
  return [...asked, ...judgeStrangers(new Map(protections.map((each) => [each.scope, each])), state, merged)];
}

/** Tables that composition knows nothing of, inside what it wants closed. A port makes another registry (see isNested). */
function judgeStrangers(
  protections: ReadonlyMap<string, Protection>,
  state: MergedState,
  { registries }: MergedConf,
): readonly Finding[] {
  const composed = firstOfEachScope(state.composed.registries, loadedScope);
  return registries.flatMap(({ scope }) => {
    if (composed.has(scope)) return [];
    const [holder] = matchingScopes(scope, composed);
    const protection = holder === undefined ? undefined : protections.get(holder);
    if (protection === undefined || !isNested(scope, protection.scope)) return [];
    return judge(protection, scope, state);
  });
}

/** @param scope the protected scope, or one inside it */
function judge(
  { scope: asked, wish, at }: Protection,
  scope: string,
  state: MergedState,
): readonly Finding[] {
  const { merged, mainFile, remedy } = state;
  const winner = findRegistry(merged, scope);
  const should = wish === 'blocked' ? 'should be blocked' : 'should never be contacted';
  const like = scope === asked ? '' : ` like ${quote(asked)} around it`;
  if (winner?.registry.blocked !== true) {
    const { why, help } = explainOpen(scope, winner, mainFile, remedy);
    return [
      finding(
        'protectionBeaten',
        at,
        `${quote(scope)} ${should}${like} ${wish === 'blocked' ? 'and is not' : 'and may be'}, since ${why}`,
        help,
      ),
    ];
  }
  const { registry, file } = winner;
  const location = trimLocation(registry.location);
  // blocked refuses a name: where pulls are sent elsewhere, it is that other name that has to be blocked.
  if (!isRemapped(registry) || findRegistry(merged, location)?.registry.blocked === true) return [];
  const message = `${quote(scope)} ${should}${like}, but ${describeFile(file, mainFile)} sends its pulls to ${quote(location)}, which is not blocked`;
  return [finding('blockedInVain', at, message, `block ${quote(location)} as well`)];
}

function explainOpen(
  scope: string,
  winner: MergedRegistry | null,
  mainFile: string,
  remedy: string,
): { readonly why: string; readonly help: string } {
  if (winner !== null && winner.scope !== scope && winner.scope.length === scope.length) {
    return {
      why: `containers/image prefers ${quote(winner.scope)} of ${describeFile(winner.file, mainFile)}, which is as long`,
      help: `block it there, or name what lies below ${quote(scope)}`,
    };
  }
  if (winner === null || winner.file === mainFile) {
    return {
      why: `the registries.conf in force is not the one that policies ask for`,
      help: remedy,
    };
  }
  return {
    why: `${describeFile(winner.file, mainFile)} has a [[registry]] of its own for it, which counts instead`,
    help: `write blocked = true into that [[registry]] of ${quote(winner.file)}, or remove it`,
  };
}

function describeFile(file: string, mainFile: string): string {
  return file === mainFile ? 'registries.conf' : `the drop-in ${quote(file)}`;
}
