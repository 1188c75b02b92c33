// icspd explain: every endpoint that a pull of IMAGE would try, in order, and where each comes from.
import type { Agent } from '../agent/reconciliation.ts';
import { readDropIns } from '../agent/drop-in-files.ts';
import { escape, quote } from '../escape.ts';
import { hasErrors, type Finding } from '../finding.ts';
import { mergeConfs, type MergedConf } from '../registries/merge.ts';
import { emptyConf, scopeOf, type RegistriesConf } from '../registries/model.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { resolvePull, type Resolution } from '../registries/resolve.ts';
import { expandShortName, refuseAmbiguous } from '../registries/short-names.ts';
import { validateRegistriesConf } from '../registries/validate.ts';
import { readRuntimeFiles } from '../host/runtime-files.ts';
import type { Call } from './command.ts';
import { hasEndpoint, printExplained, type Explained } from './explain-report.ts';
import type { JsonDocument } from './json-documents.ts';
import { lookAtNode } from './look.ts';
import { jsonFindings, type Output } from './output.ts';

/** Exit status: 0 if an endpoint is left, else 1. */
export async function run({ positionals, output, openAgent }: Call): Promise<number> {
  const [image = ''] = positionals;
  const agent = await openAgent();
  const { merged, mainFile, aliases, crio, findings } = await readMerged(agent);
  if (hasErrors(findings)) {
    if (output.isJson)
      output.printJson('explain', { ...emptyAnswer(image), findings: jsonFindings(findings) });
    output.printFindings(findings);
    output.tell('the container runtime refuses this configuration: no pull is resolved by it');
    return 1;
  }
  output.printFindings(findings);
  const names = refuseAmbiguous(image, expandShortName(image, merged, aliases), crio);
  if (names.problem !== null) {
    if (output.isJson) output.printJson('explain', { ...emptyAnswer(image), problem: names.problem });
    else output.say(escape(names.problem));
    return 1;
  }
  if (output.isJson)
    return printJson(
      output,
      names.references.map((name) => resolvePull(merged, name)),
      image,
    );
  if (names.file !== null)
    output.say(`${quote(image)} is a short name (${names.via}, ${escape(names.file)})`);
  const answers = names.references.map((name) => ({ ...explain(name, merged), mainFile }));
  for (const answer of answers) printExplained(output, answer);
  return answers.some(({ ways }) => ways.some(({ resolution }) => hasEndpoint(resolution))) ? 0 : 1;
}

/** The configuration that the runtime would read now, with the policy entries behind ours. */
async function readMerged(agent: Agent): Promise<{
  readonly merged: MergedConf;
  readonly mainFile: string;
  readonly aliases: Parameters<typeof expandShortName>[2];
  readonly crio: Parameters<typeof refuseAmbiguous>[2];
  readonly findings: readonly Finding[];
}> {
  const { plan, seen } = await lookAtNode(agent);
  const files = readRuntimeFiles(agent.paths, seen.crioConf);
  const parsed = files.main === null ? null : parseRegistriesConf(files.main.bytes, files.main.path);
  const conf = parsed?.conf ?? emptyConf;
  const file = files.main?.path ?? agent.paths.registriesConf;
  const dropIns = readDropIns(files.dropIns, seen.crioVersion);
  const main = { file, conf: withOrigins(conf, plan.rendering.conf) };
  const merged = mergeConfs(main, dropIns.valid);
  const machine =
    files.aliases === null ? null : parseRegistriesConf(files.aliases.bytes, files.aliases.path).conf;
  return {
    merged,
    mainFile: file,
    crio: { version: seen.crioVersion, shortNameMode: files.shortNameMode },
    aliases:
      files.aliases === null || machine === null
        ? null
        : { file: files.aliases.path, aliases: machine.aliases },
    findings: [
      ...files.findings,
      ...(parsed?.findings ?? []),
      ...validateRegistriesConf(conf, file),
      ...dropIns.findings,
      ...merged.findings,
    ],
  };
}

/** The file says what; the composition of today's policies says why. What it does not know (an older rendering) stays without. */
function withOrigins(conf: RegistriesConf, composed: RegistriesConf): RegistriesConf {
  const known = new Map(composed.registries.map((registry) => [scopeOf(registry), registry]));
  return {
    ...conf,
    registries: conf.registries.map((registry) => {
      const table = known.get(scopeOf(registry));
      if (table === undefined) return registry;
      const origins = new Map(
        table.mirrors.map((mirror) => [`${mirror.pullFromMirror} ${mirror.location}`, mirror.origins]),
      );
      return {
        ...registry,
        origins: table.origins,
        mirrors: registry.mirrors.map((mirror) => ({
          ...mirror,
          origins: origins.get(`${mirror.pullFromMirror} ${mirror.location}`) ?? [],
        })),
      };
    }),
  };
}

/** A digest that stands for any: the endpoints do not depend on which. */
const anyDigest = `sha256:${'0'.repeat(64)}`;

/** A name with neither tag nor digest is shown both ways, since mirrors may serve only one. */
function explain(name: string, merged: MergedConf): Omit<Explained, 'mainFile'> {
  const lastPart = name.slice(name.lastIndexOf('/') + 1);
  const byTag = { kind: 'tag' as const, resolution: resolvePull(merged, name) };
  if (lastPart.includes('@')) return { name, ways: [{ ...byTag, kind: 'digest' }] };
  if (lastPart.includes(':')) return { name, ways: [byTag] };
  const byDigest = { kind: 'digest' as const, resolution: resolvePull(merged, `${name}@${anyDigest}`) };
  return { name, ways: [byDigest, byTag] };
}

/** `--json` answers for one reference: the first of a short name that has an endpoint left. */
function printJson(output: Output, resolutions: readonly Resolution[], image: string): number {
  const resolution = resolutions.find(hasEndpoint) ?? resolutions[0];
  if (resolution === undefined) {
    output.printJson('explain', emptyAnswer(image));
    return 1;
  }
  const { reference, matched, notUsed, problem } = resolution;
  const endpoints = resolution.endpoints.map(
    ({ reference: rewritten, location, insecure, blocked, via, origins }) => ({
      reference: rewritten,
      location,
      insecure,
      blocked,
      via,
      ...(origins.length === 0 ? {} : { origins }),
    }),
  );
  output.printJson('explain', {
    reference,
    matched,
    endpoints,
    notUsed,
    ...(problem === null ? {} : { problem }),
  });
  return hasEndpoint(resolution) ? 0 : 1;
}

function emptyAnswer(image: string): JsonDocument<'explain'> {
  return { reference: image, matched: null, endpoints: [], notUsed: [] };
}
