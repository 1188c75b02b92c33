// How the answer of icspd status looks to a person: the answer, then what it rests on, within one screen.
import { diskWords } from '../agent/disk-state.ts';
import { describeHeld } from '../agent/pin-choice.ts';
import { listWaiting } from '../agent/waiting.ts';
import { escape, quote } from '../escape.ts';
import type { Finding } from '../finding.ts';
import { describeNodeFacts } from '../host/node-facts.ts';
import type { FileState } from '../policy/accept.ts';
import type { Change } from '../registries/compare.ts';
import { describeChooser, findContentChoosers } from '../registries/content-choosers.ts';
import { formatFinding, paint, type Output } from './output.ts';
import { ageOf, timeOf, whoOf } from './record-words.ts';
import { inForce, mergedInForce, type StatusReport } from './status-report.ts';
import { fitLists, showList, type Entry, type List } from './status-screen.ts';
import { wrap } from './wrap.ts';

/** A name, and words behind it. */
type Row = (name: string, words: string) => Entry;

/** Prints the answer and what it rests on; on a terminal, unless --verbose asks for all, as much of lists as its screen holds. */
export function printStatus(output: Output, report: StatusReport): void {
  const { seen, plan, findings } = report.look;
  const row: Row = (name, words) => wrap(`  ${name.padEnd(10)} ${words}`, output.columnsOut, 13).split('\n');
  const above = [...headline(output, report), ...fileRows(row, report)];
  const between = [...nodeRows(row, report), ...row('policies', countFiles(seen.policies.files))];

  const shown = output.selectFindings(findings);
  const errors = listFindings(output, 'error', shown.filter(isError));
  const drift = listRows(
    'drift',
    plan.drift.map((change) => row('drift', describeChange(change))),
  );
  const waiting = listRows('waiting', waitingRows(row, report));
  const files = listFiles(output, seen.policies.files);
  const choosers = findContentChoosers(mergedInForce(plan));
  const content = listRows(
    'content',
    choosers.map((chooser) => row('content', describeChooser(chooser))),
  );
  const warnings = listFindings(
    output,
    'warning',
    shown.filter((found) => !isError(found)),
  );

  // What asks for somebody's hand has the first claim on the screen. Its last line is the prompt's.
  const lists = [errors, drift, waiting, files, content, warnings];
  const room = output.isVerbose ? Infinity : output.linesOut - 1 - above.length - between.length;
  const counts = new Map(fitLists(lists, room).map((count, i) => [lists[i], count]));
  const show = (list: List): readonly string[] => showList(list, counts.get(list) ?? 0);
  for (const line of [above, show(drift), between, show(files), show(content), show(waiting)].flat())
    output.print(line);
  for (const line of [...show(errors), ...show(warnings)]) output.tellLine(line);
}

function headline(output: Output, { answer, told, look: { plan } }: StatusReport): Entry {
  const pinned = plan.wanted.pin === null && (told?.pin ?? null) === null ? '' : 'pinned, ';
  const color = answer.health === 'healthy' ? '1;32' : '1;33';
  const words = paint(`${pinned}${answer.health}: ${escape(answer.why)}`, color, output.hasColorOut);
  return wrap(words, output.columnsOut).split('\n');
}

function fileRows(row: Row, { told, look: { seen, plan }, agent }: StatusReport): readonly string[] {
  const { generation, outcome, proof, since, digest } = told ?? inForce(seen);
  const words = [outcome, `proof ${proof ?? 'none'}`].map((word) => escape(String(word))).join(', ');
  return [
    ...(generation === null
      ? []
      : [
          row('generation', `${generation}, ${words}; see icspd history`),
          row('since', escape(since ?? 'not known')),
          row('sha256', escape(digest ?? 'no file')),
        ]),
    ...(told === null
      ? []
      : [row('seen', escape(`${told.look.at} by icspd ${told.look.by}; root sees how it is now`))]),
    row('file', `${escape(agent.paths.registriesConf)}: ${diskWords[told?.disk ?? plan.disk]}`),
  ].flat();
}

