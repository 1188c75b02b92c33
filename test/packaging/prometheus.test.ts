// The alert rules that the package brings.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { formatNode, formatTurn, noTotals } from '../../src/agent/metrics.ts';
import { makeNode } from '../agent/scratch-node.ts';
import { complaints, testWithPromtool } from './promtool.ts';

const rules = 'packaging/prometheus/icspd.rules.yml';

testWithPromtool('Prometheus takes the rules', (t) => {
  t.is(complaints(['check', 'rules', rules]), '');
});

testWithPromtool('each rule fires for its reason, and for nothing less', (t) => {
  t.is(complaints(['test', 'rules', 'test/packaging/icspd.rules.test.yml']), '');
});

test('each metric that a rule asks for is one that there is', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  const result = await node.apply();
  const teller = { version: '1', digest: (text: string) => node.host.digest(text) };
  const unit = readFileSync('systemd/icspd-waiting.service', 'utf8');
  const there = `${formatNode(result, teller) ?? ''}${formatTurn(result, noTotals, new Date(0))}${unit}`;
  const asked = [...readFileSync(rules, 'utf8').matchAll(/expr: (icspd_\w+)/g)].map(([, name = '']) => name);
  t.is(asked.length, 5);
  for (const name of asked) t.true(there.includes(name), name);
});
