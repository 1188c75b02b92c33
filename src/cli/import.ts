// icspd import: a hand-written registries.conf → policies and the baseline that is left, with the proof that no pull changes.
import { judgeText } from '../agent/acceptable-conf.ts';
import { importConf, type Imported } from '../compose/import.ts';
import { FINDINGS, hasErrors, type Finding } from '../finding.ts';
import { readConfArgument, writeNewFiles } from '../host/conf-arguments.ts';
import type { FileText } from '../agent/ports.ts';
import { auditRegistriesConf } from '../registries/audit.ts';
import { flattenConfs } from '../registries/flatten.ts';
import type { ConfFile } from '../registries/merge.ts';
import { emptyConf } from '../registries/model.ts';
import { renderRegistriesConf } from '../registries/render.ts';
import { validateRegistriesConf } from '../registries/validate.ts';
import { readVersion1 } from '../registries/version-1.ts';
import type { Call } from './command.ts';
import { baselineText, policyText, reportImport } from './import-report.ts';
import { jsonFindings } from './output.ts';

/** Exit status: 0, or 1 where a file cannot be read or CRI-O would refuse it. */
export function run({ options, positionals, output }: Call): Promise<number> {
  const parts = positionals.map((name) => readPart(readConfArgument(name)));
  const { imported, findings } = importParts(parts);
  if (imported === null) {
    if (output.isJson) output.printJson('import', { ...nothing, findings: jsonFindings(findings) });
    output.printFindings(findings);
    return Promise.resolve(1);
  }
  const directory = options.text('output-dir');
  const { policy, kept, pulls } = imported;
  const baseline = renderRegistriesConf(imported.baseline);
  const written =
    directory === null
      ? []
      : writeNewFiles(directory, [
          ['imported.yaml', policyText(imported, positionals)],
          ['baseline.conf', baselineText(imported, positionals)],
        ]);
  if (output.isJson) {
    output.printJson('import', { policy, baseline, kept, pulls, written, findings: jsonFindings(findings) });
    return Promise.resolve(0);
  }
  output.printFindings(findings);
  reportImport(output, imported, positionals, written);
  return Promise.resolve(0);
}

const nothing = { policy: '', baseline: '', kept: [], pulls: [], written: [] };

interface Part {
  /** Null: CRI-O would refuse the file. */
  readonly file: ConfFile | null;
  readonly findings: readonly Finding[];
}

/** One of the old version 1 counts as what it says in version 2: to write that down is what it is imported for. */
function readPart({ bytes, path }: FileText): Part {
  const { conf, findings } = judgeText(bytes, path);
  if (conf !== null) {
    return { file: { file: path, conf }, findings: [...findings, ...auditRegistriesConf(conf, path)] };
  }
  const isOld = findings.some(({ id }) => id === FINDINGS.confVersion1.id);
  const converted = isOld ? readVersion1(bytes, path) : null;
  if (converted === null) return { file: null, findings };
  const faults = validateRegistriesConf(converted, path);
  return hasErrors(faults)
    ? { file: null, findings: faults }
    : { file: { file: path, conf: converted }, findings: faults };
}

/** Null where a file is refused, or CRI-O would refuse all of them written as one. */
function importParts(parts: readonly Part[]): {
  readonly imported: Imported | null;
  readonly findings: readonly Finding[];
} {
  const findings = parts.flatMap((part) => part.findings);
  const files = parts.flatMap(({ file }) => file ?? []);
  if (files.length < parts.length) return { imported: null, findings };
  const [first = { file: '', conf: emptyConf }, ...others] = files;
  const conf = flattenConfs(first, others);
  const conflicts = others.length === 0 ? [] : validateRegistriesConf(conf, first.file);
  return {
    imported: hasErrors(conflicts) ? null : importConf(conf),
    findings: [...findings, ...conflicts],
  };
}