/** All that stands between the file and the policies: the baseline, who holds what, and who runs. */
function nodeRows(row: Row, report: StatusReport): readonly string[] {
  const { look, unit, daemon, facts, journal, agent } = report;
  const { seen } = look;
  return [
    row('baseline', seen.baseline.state === 'captured' ? escape(agent.paths.baseline) : seen.baseline.state),
    ...holdRows(row, report),
    row('daemon', daemon.isRunning ? `running, pid ${daemon.pid ?? 0}` : 'not running'),
    ...(unit === null
      ? []
      : [row('crio', `${unit.isFound ? unit.active : 'no such unit'}, version ${describeVersion(report)}`)]),
    ...(journal === 'volatile'
      ? [
          row(
            'journal',
            'volatile: the audit trail is gone with the next boot; mkdir /var/log/journal keeps it',
          ),
        ]
      : []),
    ...(journal === 'none' ? [row('journal', 'none: there is no audit trail')] : []),
    ...(facts === null ? [] : [row('node', describeNodeFacts(facts))]),
  ].flat();
}

/** Who may not read the state is told that there is a hold, and not why. */
function holdRows(row: Row, report: StatusReport): readonly Entry[] {
  const { told, look } = report;
  const { pin } = look.plan.wanted;
  if (pin !== null) {
    const times = `since ${timeOf(pin.since)} (${ageOf(pin.since, look.seen.now)})${untilOf(pin)}`;
    return [
      row('hold', `${describeHeld(pin)}${againAs(report)} ${times}: ${quote(pin.reason)}`),
      row('', `by ${whoOf(pin.actor)}; icspd resume ends it`),
    ];
  }
  const published = told?.pin ?? null;
  if (published === null) return [];
  return [
    row('hold', escape(`${describeHeld(published)} since ${timeOf(published.since)}${untilOf(published)}`)),
  ];
}

function untilOf({ until }: { readonly until: string | null }): string {
  return until === null ? '' : ` until ${timeOf(until)}`;
}

/** What was restored stands under a number of its own. */
function againAs({ look: { seen, plan } }: StatusReport): string {
  const { pin } = plan.wanted;
  const { current } = seen;
  const isAgain = pin !== null && current?.digest === pin.digest && current.number !== pin.generation;
  return isAgain ? `, as generation ${current.number},` : '';
}

/** Who may not read the state knows no plan, only how much waits. */
function waitingRows(row: Row, { told, look: { plan } }: StatusReport): readonly Entry[] {
  if (told === null) return listWaiting(plan).map((change) => row('waiting', describeChange(change)));
  return told.waitingCount === 0
    ? []
    : [row('waiting', `${told.waitingCount} changes; icspd diff as root shows them`)];
}

function describeVersion({ look, agent }: StatusReport): string {
  if (agent.settings.assumeCrioVersion !== null) return `${agent.settings.assumeCrioVersion} (assumed)`;
  return look.seen.crioVersion ?? 'unknown';
}

function countFiles(files: readonly FileState[]): string {
  const others = files.filter((file) => !isInForce(file)).length;
  return `${files.length} file${files.length === 1 ? '' : 's'}${others === 0 ? '' : `, ${others} not accepted`}`;
}

/** Those that need somebody's hand first; else by path. */
function listFiles({ columnsOut }: Output, files: readonly FileState[]): List {
  const sorted = files.toSorted((one, other) => Number(isInForce(one)) - Number(isInForce(other)));
  const entries = sorted.map(({ path, state, reason, standingInSince }) => {
    const why = reason === null ? '' : ` (${escape(reason)})`;
    const line = wrap(`    ${state.padEnd(11)} ${escape(path)}${why}`, columnsOut, 16).split('\n');
    if (standingInSince === null) return line;
    return [...line, `    ${''.padEnd(11)} in force: its content accepted ${standingInSince}`];
  });
  return { entries, rest: (count) => `    and ${count} more: icspd status -v` };
}

function isInForce({ state }: FileState): boolean {
  return state === 'accepted';
}

function listRows(name: string, entries: readonly Entry[]): List {
  const rest = (count: number): string =>
    `  ${name.padEnd(10)} ${andMore(count, entries.length)}: icspd status -v`;
  return { entries, rest };
}

function listFindings(output: Output, noun: string, findings: readonly Finding[]): List {
  const entries = findings.map((found) => formatFinding(found, output).split('\n'));
  const rest = (count: number): string =>
    `${andMore(count, entries.length)} ${noun}${count === 1 ? '' : 's'}: icspd status -v`;
  return { entries, rest };
}

function andMore(count: number, total: number): string {
  return count === total ? String(count) : `and ${count} more`;
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function describeChange({ class: kind, sentence }: Change): string {
  return `${kind}: ${escape(sentence)}`;
}
