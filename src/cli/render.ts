// icspd render: the registries.conf that would be written.
import { hasErrors } from '../finding.ts';
import { effectivePull, scopeOf, type RegistriesConf } from '../registries/model.ts';
import type { Call } from './command.ts';
import type { JsonDocument } from './json-documents.ts';
import { lookAtNode } from './look.ts';
import { jsonFindings } from './output.ts';

/** Exit status: 0, or 1 if a file or entry was refused. */
export async function run({ output, openAgent }: Call): Promise<number> {
  const { seen, plan, before } = await lookAtNode(await openAgent());
  const { rendering } = plan;
  // What stands on this node's disk, and whether it may be replaced, is no matter of the rendering.
  const baseline = seen.baseline.state === 'unusable' ? [seen.baseline.finding] : [];
  const findings = [...before, ...baseline, ...seen.policies.findings, ...rendering.findings];
  const text = rendering.bytes === null ? '' : new TextDecoder().decode(rendering.bytes);
  if (output.isJson) {
    output.printJson('render', {
      toml: text,
      ...describeConf(rendering.conf),
      findings: jsonFindings(findings),
    });
  } else {
    output.printFindings(findings);
    output.printRaw(text);
  }
  return hasErrors(findings) ? 1 : 0;
}

/** The shape that render --json promises. */
function describeConf(conf: RegistriesConf): Omit<JsonDocument<'render'>, 'toml' | 'findings'> {
  return {
    registries: conf.registries.map((registry) => ({
      scope: scopeOf(registry),
      location: registry.location,
      insecure: registry.insecure,
      blocked: registry.blocked,
      mirrors: registry.mirrors.map((mirror) => ({
        location: mirror.location,
        insecure: mirror.insecure,
        pull: effectivePull(registry, mirror),
        origins: mirror.origins,
      })),
      origins: registry.origins,
    })),
    searchRegistries: conf.searchRegistries ?? [],
    shortNameMode: conf.shortNameMode ?? '',
  };
}
