import test from 'ava';
import { readNodeFacts } from '../../src/host/node-facts.ts';

test('the facts are those of this machine, or none within the time limit', async (t) => {
  const facts = await readNodeFacts();
  t.true(facts === null || (facts.cpus > 0 && facts.memoryBytes > 0 && facts.kernel !== ''));
});
