// Policies and baseline → the text of registries.conf that icspd wants. PURE: the same inputs give the same bytes on every node.
import { composeOver } from '../compose/carry-over.ts';
import { giveColumns } from '../compose/columns.ts';
import type { InForce } from '../compose/in-force.ts';
import type { Protection } from '../compose/protections.ts';
import { finding, hasErrors, type Finding } from '../finding.ts';
import { wholeFile, type Origin } from '../origin.ts';
import type { Paths } from '../paths.ts';
import type { PolicyContent } from '../policy/rule.ts';
import { auditRegistriesConf } from '../registries/audit.ts';
import { areSameConf } from '../registries/compare.ts';
import { dialectOf, expressInDialect } from '../registries/dialect.ts';
import type { ConfFile } from '../registries/merge.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { proveRendering } from '../registries/prove.ts';
import { renderRegistriesConf } from '../registries/render.ts';
import { sealRendering } from '../registries/seal.ts';
import { validateOwnLocations, validateRegistriesConf } from '../registries/validate.ts';
import { judgeText } from './acceptable-conf.ts';

/** Everything that the rendering depends on; nothing else may. */
export interface RenderingInputs {
  readonly content: PolicyContent;
  /** The administrator's own file; null where there is none. */
  readonly baseline: Uint8Array | null;
  /** Where the baseline stands, for findings about it. */
  readonly baselinePath: string;
  /** What the header names: paths of the running system, so that every node and every image build gives the same bytes. */
  readonly inSystem: Paths['inSystem'];
  readonly contentHosts: readonly string[];
  /** The valid drop-ins in load order: what they block or send elsewhere, a new table must not take out of their hands. */
  readonly dropIns: readonly ConfFile[];
  /** CRI-O was told to read this very file, and does not start without it. */
  readonly isFileRequired: boolean;
  /** What stands, where something behind it cannot be read now; null: everything can. */
  readonly carrySource: InForce | null;
  /** Null: unknown, taken as the newest. */
  readonly crioVersion: string | null;
  /** sha256 in hex. */
  readonly digest: (bytes: Uint8Array | string) => string;
}

/**
 * What icspd wants on disk. `bytes` null: no file. Not usable: a finding says why, and nothing may be written; then there are no
 * bytes, since a baseline that is none may be a file that nobody should see.
 */
export interface Rendering {
  readonly bytes: Uint8Array | null;
  readonly digest: string | null;
  readonly conf: RegistriesConf;
  /** The entries behind the search registries. */
  readonly searchOrigins: readonly Origin[];
  readonly isUsable: boolean;
  /** What policies want closed; `findings` says which of it the rendering cannot close. */
  readonly protections: readonly Protection[];
  readonly findings: readonly Finding[];
}

/** Composes, renders, validates and re-reads. With no rule in force the result is the baseline, byte for byte. */
export function makeRendering(inputs: RenderingInputs): Rendering {
  const baseline = readBaseline(inputs.baseline, inputs.baselinePath);
  if (baseline.conf === null) return unusable(emptyConf, baseline.findings);
  const { content, dropIns, contentHosts } = inputs;
  const composed = composeOver(
    { content, baseline: baseline.conf, dropIns, contentHosts },
    inputs.carrySource,
  );
  const { conf, findings: dialectFindings } = expressInDialect(
    composed.conf,
    dialectOf(inputs.crioVersion),
    inputs.baselinePath,
    baseline.conf,
  );
  const findings = [
    ...baseline.findings,
    ...composed.findings,
    ...giveColumns(dialectFindings, inputs.content),
  ];
  const mayBeAbsent = inputs.baseline !== null || !inputs.isFileRequired;
  if (areSameConf(conf, baseline.conf) && mayBeAbsent) {
    return { ...given(inputs, conf, findings), protections: composed.protections };
  }
  const { searchOrigins, protections } = composed;
  const written = writeDown(conf, inputs);
  return { ...written, searchOrigins, protections, findings: [...findings, ...written.findings] };
}

/** A configuration under our header, read again and judged; the findings are those of the judgement. */
export function writeDown(conf: RegistriesConf, inputs: RenderingInputs): Rendering {
  const body = renderRegistriesConf(conf);
  const text = sealRendering(body, inputs.digest(body), {
    hasBaseline: inputs.baseline !== null,
    baselinePath: inputs.inSystem.baseline,
    registriesConfPath: inputs.inSystem.registriesConf,
  });
  const findings = giveColumns(judge(text, conf, inputs.inSystem.registriesConf), inputs.content);
  if (hasErrors(findings)) return unusable(conf, findings);
  const bytes = new TextEncoder().encode(text);
  return {
    bytes,
    digest: inputs.digest(bytes),
    conf,
    searchOrigins: [],
    isUsable: true,
    protections: [],
    findings,
  };
}

/** The baseline parsed and judged by containers/image's rules; `conf` null where CRI-O would refuse it. */
function readBaseline(
  bytes: Uint8Array | null,
  path: string,
): { readonly conf: RegistriesConf | null; readonly findings: readonly Finding[] } {
  if (bytes === null) return { conf: emptyConf, findings: [] };
  const { conf, findings } = judgeText(bytes, path);
  if (conf !== null) return { conf, findings: [...findings, ...auditRegistriesConf(conf, path)] };
  const remedy = `correct ${path}; until then registries.conf stays as it is`;
  const sentence = 'the baseline is not a file that containers/image accepts';
  return {
    conf: null,
    findings: [finding('baselineRefused', wholeFile(path), sentence, remedy), ...findings],
  };
}

/** The baseline's own bytes: what stands when no rule changes anything. */
function given(inputs: RenderingInputs, conf: RegistriesConf, findings: readonly Finding[]): Rendering {
  const bytes = inputs.baseline;
  const digest = bytes === null ? null : inputs.digest(bytes);
  return { bytes, digest, conf, searchOrigins: [], isUsable: true, protections: [], findings };
}

/** No rendering: the findings say why, unless somebody else does. */
export function unusable(conf: RegistriesConf, findings: readonly Finding[]): Rendering {
  return { bytes: null, digest: null, conf, searchOrigins: [], isUsable: false, protections: [], findings };
}

/** Reads the text again as CRI-O will, and refuses it unless it says exactly what was composed. */
function judge(text: string, conf: RegistriesConf, path: string): readonly Finding[] {
  const problems = [
    ...proveRendering(text, conf, path),
    ...validateRegistriesConf(conf, path),
    ...validateOwnLocations(conf, path),
  ];
  if (!hasErrors(problems)) return problems;
  const remedy = 'report this with the policy files; nothing was written';
  return [
    finding('renderingRefused', wholeFile(path), 'the rendering is not a valid registries.conf', remedy),
    ...problems,
  ];
}
