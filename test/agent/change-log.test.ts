import test, { type ExecutionContext } from 'ava';
import type { Log, LogSeverity } from '../../src/agent/ports.ts';
import { digestMirrorSet, makeNode } from './scratch-node.ts';

/** The lines of an apply, in a log that keeps `most` and what is graver. */
async function linesAt(t: ExecutionContext, kept: ReadonlySet<LogSeverity>): Promise<readonly string[]> {
  const node = makeNode();
  t.teardown(() => node.dispose());
  const lines: string[] = [];
  const put: Log = (severity, message) => void lines.push(`${severity}: ${message}`);
  const log = Object.assign(put, { isOn: (severity: LogSeverity) => kept.has(severity) });
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.applyAs({ ...node.agent, host: { ...node.host, log } });
  return lines;
}

test('the journal tells the change in human words, and as a unified diff where debug is on', async (t) => {
  const lines = await linesAt(t, new Set<LogSeverity>(['notice', 'info', 'debug']));
  t.true(lines.some((line) => /^notice: {3}(?:safe|risky): .*quay\.io\/team/.test(line)));
  t.is(lines.filter((line) => line.startsWith('debug: --- ')).length, 1);
});

test('where debug is off, the diff is not even made', async (t) => {
  const lines = await linesAt(t, new Set<LogSeverity>(['notice', 'info']));
  t.true(lines.some((line) => line.startsWith('notice: ')));
  t.false(lines.some((line) => line.startsWith('debug: ')));
});
