// icspd diff: what would change on disk, why, and how it reads.
import { confOnDisk } from '../agent/observation.ts';
import { diffTexts } from '../agent/text-diff.ts';
import { escape } from '../escape.ts';
import { compareConfs, type Change } from '../registries/compare.ts';
import type { Call } from './command.ts';
import { lookAtNode } from './look.ts';
import { jsonFindings, paint, type Output } from './output.ts';

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
    report(output, { changes: [], diff: '', planDigest: null }, findings);
    return trouble;
  }
  const before = seen.target.state === 'file' ? new TextDecoder().decode(seen.target.file.bytes) : null;
  const after = rendering.bytes === null ? null : new TextDecoder().decode(rendering.bytes);
  const changes = compareConfs(confOnDisk(seen, agent.paths), rendering.conf);
  const diff = diffTexts(path, before, after);
  report(output, { changes, diff, planDigest: plan.digest }, findings);
  return diff === '' ? noDifference : differences;
}

interface Difference {
  readonly changes: readonly Change[];
  readonly diff: string;
  readonly planDigest: string | null;
}

function report(
  output: Output,
  { changes, diff, planDigest }: Difference,
  findings: Parameters<Output['printFindings']>[0],
): void {
  if (output.isJson) {
    output.printJson({ changes, diff, planDigest, findings: jsonFindings(findings) });
    return;
  }
  output.printFindings(findings);
  for (const change of changes) {
    const color = change.class === 'safe' ? '32' : '33';
    output.print(`${paint(change.class, color, output.hasColorOut)}: ${escape(change.sentence)}`);
  }
  if (diff === '') return;
  if (changes.length > 0) output.print('');
  for (const line of diff.trimEnd().split('\n')) output.print(paintLine(escape(line), output.hasColorOut));
}

function paintLine(line: string, hasColor: boolean): string {
  if (line.startsWith('+') && !line.startsWith('+++')) return paint(line, '32', hasColor);
  if (line.startsWith('-') && !line.startsWith('---')) return paint(line, '31', hasColor);
  return line.startsWith('@@') ? paint(line, '36', hasColor) : line;
}
