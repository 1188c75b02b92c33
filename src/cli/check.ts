// icspd check: validates policy files without touching the node; for people, pipelines and pre-commit hooks.
import type { Agent } from '../agent/reconciliation.ts';
import { resolve } from 'node:path';
import { readDropIns } from '../agent/drop-in-files.ts';
import { makeRendering } from '../agent/rendering.ts';
import { digest } from '../host/digest.ts';
import { readPolicyArguments } from '../host/policy-arguments.ts';
import { escape } from '../escape.ts';
import { FINDINGS, type Finding } from '../finding.ts';
import { acceptPolicies, type Acceptance } from '../policy/accept.ts';
import type { PolicyDirectory } from '../policy/drop-ins.ts';
import { UnusableSettings, UsageError, type Call } from './command.ts';
import { jsonFindings, paint } from './output.ts';

const formats = ['text', 'json', 'github'] as const;
type Format = (typeof formats)[number];

/** Exit status: 0 clean, 1 errors; with --strict warnings too. */
export async function run({ options, positionals, output, openAgent }: Call): Promise<number> {
  const format = readFormat(options.text('format'), output.isJson);
  if (positionals.length > 0 && options.texts('policy-dir').length > 0) {
    throw new UsageError('check takes FILE|DIR or --policy-dir, not both');
  }
  const agent = await openOrExplain(openAgent);
  const directories =
    positionals.length === 0 ? (agent.opened?.host.readPolicies() ?? []) : readPolicyArguments(positionals);
  const policies = accept(directories, positionals.length === 0);
  const rendering = agent.opened === null ? null : renderFor(agent.opened, policies.content);
  const findings = [...agent.findings, ...policies.findings, ...(rendering?.findings ?? [])];
  const isStrict = options.has('strict');
  // A file that was named must count: to be skipped is no success.
  const named = new Set(positionals.map((name) => resolve(name)));
  const isPassedOver = policies.files.some(({ path, state }) => state === 'skipped' && named.has(path));
  const isClean = !isPassedOver && !findings.some((found) => fails(found, isStrict));
  const files = policies.files.map(({ path, state, reason }) => ({
    path,
    state,
    ...(reason === null ? {} : { reason }),
  }));

  switch (format) {
    case 'json':
      output.printJson('check', { files, findings: jsonFindings(findings) });
      break;
    case 'github':
      for (const found of findings) {
        if (found.severity !== 'notice' || output.isVerbose) output.print(formatAnnotation(found));
      }
      break;
    case 'text':
      output.printFindings(findings);
      for (const { path, state, reason } of files) {
        if (output.isQuiet && state === 'accepted') continue;
        const color = state === 'accepted' ? '32' : '33';
        const why = reason === undefined ? '' : ` (${escape(reason)})`;
        output.say(`${paint(state, color, output.hasColorOut)}  ${escape(path)}${why}`, 10);
      }
      // Without settings nobody looked for any.
      if (files.length === 0 && (agent.opened !== null || positionals.length > 0))
        output.print('no policy files');
  }
  return isClean ? 0 : 1;
}

/**
 * Without arguments the directories are those of a node, in which one file can override another; arguments are read each
 * for itself.
 */
function accept(
  directories: readonly PolicyDirectory[],
  isNode: boolean,
): Pick<Acceptance, 'files' | 'findings' | 'content'> {
  const groups = isNode ? [directories] : directories.map((directory) => [directory]);
  const now = new Date().toISOString();
  const parts = groups.map((group) => acceptPolicies({ directories: group, lastAccepted: new Map(), now }));
  return {
    files: parts.flatMap(({ files }) => files),
    findings: parts.flatMap(({ findings }) => findings),
    content: {
      objects: parts.flatMap(({ content }) => content.objects),
      rules: parts.flatMap(({ content }) => content.rules),
      registrySources: parts.flatMap(({ content }) => content.registrySources),
    },
  };
}

/** An unknown setting is a typing error here, where nobody's node depends on it. */
function fails({ id, severity }: Finding, isStrict: boolean): boolean {
  return severity === 'error' || id === FINDINGS.unknownSetting.id || (isStrict && severity === 'warning');
}

function readFormat(text: string | null, isJson: boolean): Format {
  const format = formats.find((name) => name === (text ?? (isJson ? 'json' : 'text')));
  if (format === undefined)
    throw new UsageError(`--format takes ${formats.join(', ')}, not ${JSON.stringify(text)}`);
  return format;
}

/** An icspd.conf that cannot be used is a finding of check, not its end. */
async function openOrExplain(
  openAgent: Call['openAgent'],
): Promise<{ readonly opened: Agent | null; readonly findings: readonly Finding[] }> {
  try {
    const opened = await openAgent();
    return { opened, findings: opened.settingsFindings };
  } catch (error) {
    if (!(error instanceof UnusableSettings)) throw error;
    return { opened: null, findings: error.findings };
  }
}

/** Composes as the node would, so that what only shows between files is found too. */
function renderFor(
  { host, paths, settings }: Agent,
  content: Parameters<typeof makeRendering>[0]['content'],
): ReturnType<typeof makeRendering> {
  const baseline = host.baseline.read();
  return makeRendering({
    content,
    baseline: baseline.state === 'captured' ? baseline.file.bytes : null,
    baselinePath: paths.baseline,
    inSystem: paths.inSystem,
    contentHosts: settings.contentHosts,
    dropIns: readDropIns(host.dropIns.read(null), null).valid,
    isFileRequired: false,
    carrySource: null,
    crioVersion: settings.assumeCrioVersion,
    digest,
  });
}

/** A GitHub workflow command: https://docs.github.com/actions, "Workflow commands". */
function formatAnnotation({ id, severity, file, line, column, message, help }: Finding): string {
  const place = [
    ...(file === null ? [] : [`file=${encode(escape(file), true)}`]),
    ...(line === null ? [] : [`line=${line}`]),
    ...(column === null ? [] : [`col=${column}`]),
    `title=${id}`,
  ];
  return `::${severity} ${place.join(',')}::${encode(`${message}; ${help}`, false)}`;
}

function encode(text: string, isProperty: boolean): string {
  const data = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return isProperty ? data.replaceAll(':', '%3A').replaceAll(',', '%2C') : data;
}
