// icspd apply with one defect in what it believes of CRI-O: run inside a jail, it says outcome and proof as the program does.
import type { Crio, JournalLine, JournalReader } from '../../../src/agent/crio-ports.ts';
import type { Host } from '../../../src/agent/ports.ts';
import { makeReadingCache } from '../../../src/agent/reading-cache.ts';
import { reconcile } from '../../../src/agent/reconcile.ts';
import { plainRequest } from '../../../src/cli/request.ts';
import { defaultSettings } from '../../../src/config.ts';
import { openHost } from '../../../src/host/host.ts';
import { pathsUnder } from '../../../src/paths.ts';

/** Cut where any configuration may go on. */
const anyConf =
  'time="2026-01-01T00:00:00Z" level=info msg="Applied new registry configuration: &{Registries:[';
const ours = 'loading registries configuration \\"/etc/containers/registries.conf\\"';

const defects: Readonly<Record<string, (host: Host) => Host>> = {
  none: (host) => host,
  'believes the exit code': (host) =>
    withCrio(host, (crio) => ({
      journal: async () => {
        const { mainPid: pid } = await crio.unit();
        const said: JournalLine = { message: anyConf, pid, transport: 'stdout', priority: 6 };
        return {
          async *follow() {
            await Promise.resolve();
            yield said;
          },
        };
      },
    })),
  'takes any Applied line': (host) =>
    withLines(host, (message) => (message.includes('Applied new registry') ? anyConf : message)),
  'rolls back for a fault of another': (host) =>
    withLines(host, (message) =>
      message.replace(/loading drop-in registries configuration \\"[^"]*\\"/, () => ours),
    ),
  'signals while CRI-O starts': (host) =>
    withCrio(host, (crio) => ({
      unit: async () => {
        const unit = await crio.unit();
        return unit.active === 'activating' ? { ...unit, active: 'active' } : unit;
      },
    })),
  'forgets what is owed': (host) => {
    const { generations } = host;
    const patch: typeof generations.patch = (number, news) =>
      generations.patch(number, news.proof === 'pending' ? { ...news, proof: 'none' } : news);
    return { ...host, generations: { ...generations, patch } };
  },
};

function withCrio(host: Host, change: (crio: Crio) => Partial<Crio>): Host {
  return host.crio === null ? host : { ...host, crio: { ...host.crio, ...change(host.crio) } };
}

function withLines(host: Host, change: (message: string) => string): Host {
  return withCrio(host, (crio) => ({
    journal: async () => {
      const reader = await crio.journal();
      return reader === null ? null : changed(reader, change);
    },
  }));
}

function changed(reader: JournalReader, change: (message: string) => string): JournalReader {
  return {
    async *follow(signal) {
      for await (const line of reader.follow(signal)) yield { ...line, message: change(line.message) };
    },
  };
}

const settings = { ...defaultSettings, reloadTimeoutMs: 1_000 };
const paths = pathsUnder('/', settings);
const host = defects[process.argv[2] ?? '']?.(openHost(paths, settings, () => undefined));
if (host === undefined) throw new Error('no such defect');
const actor = { uid: 0, loginUid: null, tty: null, command: 'apply' };
const agent = { host, paths, settings, settingsFindings: [], readings: makeReadingCache() };
const { outcome, proof } = await reconcile(agent, plainRequest('a prover', actor));
process.stdout.write(JSON.stringify({ outcome, proof }));
