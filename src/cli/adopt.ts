// icspd adopt: make what is on disk, less what policies added to it, the baseline.
import { describeNeedOfForce, planAdoption, type Adoption } from '../agent/adoption.ts';
import { plainOptions } from '../agent/plan.ts';
import { reconcile } from '../agent/reconcile.ts';
import { contextOf, type Agent } from '../agent/reconciliation.ts';
import { escape } from '../escape.ts';
import { FINDINGS, type Finding } from '../finding.ts';
import { currentActor } from './actor.ts';
import type { Call } from './command.ts';
import type { JsonDocument } from './json-documents.ts';
import { lookAtNode } from './look.ts';
import { jsonFindings, type Output } from './output.ts';
import { reportReconciliation } from './reconcile-report.ts';
import { plainRequest } from './request.ts';

/** Shows first what would be done; exit status: 0 adopted, or shown with --dry-run, or nothing to adopt; else 1. */
export async function run({ options, output, openAgent }: Call): Promise<number> {
  const agent = await openAgent();
  const { seen, before } = await lookAtNode(agent);
  // Without the record of what is from policies there is nothing true to say.
  const unread = before.filter(({ id }) => id === FINDINGS.stateNotRead.id);
  if (unread.length > 0) return tell(output, unread, 1);
  const { host, paths } = agent;
  const context = contextOf(agent, { ...plainOptions, allowRisky: true });
  const adoption = planAdoption(seen, context, (digest) => host.generations.text(digest));
  const isForced = options.has('force');
  switch (adoption.kind) {
    case 'nothing':
      return tell(output, [adoption.reason], 0);
    case 'refused':
      return tell(output, adoption.findings, 1);
    case 'adopt': {
      if (!output.isJson) show(output, adoption, agent);
      const needed =
        adoption.needsForce && !isForced ? describeNeedOfForce(adoption, paths.registriesConf) : null;
      if (options.has('dry-run') || needed !== null) {
        if (output.isJson)
          output.printJson('adoption', {
            adoption: asJson(adoption),
            findings: jsonFindings(needed === null ? [] : [needed]),
          });
        else if (needed !== null) output.printFindings([needed]);
        return needed === null ? 0 : 1;
      }
      const request = { ...plainRequest('icspd adopt', currentActor('adopt')), allowRisky: true };
      const result = await reconcile(agent, {
        ...request,
        adopt: { digest: adoption.digest, force: isForced },
      });
      reportReconciliation(output, result);
      return result.outcome === 'applied' || result.outcome === 'unchanged' ? 0 : 1;
    }
  }
}

function tell(output: Output, findings: readonly Finding[], code: number): number {
  if (output.isJson) output.printJson('adoption', { adoption: null, findings: jsonFindings(findings) });
  else if (code === 0) for (const { message } of findings) output.say(message);
  else output.printFindings(findings);
  return code;
}

/** What the baseline becomes, then what pulls do differently: that they do the same is the answer most are after. */
function show(output: Output, adoption: Adoption, { paths }: Agent): void {
  const { bytes, isRecorded, baselineChanges, altered, differences, settings } = adoption;
  if (!isRecorded) {
    output.say(
      `no record tells what is from policies; all of it would be the baseline ${escape(paths.baseline)}:`,
    );
    const text = bytes === null ? '' : new TextDecoder().decode(bytes);
    for (const line of text.trimEnd().split('\n')) output.print(`  ${escape(line)}`);
  } else {
    output.say(
      `the baseline ${escape(paths.baseline)}:${baselineChanges.length === 0 ? ' means the same' : ''}`,
    );
    for (const { class: kind, sentence } of baselineChanges) output.say(`  ${kind}: ${escape(sentence)}`);
  }
  if (altered.length > 0) {
    output.say('entries from policies that were changed by hand:');
    for (const scope of altered) output.say(`  ${escape(scope)}`);
  }
  if (differences.length === 0 && settings.length === 0) {
    output.say('every scope resolves the same, policies included');
    return;
  }
  output.say('these resolve differently then:');
  for (const { scope, before, after } of differences) {
    output.say(`  ${escape(scope)}`);
    output.say(`    now:  ${escape(before)}`);
    output.say(`    then: ${escape(after)}`);
  }
  for (const sentence of settings) output.say(`  ${escape(sentence)}`);
}

function asJson({
  bytes,
  isRecorded,
  needsForce,
  baselineChanges,
  altered,
  differences,
  settings,
}: Adoption): JsonDocument<'adoption'>['adoption'] {
  return {
    baseline: bytes === null ? null : new TextDecoder().decode(bytes),
    isRecorded,
    needsForce,
    baselineChanges,
    altered,
    differences,
    settings,
  };
}
