// What policy documents say, once read: mirror rules and registry sources. The rest of the line knows nothing of YAML.
import type { Origin } from '../origin.ts';

/** One mirror as it stands in a list, with its own line and column (1-based). */
export interface RuleMirror {
  readonly location: string;
  readonly line: number;
  readonly column: number;
}

/** What one entry of a policy document says. */
export interface MirrorRule {
  readonly source: string;
  /** In the operator's order; may repeat itself and may hold the source. */
  readonly mirrors: readonly RuleMirror[];
  /** Which pulls the mirrors may serve. */
  readonly pulls: { readonly digest: boolean; readonly tag: boolean };
  /** `mirrorSourcePolicy`: NeverContactSource, AllowContactingSource, or not given. */
  readonly sourcePolicy: 'never' | 'allow' | 'unset';
  /** The line of the entry's `source`. */
  readonly origin: Origin;
  readonly column: number;
  /** What decides between lists that contradict each other; never the file, so that renaming one changes nothing. */
  readonly rank: RuleRank;
}

/** `index` is the 0-based position of the entry in its list. */
export interface RuleRank {
  readonly group: 'operator.openshift.io' | 'config.openshift.io';
  readonly name: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly index: number;
}

/** One scope or registry of an Image's `registrySources`, with its own line. */
export interface ScopeEntry {
  readonly value: string;
  readonly origin: Origin;
  readonly column: number;
}

/** `spec.registrySources` of an Image named cluster. `search` is null where the field is absent. */
export interface RegistrySources {
  readonly insecure: readonly ScopeEntry[];
  readonly blocked: readonly ScopeEntry[];
  readonly search: readonly ScopeEntry[] | null;
  readonly origin: Origin;
}

/** One document of ours: `origin.line` is the line of its first key. */
export interface PolicyObject {
  readonly apiVersion: string;
  readonly origin: Origin;
}

/** All that one policy file, or all of them together, ask for. */
export interface PolicyContent {
  readonly objects: readonly PolicyObject[];
  readonly rules: readonly MirrorRule[];
  readonly registrySources: readonly RegistrySources[];
}

/** What a file that is not accepted asks for. */
export const noContent: PolicyContent = { objects: [], rules: [], registrySources: [] };
