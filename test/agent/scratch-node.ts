// A node below a temporary root, with the real host adapters and a CRI-O that a test scripts.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AuditEvent } from '../../src/agent/audit-event.ts';
import type { Crio, JournalLine, OtherConf, UnitState } from '../../src/agent/crio-ports.ts';
import type { Clock, Host } from '../../src/agent/ports.ts';
import type { PublishedStatus } from '../../src/agent/published-status.ts';
import { plainOptions } from '../../src/agent/plan.ts';
import { reconcile } from '../../src/agent/reconcile.ts';
import type { Agent, Reconciliation, Request } from '../../src/agent/reconciliation.ts';
import { makeReadingCache } from '../../src/agent/reading-cache.ts';
import { defaultSettings, type Settings } from '../../src/config.ts';
import { openHost } from '../../src/host/host.ts';
import { pathsUnder } from '../../src/paths.ts';

export interface ScratchNode {
  readonly root: string;
  readonly agent: Agent;
  readonly host: Host;
  /** Audit events, published statuses and log lines so far. */
  readonly events: AuditEvent[];
  readonly published: PublishedStatus[];
  readonly log: string[];
  write(path: string, text: string): void;
  remove(path: string): void;
  chmod(path: string, mode: number): void;
  /** registries.conf; null if there is none. */
  conf(): string | null;
  apply(request?: Partial<Request>): Promise<Reconciliation>;
  /** The same with another agent on this node. */
  applyAs(agent: Agent, request?: Partial<Request>): Promise<Reconciliation>;
}

const actor = { uid: 0, loginUid: null, tty: null, command: 'test' };

/** Makes a node; it is removed by the returned function of `dispose`. */
export function makeNode(
  options: { crio?: Crio; settings?: Partial<Settings>; clock?: Clock } = {},
): ScratchNode & { dispose(): void } {
  const root = mkdtempSync(join(tmpdir(), 'icspd-node-'));
  const settings = { ...defaultSettings, ...options.settings };
  const paths = pathsUnder(root, settings);
  const events: AuditEvent[] = [];
  const log: string[] = [];
  const published: PublishedStatus[] = [];
  const opened = openHost(paths, settings, (severity, message) => void log.push(`${severity}: ${message}`));
  const host: Host = {
    ...opened,
    crio: options.crio ?? null,
    clock: options.clock ?? opened.clock,
    // A test is alone with its node; the lock itself has tests of its own.
    publish: (news) => void published.push(news),
    lock: { hold: (_timeoutMs, work) => work() },
    audit: (news) => {
      events.push(...news);
      return Promise.resolve();
    },
  };
  const agent = { host, paths, settings, settingsFindings: [], readings: makeReadingCache() };
  const at = (path: string): string => join(root, path);
  mkdirSync(at('/etc/icsp.d'), { recursive: true });
  mkdirSync(at('/etc/containers'), { recursive: true });
  return {
    root,
    agent,
    host,
    events,
    published,
    log,
    write(path, text) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), text);
    },
    remove: (path) => rmSync(at(path), { recursive: true }),
    chmod: (path, mode) => chmodSync(at(path), mode),
    conf: () => (existsSync(paths.registriesConf) ? readFileSync(paths.registriesConf, 'utf8') : null),
    apply: (request) => apply(agent, request),
    applyAs: apply,
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

function apply(agent: Agent, request: Partial<Request> = {}): Promise<Reconciliation> {
  return reconcile(agent, {
    ...plainOptions,
    reason: 'test',
    actor,
    hold: null,
    lockTimeoutMs: 5_000,
    onSettled: () => Promise.resolve(),
    ...request,
  });
}

/** A policy file with one ImageDigestMirrorSet. */
export function digestMirrorSet(source: string, ...mirrors: readonly string[]): string {
  return JSON.stringify({
    apiVersion: 'config.openshift.io/v1',
    kind: 'ImageDigestMirrorSet',
    metadata: { name: 'test' },
    spec: { imageDigestMirrors: [{ source, mirrors }] },
  });
}

/** What a scripted CRI-O logs after each reload, and what it was asked. */
export interface ScriptedCrio extends Crio {
  reloads: number;
  otherConf: OtherConf | null;
  toldDropIns: string | null;
  state: UnitState;
  answer: readonly JournalLine[];
  lastWordsAre: readonly JournalLine[];
}

const neverStarted = {
  mainStartedAtMs: 0,
  mainStartedMonotonicUs: null,
  startedAtMs: 0,
  startedMonotonicUs: null,
};

/** An active CRI-O that says it applied whatever is on disk. */
export function makeCrio(): ScriptedCrio {
  const crio: ScriptedCrio = {
    reloads: 0,
    otherConf: null,
    toldDropIns: null,
    state: { isFound: true, active: 'active', mainPid: 4711, ...neverStarted },
    answer: [applied],
    lastWordsAre: [],
    unit: () => Promise.resolve(crio.state),
    version: () => Promise.resolve('1.36.3'),
    conf: () => Promise.resolve({ main: crio.otherConf, dropInDirectory: crio.toldDropIns, home: '/root' }),
    lastWords: () => Promise.resolve(crio.lastWordsAre),
    reload() {
      crio.reloads += 1;
      return Promise.resolve();
    },
    journal: () =>
      Promise.resolve({
        async *follow() {
          await Promise.resolve();
          yield* crio.answer;
        },
      }),
  };
  return crio;
}

/** One line of CRI-O's, as journald hands it out. */
export function crioLine(level: string, message: string): JournalLine {
  return {
    message: `time="2026-01-01T00:00:00Z" level=${level} msg=${JSON.stringify(message)}`,
    pid: 4711,
    transport: 'stdout',
    priority: 6,
  };
}

/** Cut off by journald behind the beginning of the list, as a long line is; so it fits any configuration. */
export const applied: JournalLine = {
  message: 'time="2026-01-01T00:00:00Z" level=info msg="Applied new registry configuration: &{Registries:[',
  pid: 4711,
  transport: 'stdout',
  priority: 6,
};

/** Which errors a reconcile told, in its order. */
export function errorIds({ findings }: Pick<Reconciliation, 'findings'>): readonly string[] {
  return findings.filter(({ severity }) => severity === 'error').map(({ id }) => id);
}

/** What CRI-O says when it refuses our file. */
export function refusal(node: Pick<ScratchNode, 'agent'>): JournalLine {
  const path = node.agent.settings.registriesConf;
  const reason = `system registries reload failed: ${path}: loading registries configuration "${path}": no`;
  return crioLine('error', `Unable to reload configuration: ${reason}`);
}

/** What CRI-O says when it does not start on a file. */
export function startRefusal(path: string): JournalLine {
  return crioLine(
    'fatal',
    `validating runtime config: invalid registries: loading registries configuration "${path}": no`,
  );
}
