// A node on which mirrors were in force one after the other, known by their letters.
import type { ExecutionContext } from 'ava';
import type { Agent } from '../../src/agent/reconciliation.ts';
import { describeFinding } from '../../src/finding.ts';
import { digestMirrorSet, makeNode, type ScratchNode } from './scratch-node.ts';

export const policy = '/etc/icsp.d/a.json';

/** The administrator's own registries.conf. */
export const own = 'unqualified-search-registries = ["own.example"]\n';

/** A node on which mirrors `a`, `b`, `c` … were in force: generations 1, 2, 3 … */
export async function openAfter(
  t: ExecutionContext,
  mirrors: string,
  options: Parameters<typeof makeNode>[0] = {},
): Promise<ScratchNode> {
  const node = makeNode(options);
  t.teardown(() => node.dispose());
  node.write('/etc/containers/registries.conf', own);
  for (const mirror of mirrors) await applyMirror(t, node, mirror);
  return node;
}

/** Puts the mirror in force, by the node's own agent or another. */
export async function applyMirror(
  t: ExecutionContext,
  node: ScratchNode,
  mirror: string,
  agent: Agent = node.agent,
): Promise<void> {
  node.write(policy, digestMirrorSet('quay.io/team', `${mirror}.example/team`));
  const { outcome, findings } = await node.applyAs(agent);
  t.is(outcome, 'applied', findings.map(describeFinding).join('\n'));
}

/** The mirror that is in force, by its letter; `-` where there is none. */
export function mirrorOf(node: ScratchNode): string {
  return /"(\w)\.example\/team"/.exec(node.conf() ?? '')?.[1] ?? '-';
}

/** The same node with another icspd on it, or booted into another deployment. */
export function agentOf(
  node: ScratchNode,
  host: Partial<Pick<Agent['host'], 'version' | 'deployment' | 'crio' | 'generations'>>,
): Agent {
  return { ...node.agent, host: { ...node.host, ...host } };
}
