// Who may choose content: tag mirrors, insecure endpoints and search registries by policy, as `[content] hosts` allows.
import { trimLocation } from '../registries/location.ts';
import { finding, type FindingName } from '../finding.ts';
import { quote } from '../escape.ts';
import type { Place } from '../origin.ts';
import { emitValue } from '../registries/emit.ts';
import { ScopeIndex } from './scope-index.ts';
import type { Report } from './report.ts';

/** What `[content] hosts` allows. */
export interface ContentHosts {
  /**
   * Whether the scope may choose content; if not, reports that it was refused, and the line of icspd.conf that would
   * allow it.
   */
  admit(scope: string, refusal: FindingName, what: string, at: () => Place): boolean;
}

/** @param hosts scopes, as in icspd.conf; `*` stands for all */
export function contentHosts(hosts: readonly string[], report: Report): ContentHosts {
  const scopes = new ScopeIndex(new Map(hosts.map((host) => [trimLocation(host), true])));
  const isOpen = hosts.includes('*');
  return {
    admit(scope, refusal, what, at) {
      if (isOpen || scopes.covers(scope)) return true;
      report(
        finding(
          refusal,
          at(),
          `${what} ${quote(scope)} is refused, since [content] hosts in icspd.conf does not list it`,
          `allow it in icspd.conf if it may choose what runs on this node: [content] hosts = ${emitValue([...hosts, scope])}`,
        ),
      );
      return false;
    },
  };
}
