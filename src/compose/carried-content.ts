// [content] hosts reaches what is carried over as well: a setting that was tightened does not wait for a file to be readable.
import type { Finding } from '../finding.ts';
import { wholeFile, type Place } from '../origin.ts';
import type { PullKind } from '../registries/model.ts';
import type { CarriedTable } from './carried-table.ts';
import { contentHosts, type ContentHosts } from './content-hosts.ts';
import { forEachKind } from './kind.ts';
import type { DraftMirror } from './mirrors.ts';
import { standingAt, type Standing } from './standing.ts';

/** The tables without tag mirrors and insecure endpoints of policies that [content] hosts does not allow any more. */
export function admitCarried(
  carried: ReadonlyMap<string, CarriedTable>,
  administrators: Standing,
  hosts: readonly string[],
): { readonly tables: ReadonlyMap<string, CarriedTable>; readonly refused: readonly Finding[] } {
  const refused: Finding[] = [];
  const gate = contentHosts(hosts, (finding) => void refused.push(finding));
  const tables = [...carried].map(([scope, table]): [string, CarriedTable] => {
    const isAdministrators = standingAt(administrators, scope)?.isInsecure === true;
    const at = (): Place => wholeFile(table.origins[0]?.file ?? scope);
    const isInsecure =
      table.isInsecure &&
      (isAdministrators || gate.admit(scope, 'insecureRefused', 'the insecure registry', at));
    const mirrors = forEachKind((kind) =>
      table.mirrors[kind].flatMap((mirror) => admit(mirror, scope, kind, gate)),
    );
    return [scope, { ...table, isInsecure, mirrors }];
  });
  return { tables: new Map(tables), refused };
}

/** The source itself serves its tags anyway. */
function admit(
  mirror: DraftMirror,
  scope: string,
  kind: PullKind,
  gate: ContentHosts,
): readonly DraftMirror[] {
  const { location, isInsecure: wasInsecure, origins } = mirror;
  const [origin] = origins;
  if (origin === undefined) return [mirror];
  const at = (): Place => ({ ...wholeFile(origin.file), line: origin.line });
  const isInsecure = wasInsecure && gate.admit(location, 'insecureRefused', 'the insecure mirror', at);
  const isAdmitted =
    kind === 'digest' || location === scope || gate.admit(location, 'tagMirrorRefused', 'the tag mirror', at);
  return isAdmitted ? [isInsecure === wasInsecure ? mirror : { ...mirror, isInsecure }] : [];
}
