// What all entries for one source ask for, each entry's list made sound first.
import { pullKinds, type PullKind } from '../registries/model.ts';
import type { MirrorRule, RuleMirror } from '../policy/rule.ts';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import type { ContentHosts } from './content-hosts.ts';
import type { PerKind } from './kind.ts';
import { describeOrigin } from './origins.ts';
import { comparePrecedence } from './precedence.ts';
import { placeOf, type Report } from './report.ts';

/** The mirrors that one entry wants for one kind of pull; never empty, no repeats. */
export interface OrderedList {
  readonly rule: MirrorRule;
  readonly mirrors: readonly RuleMirror[];
}

/** All entries for one source that name a mirror, the one that prevails first. */
export interface Source {
  readonly scope: string;
  readonly rules: readonly MirrorRule[];
  readonly lists: PerKind<readonly OrderedList[]>;
  /** The entries with NeverContactSource. */
  readonly never: readonly MirrorRule[];
  /** Whether an entry asked for mirrors of the kind and [content] hosts refused all of them. */
  readonly isRefused: PerKind<boolean>;
}

/** One object for the many sources that have none. */
const none: readonly MirrorRule[] = [];

/**
 * Groups rules by source; sources for which nothing is left to say are left out.
 * @param isElsewhere whether pulls of a source go to another place than its name says
 */
export function collectSources(
  rules: readonly MirrorRule[],
  hosts: ContentHosts,
  isElsewhere: (scope: string) => boolean,
  report: Report,
): readonly Source[] {
  const groups = new Map<string, MirrorRule[]>();
  for (const rule of rules) {
    if (!hasRealMirror(rule, report)) continue;
    const group = groups.get(rule.source);
    if (group === undefined) groups.set(rule.source, [rule]);
    else group.push(rule);
  }
  const sources: Source[] = [];
  for (const [scope, group] of groups) {
    const source = readSource(scope, group.sort(comparePrecedence), hosts, isElsewhere, report);
    const { lists, never } = source;
    if (lists.digest.length + lists.tag.length + never.length > 0) sources.push(source);
  }
  return sources;
}

function readSource(
  scope: string,
  rules: readonly MirrorRule[],
  hosts: ContentHosts,
  isElsewhere: (scope: string) => boolean,
  report: Report,
): Source {
  const never = rules.some(isNever) ? rules.filter(isNever) : none;
  if (never.length > 0) reportDisagreement(scope, rules, never, report);
  const lists: Record<PullKind, OrderedList[]> = { digest: [], tag: [] };
  for (const rule of rules) {
    const mirrors = soundMirrors(rule, report);
    for (const kind of pullKinds) {
      if (!rule.pulls[kind]) continue;
      const admitted = kind === 'tag' ? admitTagMirrors(rule, mirrors, hosts, isElsewhere) : mirrors;
      if (!namesOther(admitted, scope)) continue;
      const list = { rule, mirrors: admitted };
      // An array that grows from nothing takes room for 17, and nearly every source has one list.
      if (lists[kind].length === 0) lists[kind] = [list];
      else lists[kind].push(list);
    }
  }
  const isRefused = {
    digest: lists.digest.length === 0 && asksFor(rules, 'digest'),
    tag: lists.tag.length === 0 && asksFor(rules, 'tag'),
  };
  return { scope, rules, lists, never, isRefused };
}

function asksFor(rules: readonly MirrorRule[], kind: PullKind): boolean {
  for (const { pulls } of rules) if (pulls[kind]) return true;
  return false;
}

/** Whether the list has a mirror besides the source. */
function namesOther(mirrors: readonly RuleMirror[], source: string): boolean {
  for (const { location } of mirrors) if (location !== source) return true;
  return false;
}

function isNever({ sourcePolicy }: MirrorRule): boolean {
  return sourcePolicy === 'never';
}

/** An entry without mirrors, or with none but the source, contributes nothing, as in runtime-utils. */
function hasRealMirror(rule: MirrorRule, report: Report): boolean {
  if (namesOther(rule.mirrors, rule.source)) return true;
  if (rule.sourcePolicy === 'never') {
    report(
      finding(
        'neverWithoutMirrors',
        placeOf(rule),
        `NeverContactSource of ${quote(rule.source)} has no effect, since the entry names no mirror other than the source`,
        'block the source with registrySources.blockedRegistries of an Image named cluster, or name a mirror',
      ),
    );
  }
  return false;
}

/** The list without repeats and, where the source must never be contacted, without the source. */
function soundMirrors(rule: MirrorRule, report: Report): readonly RuleMirror[] {
  // Nearly always: then the policy's own list goes on, and no copy of it.
  if (isSound(rule)) return rule.mirrors;
  const seen = new Set<string>();
  return rule.mirrors.filter((mirror) => {
    const { location } = mirror;
    if (seen.has(location)) {
      report(
        finding(
          'repeatedMirror',
          placeOf(rule, mirror),
          `the mirror ${quote(location)} stands in this list already; its first place counts`,
          'remove the repeat',
        ),
      );
      return false;
    }
    seen.add(location);
    if (location !== rule.source || rule.sourcePolicy !== 'never') return true;
    report(
      finding(
        'neverListsSource',
        placeOf(rule, mirror),
        `the entry lists the source ${quote(location)} among its mirrors and says NeverContactSource; the source is left out`,
        'remove the source from the mirrors, or NeverContactSource from the entry',
      ),
    );
    return false;
  });
}

/** Lists are short: to compare each with those before it costs less than a set of them. */
function isSound({ mirrors, source, sourcePolicy }: MirrorRule): boolean {
  for (const mirror of mirrors) {
    if (sourcePolicy === 'never' && mirror.location === source) return false;
    for (const other of mirrors) {
      if (other === mirror) break;
      if (other.location === mirror.location) return false;
    }
  }
  return true;
}

/**
 * The mirrors that may serve tags. The source is none that an operator would have to allow, unless pulls go elsewhere:
 * it serves its tags anyway.
 */
function admitTagMirrors(
  rule: MirrorRule,
  mirrors: readonly RuleMirror[],
  hosts: ContentHosts,
  isElsewhere: (scope: string) => boolean,
): readonly RuleMirror[] {
  return mirrors.filter(
    (mirror) =>
      (mirror.location === rule.source && !isElsewhere(rule.source)) ||
      hosts.admit(mirror.location, 'tagMirrorRefused', 'the tag mirror', () => placeOf(rule, mirror)),
  );
}

function reportDisagreement(
  scope: string,
  rules: readonly MirrorRule[],
  never: readonly MirrorRule[],
  report: Report,
): void {
  const strict = never[0];
  const lenient = rules.find(({ sourcePolicy }) => sourcePolicy !== 'never');
  if (strict === undefined || lenient === undefined) return;
  report(
    finding(
      'disagreeingSourcePolicy',
      placeOf(lenient),
      `${describeOrigin(strict.origin)} says NeverContactSource for ${quote(scope)} and ${describeOrigin(lenient.origin)} does not; it is never contacted`,
      'give all entries of the source the same mirrorSourcePolicy',
    ),
  );
}
