// icspd history show N: all that is known of one generation, or its file.
import type { GenerationRecord } from '../agent/record.ts';
import { escape } from '../escape.ts';
import { finding } from '../finding.ts';
import type { Call } from './command.ts';
import { describeStanding, fail, findRecord, readStanding } from './history.ts';
import { jsonFindings, paint, type Output } from './output.ts';
import { whoOf } from './record-words.ts';

/** Exit status: 0, or 1 where there is no such generation; with --text also where its file is no longer kept. */
export async function show({ options, output, openAgent }: Call, number: number): Promise<number> {
  const { host } = await openAgent();
  const record = findRecord(host.generations, number);
  if ('id' in record) return fail(output, record);
  const text = record.digest === null ? null : host.generations.text(record.digest);
  const isKept = record.digest === null || text !== null;
  if (options.has('text')) {
    if (isKept) return printText(output, text);
    const sentence = `the file of generation ${number} is no longer kept`;
    return fail(output, finding('textLost', null, sentence, 'look at icspd history for others'));
  }
  const standing = readStanding(host);
  const words = describeStanding(record, standing);
  if (output.isJson) {
    const toml = text === null ? null : new TextDecoder().decode(text);
    const isInForce = words.includes('in force');
    const generation = { ...record, isInForce, isHeld: words.includes('held'), isKept, toml };
    output.printJson('history-show', { generation, findings: jsonFindings(standing.findings) });
    return 0;
  }
  output.printFindings(standing.findings);
  printRecord(output, record, { words, isKept });
  return 0;
}

/** The bytes as they are; under --json as one string. */
function printText(output: Output, bytes: Uint8Array | null): number {
  const toml = bytes === null ? '' : new TextDecoder().decode(bytes);
  if (output.isJson) output.printJson('history-text', { toml, findings: [] });
  else output.printRaw(toml);
  return 0;
}

function printRecord(
  output: Output,
  record: GenerationRecord,
  { words, isKept }: { readonly words: readonly string[]; readonly isKept: boolean },
): void {
  const { number, outcome, proof, policies, changes } = record;
  const headline = [`generation ${number}`, outcome, `proof ${proof}`, ...words].join(', ');
  output.print(paint(headline, '1', output.hasColorOut));
  const row = (name: string, value: string | null): void => {
    if (value !== null) output.print(`  ${name.padEnd(10)} ${escape(value)}`);
  };
  row('reason', record.reason);
  row('who', whoOf(record.actor));
  row('began', record.startedAt);
  row('written', record.writtenAt ?? 'never for certain');
  row('sha256', `${record.digest ?? 'no file'}${isKept ? '' : ', no longer kept'}`);
  row('replaced', record.previousDigest ?? 'no file');
  row('baseline', record.baselineDigest);
  row('crio', record.crioVersion);
  row('icspd', record.icspdVersion);
  row('boot', record.bootId);
  row('deployment', record.deployment);
  for (const { path, digest } of policies) row('policy', `${path} ${digest}`);
  for (const change of changes) row('change', change);
  output.print(`  icspd history diff ${number} shows what is different now`);
}
