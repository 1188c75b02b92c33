// [content] hosts reaches what is carried over as well: a setting that was tightened does not wait for a file to be readable.
import type { Finding } from '../finding.ts';
import { wholeFile, type Place } from '../origin.ts';
import { effectivePull, type Mirror, type Registry } from '../registries/model.ts';
import type { CarriedTable } from './carried-table.ts';
import { contentHosts, type ContentHosts } from './content-hosts.ts';
import type { Standing } from './standing.ts';

/** The tables without tag mirrors and insecure endpoints of policies that [content] hosts does not allow any more. */
export function admitCarried(
  carried: ReadonlyMap<string, CarriedTable>,
  administrators: Standing,
  hosts: readonly string[],
): { readonly tables: ReadonlyMap<string, Registry>; readonly refused: readonly Finding[] } {
  const refused: Finding[] = [];
  const gate = contentHosts(hosts, (finding) => void refused.push(finding));
  const tables = [...carried].map(([scope, { registry }]): [string, Registry] => {
    const mirrors = registry.mirrors.flatMap((mirror) => admit(mirror, scope, registry, gate));
    const isAdministrators = administrators.matching(scope)[0]?.isInsecure === true;
    const at = (): Place => wholeFile(registry.origins[0]?.file ?? scope);
    const insecure =
      registry.insecure &&
      (isAdministrators || gate.admit(scope, 'insecureRefused', 'the insecure registry', at));
    return [scope, { ...registry, insecure, mirrors }];
  });
  return { tables: new Map(tables), refused };
}

/** The source itself serves its tags anyway. */
function admit(mirror: Mirror, scope: string, registry: Registry, gate: ContentHosts): readonly Mirror[] {
  const { location, insecure, origins } = mirror;
  const [origin] = origins;
  if (origin === undefined) return [mirror];
  const at = (): Place => ({ ...wholeFile(origin.file), line: origin.line });
  const isInsecure = insecure && gate.admit(location, 'insecureRefused', 'the insecure mirror', at);
  const admitted = { ...mirror, insecure: isInsecure };
  const pull = effectivePull(registry, mirror);
  if (pull === 'digest-only' || location === scope) return [admitted];
  if (gate.admit(location, 'tagMirrorRefused', 'the tag mirror', at)) return [admitted];
  return pull === 'tag-only' ? [] : [{ ...admitted, pullFromMirror: 'digest-only' }];
}
