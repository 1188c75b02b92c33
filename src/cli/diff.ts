// icspd diff: what would change on disk, why, and how it reads.
import { confOnDisk } from '../agent/observation.ts';
import { diffTexts } from '../agent/text-diff.ts';
import { compareConfs } from '../registries/compare.ts';
import type { Call } from './command.ts';
import { reportDifference } from './difference-report.ts';
import { lookAtNode } from './look.ts';

const noDifference = 0;
const differences = 1;
const trouble = 2;

/** Disk → what the policies ask for; while an operator holds a file, that is what `icspd resume` would do. */
export async function run({ output, openAgent }: Call): Promise<number> {
  const agent = await openAgent();
  const { seen, plan, findings } = await lookAtNode(agent);
  const path = agent.paths.registriesConf;
  const { rendering } = plan;
  if (!rendering.isUsable || seen.target.state === 'unusable') {
    reportDifference(output, { changes: [], diff: '' }, findings, { planDigest: null });
    return trouble;
  }
  const before = seen.target.state === 'file' ? new TextDecoder().decode(seen.target.file.bytes) : null;
  const after = rendering.bytes === null ? null : new TextDecoder().decode(rendering.bytes);
  const changes = compareConfs(confOnDisk(seen, agent.paths), rendering.conf);
  const diff = diffTexts(path, before, after);
  reportDifference(output, { changes, diff }, findings, { planDigest: plan.digest });
  return diff === '' ? noDifference : differences;
}
