// The last look at a rendering before it may touch the disk: it must say what was composed, in plain characters.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { canonicalEntries } from './canonical-value.ts';
import type { RegistriesConf } from './model.ts';
import { parseRegistriesConf } from './parse.ts';

/**
 * Reads the rendered text again and compares it with what it was rendered from: nothing lost, nothing changed, nothing
 * but printable ASCII and line feeds. Policy origins are not part of the text and not compared.
 * @returns errors only; the warnings of the second reading are those of the first
 */
export function proveRendering(text: string, conf: RegistriesConf, file: string): readonly Finding[] {
  const place = wholeFile(file);
  const help = 'report this as a bug of icspd, with the policy files and the baseline';
  const foreign = /[^\n -~]/u.exec(text);
  if (foreign !== null) {
    const message = `the rendering has the character ${quote(foreign[0])} at offset ${foreign.index}`;
    return [finding('renderingRefused', place, message, help)];
  }
  const { conf: again, findings } = parseRegistriesConf(new TextEncoder().encode(text), file);
  if (again === null) return findings.filter(({ severity }) => severity === 'error');
  const difference = firstDifference(linesOf(conf), linesOf(again));
  if (difference === null) return [];
  return [
    finding('renderingRefused', place, `the rendering differs from what was composed: ${difference}`, help),
  ];
}

/** The configuration as a list of single facts, in a form that does not come from the renderer. */
function linesOf(conf: RegistriesConf): readonly string[] {
  const top = [
    fact('unqualified-search-registries', conf.searchRegistries),
    fact('short-name-mode', conf.shortNameMode),
    fact('credential-helpers', conf.credentialHelpers),
    ...canonicalEntries(conf.extra),
  ];
  const registries = conf.registries.flatMap((registry) => [
    fact('registry', [
      registry.prefix,
      registry.location,
      registry.insecure,
      registry.blocked,
      registry.mirrorByDigestOnly,
      registry.pullFromMirror,
    ]),
    ...canonicalEntries(registry.extra),
    ...registry.mirrors.flatMap((mirror) => [
      fact('registry.mirror', [mirror.location, mirror.insecure, mirror.pullFromMirror]),
      ...canonicalEntries(mirror.extra),
    ]),
  ]);
  const aliases = [...conf.aliases].map((alias) => fact('alias', alias)).sort();
  return [...top, ...registries, ...aliases];
}

function fact(name: string, value: unknown): string {
  return `${name} ${JSON.stringify(value)}`;
}

function firstDifference(expected: readonly string[], actual: readonly string[]): string | null {
  const length = Math.max(expected.length, actual.length);
  for (let i = 0; i < length; i += 1) {
    if (expected[i] !== actual[i])
      return `${quote(expected[i] ?? 'nothing')} became ${quote(actual[i] ?? 'nothing')}`;
  }
  return null;
}
