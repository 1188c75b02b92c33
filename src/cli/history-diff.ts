// icspd history diff N [M]: from the file of one generation to that of another, or to the one that stands now.
import { diffTexts } from '../agent/text-diff.ts';
import type { Host } from '../agent/ports.ts';
import { finding, type Finding } from '../finding.ts';
import { compareConfs } from '../registries/compare.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import type { Call } from './command.ts';
import { reportDifference } from './difference-report.ts';
import { fail, findRecord } from './history.ts';

/** A file of the past, or the one on disk; `bytes` null: there was none. */
interface Side {
  readonly name: string;
  readonly bytes: Uint8Array | null;
}

/** Exit status: 0, whether they differ or not; 1 where one of them is not there. */
export async function diff(
  { output, openAgent }: Call,
  [from, to]: readonly [number, ...(readonly number[])],
): Promise<number> {
  const { host } = await openAgent();
  const before = findFile(host, from);
  if ('id' in before) return fail(output, before);
  const after = to === undefined ? readDisk(host) : findFile(host, to);
  if ('id' in after) return fail(output, after);
  const [old, now] = [confOf(before), confOf(after)];
  // What cannot be read as a configuration has no meaning to compare; the lines tell.
  const changes = old === null || now === null ? [] : compareConfs(old, now);
  const text = diffTexts([before.name, after.name], textOf(before), textOf(after));
  reportDifference(output, { changes, diff: text }, [], null);
  return 0;
}

function findFile({ generations }: Host, number: number): Side | Finding {
  const record = findRecord(generations, number);
  if ('id' in record) return record;
  const name = `generation ${number}`;
  if (record.digest === null) return { name, bytes: null };
  const bytes = generations.text(record.digest);
  if (bytes !== null) return { name, bytes };
  const sentence = `the file of generation ${number} is no longer kept`;
  return finding('textLost', null, sentence, 'look at icspd history show for what else is known of it');
}

function readDisk({ target }: Host): Side | Finding {
  const state = target.read();
  if (state.state === 'unusable') return state.finding;
  return { name: target.path, bytes: state.state === 'file' ? state.file.bytes : null };
}

function confOf({ name, bytes }: Side): RegistriesConf | null {
  return bytes === null ? emptyConf : parseRegistriesConf(bytes, name).conf;
}

function textOf({ bytes }: Side): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes);
}
