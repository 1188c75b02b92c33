// The measure of hostile files: what a large honest one costs on the machine that runs the tests.
import type { ExecutionContext } from 'ava';
import { measure } from './measured.ts';
import { head, makeNode } from './node.ts';

/** As many as one file may hold; close to 1 MiB. */
const entries = 10_000;

/** CPU time, in milliseconds, of `icspd check` with an honest policy file of the greatest size. */
export function measureHonest(t: ExecutionContext): number {
  const node = makeNode(t);
  const write = (_: unknown, i: number): string =>
    `    - source: registry.example/team-${String(i)}/an-application\n      mirrors: [mirror.example/t${String(i)}]\n`;
  node.put('honest.yaml', head + Array.from({ length: entries }, write).join(''));
  const { out, cpuMs } = measure(node.root, 'check', '--json');
  t.like(JSON.parse(out), { files: [{ state: 'accepted' }, { state: 'accepted' }] });
  t.true(cpuMs > 0);
  return cpuMs;
}
