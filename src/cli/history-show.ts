// icspd history show N: all that is known of one generation, or its file.
import type { GenerationRecord } from '../agent/record.ts';
import { escape } from '../escape.ts';
import { finding } from '../finding.ts';
import type { Call, Options } from './command.ts';
import { describeStanding, fail, findRecord, readStanding } from './history.ts';
import { jsonFindings, paint, type Output } from './output.ts';
import { whoOf } from './record-words.ts';

/** Exit status: 0, or 1 where there is no such generation; also where the file that is asked for is no longer kept. */
export async function show({ options, output, openAgent }: Call, number: number): Promise<number> {
  const { host } = await openAgent();
  const record = findRecord(host.generations, number);
  if ('id' in record) return fail(output, record);
  const keptText = (digest: string | null): Uint8Array | null =>
    digest === null ? null : host.generations.text(digest);
  const asked = textAskedFor(options, record);
  if (asked !== null) {
    const { what, digest } = asked;
    const bytes = keptText(digest ?? null);
    if (digest === null || bytes !== null) return printText(output, bytes);
    const sentence =
      digest === undefined
        ? `generation ${number} replaced no baseline`
        : `${what} of generation ${number} is no longer kept`;
    return fail(output, finding('textLost', null, sentence, 'look at icspd history for others'));
  }
  const text = keptText(record.digest);
  const isKept = record.digest === null || text !== null;
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

/** The one file that an option asks for, by its digest: null where there was no file, undefined where nothing was replaced. */
function textAskedFor(
  options: Options,
  { digest, previousDigest, baselineChange }: GenerationRecord,
): { readonly what: string; readonly digest: string | null | undefined } | null {
  if (options.has('text')) return { what: 'the file', digest };
  if (options.has('replaced')) return { what: 'the replaced file', digest: previousDigest };
  if (options.has('old-baseline')) return { what: 'the replaced baseline', digest: baselineChange?.from };
  return null;
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
  const { number, outcome, proof, policies, changes, baselineChange } = record;
  const headline = [`generation ${number}`, outcome, `proof ${proof}`, ...words].join(', ');
  output.say(paint(headline, '1', output.hasColorOut));
  const row = (name: string, value: string | null): void => {
    if (value !== null) output.say(`  ${name.padEnd(10)} ${escape(value)}`, 13);
  };
  row('reason', record.reason);
  row('who', whoOf(record.actor));
  row('began', record.startedAt);
  row('written', record.writtenAt ?? 'never for certain');
  row('sha256', `${record.digest ?? 'no file'}${isKept ? '' : ', no longer kept'}`);
  row('replaced', record.previousDigest ?? 'no file');
  row('baseline', record.baselineDigest);
  if (baselineChange !== undefined)
    row('', `in place of ${baselineChange.from ?? 'no file'}, by ${baselineChange.by}`);
  row('crio', record.crioVersion);
  row('icspd', record.icspdVersion);
  row('boot', record.bootId);
  row('deployment', record.deployment);
  for (const { path, digest } of policies) row('policy', `${path} ${digest}`);
  for (const change of changes) row('change', change);
  if (record.previousDigest !== null)
    output.say(`  icspd history show ${number} --replaced prints the file that it replaced`);
  output.say(`  icspd history diff ${number} shows what is different now`);
}
