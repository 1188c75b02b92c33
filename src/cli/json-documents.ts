// The --json documents of all commands: the types by which they are printed, and the schemas that are shipped.
import { z } from 'zod';
import {
  changes,
  checkedFile,
  contentChooser,
  difference,
  endpoints,
  fileDigest,
  findings,
  findingTitle,
  hold,
  outcome,
  policyFile,
  proof,
  pulls,
  recordedOutcome,
  recordedProof,
  recordHead,
  recordRest,
  registries,
  time,
  timeOrNull,
} from './json-parts.ts';

const holdOrNull = hold.nullable();
const planDigest = fileDigest.meta({ description: 'the same for the same plan, on any node; null: no plan' });
const standing = { isInForce: z.boolean(), isHeld: z.boolean() };

/** Where the settings or the state cannot be used there is nothing else to say. */
const failure = z.object({ findings });

const schemas = {
  outcome: z
    .object({
      outcome,
      proof: proof.nullable(),
      generation: z.int().nullable(),
      hold: holdOrNull,
      changes,
      planDigest,
      findings,
    })
    .meta({ title: 'icspd apply, restore, hold, resume, and adopt where it acts' }),
  adoption: z
    .object({
      adoption: z
        .object({
          baseline: z.string().nullable(),
          isRecorded: z.boolean(),
          needsForce: z.boolean(),
          baselineChanges: changes,
          altered: z.array(z.string()),
          differences: z.array(difference),
          settings: z.array(z.string()),
        })
        .nullable(),
      findings,
    })
    .meta({ title: 'icspd adopt where it only shows, or refuses' }),
  check: z.object({ files: z.array(checkedFile), findings }).meta({ title: 'icspd check' }),
  render: z
    .object({
      toml: z.string(),
      registries,
      searchRegistries: z.array(z.string()),
      shortNameMode: z.string(),
      findings,
    })
    .meta({ title: 'icspd render' }),
  diff: z
    .object({ changes, diff: z.string(), planDigest: planDigest, findings })
    .meta({ title: 'icspd diff' }),
  explain: z
    .object({
      reference: z.string(),
      matched: z.object({ scope: z.string(), file: z.string() }).nullable(),
      endpoints,
      notUsed: z.array(z.object({ location: z.string(), reason: z.string() })),
      problem: z.string().optional(),
      findings: findings.optional(),
    })
    .meta({ title: 'icspd explain' }),
  status: z
    .object({
      health: z.enum(['healthy', 'attention', 'unprotected', 'not running']),
      why: z.string(),
      generation: z.int().nullable(),
      outcome: recordedOutcome.nullable(),
      proof: recordedProof.nullable(),
      since: timeOrNull,
      digests: z.object({
        policies: fileDigest,
        baseline: fileDigest,
        dropIns: fileDigest,
        rendering: fileDigest,
        merged: fileDigest,
        onDisk: fileDigest,
      }),
      disk: z.string(),
      drift: changes,
      registriesConf: z.string(),
      baseline: z.string(),
      pin: holdOrNull,
      pinAgeSeconds: z.int().nullable(),
      files: z.array(policyFile),
      waiting: changes,
      planDigest,
      contentChoosers: z.array(contentChooser),
      crio: z.object({ active: z.string(), isFound: z.boolean(), version: z.string().nullable() }).nullable(),
      journal: z.enum(['persistent', 'volatile', 'none']).nullable(),
      daemon: z.object({ isRunning: z.boolean(), pid: z.int().nullable() }),
      node: z
        .object({
          os: z.string(),
          kernel: z.string(),
          cpus: z.number(),
          memoryBytes: z.number(),
          virtualization: z.string(),
        })
        .nullable(),
      findings,
    })
    .meta({ title: 'icspd status' }),
  'published-status': z
    .object({
      look: z
        .object({
          at: time,
          staleAt: time,
          by: z.string(),
          outcome,
          icspdVersion: z.string(),
        })
        .meta({ description: 'the last look; later than staleAt nobody looks after the node' }),
      health: z.enum(['healthy', 'attention', 'unprotected']),
      why: z.string(),
      generation: z.int().nullable(),
      outcome: recordedOutcome.nullable(),
      proof: recordedProof.nullable(),
      since: timeOrNull,
      digest: fileDigest,
      disk: z.string().nullable(),
      registriesConf: z.string(),
      pin: hold.pick({ generation: true, since: true, until: true }).nullable(),
      files: z.array(policyFile.pick({ path: true, state: true, standingInSince: true })),
      waitingCount: z.int(),
      planDigest,
      crioVersion: z.string().nullable(),
      findings: z.array(findingTitle),
    })
    .meta({ title: '/run/icspd/status.json, for everybody to read' }),
  'status-without-settings': z
    .object({ health: z.literal('attention'), why: z.string(), findings })
    .meta({ title: 'icspd status where the settings cannot be used' }),
  history: z
    .object({
      generations: z.array(
        z.union([
          z.object({
            number: z.int(),
            isReadable: z.literal(true),
            ...standing,
            ...recordHead,
            changes: z.object({ count: z.int(), first: z.string().nullable() }),
          }),
          z.object({ number: z.int(), isReadable: z.literal(false) }),
        ]),
      ),
      olderCount: z.int(),
      hold: holdOrNull,
      findings,
    })
    .meta({ title: 'icspd history' }),
  'history-show': z
    .object({
      generation: z.object({
        number: z.int(),
        ...recordHead,
        ...recordRest,
        ...standing,
        isKept: z.boolean(),
        toml: z.string().nullable(),
      }),
      findings,
    })
    .meta({ title: 'icspd history show N' }),
  'history-text': z.object({ toml: z.string(), findings }).meta({ title: 'icspd history show N --text' }),
  'history-diff': z
    .object({ changes, diff: z.string(), findings })
    .meta({ title: 'icspd history diff N [M]' }),
  import: z
    .object({
      policy: z.string(),
      baseline: z.string(),
      kept: z.array(z.object({ scope: z.string(), reason: z.string() })),
      pulls,
      written: z.array(z.string()),
      findings,
    })
    .meta({ title: 'icspd import' }),
  completion: z
    .object({ shell: z.string(), script: z.string(), findings })
    .meta({ title: 'icspd completion' }),
  failure: failure.meta({ title: 'any command that cannot do its work' }),
};

export type DocumentName = keyof typeof schemas;

/** What a command prints under the name. Members may be added; none is renamed or taken away. */
export type JsonDocument<Name extends DocumentName> = Frozen<z.infer<(typeof schemas)[Name]>>;

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** By name: JSON Schema 2020-12. Unknown members are allowed, since later versions have more of them. */
export function jsonSchemas(): ReadonlyMap<DocumentName, object> {
  const names = Object.keys(schemas) as DocumentName[];
  return new Map(names.map((name) => [name, z.toJSONSchema(schemas[name], { io: 'input' })]));
}

/** The document as its schema knows it, without what the schema does not name. Throws where it does not fit. */
export function readDocument(name: DocumentName, document: unknown): unknown {
  return schemas[name].parse(document);
}
