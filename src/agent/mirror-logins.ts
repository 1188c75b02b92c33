// Mirror hosts for which CRI-O has no credentials, where it has some for others. PURE.
import { quote, shellWord } from '../escape.ts';
import { compareFindings, finding, type Finding } from '../finding.ts';
import { wholeFile, type Place } from '../origin.ts';
import type { MergedConf } from '../registries/merge.ts';
import { trimLocation } from '../registries/location.ts';
import type { RegistryLogins } from './ports.ts';

interface MirrorHost {
  hasLogin: boolean;
  /** Where policies name a mirror of the host. */
  readonly places: Place[];
}

/**
 * A warning for each host that policies name as a mirror and that has no credentials in the `global_auth_file` of
 * CRI-O, if another mirror host has: somebody forgot it, or it needs none. Pulls of pods that bring their own are not
 * known here.
 */
export function judgeLogins(merged: MergedConf, logins: RegistryLogins | null): readonly Finding[] {
  if (logins === null || logins.scopes.length === 0) return [];
  const hosts = [...collectHosts(merged, logins.scopes)];
  if (!hosts.some(([, { hasLogin }]) => hasLogin)) return [];
  const file = quote(logins.file);
  return hosts.flatMap(([host, { hasLogin, places }]) => {
    if (hasLogin) return [];
    const message = `the mirror host ${quote(host)} has no credentials in ${file}, the global_auth_file of CRI-O, where other mirror hosts have some`;
    const help = `run podman login --authfile ${shellWord(logins.file)} ${shellWord(host)}, unless the mirror serves everybody`;
    const [first] = places
      .map((place) => finding('mirrorWithoutLogin', place, message, help))
      .sort(compareFindings);
    return first === undefined ? [] : [first];
  });
}

function collectHosts(
  { registries }: MergedConf,
  scopes: readonly string[],
): ReadonlyMap<string, MirrorHost> {
  const byHost = Map.groupBy(scopes, hostOf);
  const hosts = new Map<string, MirrorHost>();
  for (const { registry } of registries) {
    for (const { location: written, origins } of registry.mirrors) {
      const location = trimLocation(written);
      const name = hostOf(location);
      const host = hosts.get(name) ?? { hasLogin: false, places: [] };
      hosts.set(name, host);
      host.hasLogin ||= (byHost.get(name) ?? []).some((scope) => concerns(scope, location));
      const [origin] = origins;
      if (origin !== undefined) host.places.push({ ...wholeFile(origin.file), line: origin.line });
    }
  }
  return hosts;
}

/** The host with its port, as credentials know it. */
function hostOf(location: string): string {
  return location.split('/', 1)[0] ?? location;
}

/** Whether a pull below the location can find the credentials of the scope. */
function concerns(scope: string, location: string): boolean {
  return scope === location || location.startsWith(`${scope}/`) || scope.startsWith(`${location}/`);
}
