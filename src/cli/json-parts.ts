// The parts that several --json documents share, as schemas. Loaded by the build and the tests only; the program has the types.
import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** sha256 in hex; null where there is no file. */
export const fileDigest = digest.nullable().meta({ description: 'sha256 in hex; null: no file' });
export const time = z.string().meta({ description: 'UTC, ISO 8601' });
export const timeOrNull = time.nullable();

export const finding = z
  .object({
    id: z.string().regex(/^ICSP\d{3}$/),
    severity: z.enum(['error', 'warning', 'notice']),
    file: z.string().nullable(),
    line: z.int().nullable(),
    column: z.int().nullable(),
    message: z.string(),
    help: z.string(),
  })
  .meta({ id: 'finding', description: 'one thing to tell; line and column count from 1' });
export const findings = z.array(finding);
export const findingTitle = finding
  .omit({ message: true, help: true })
  .extend({ title: z.string() })
  .meta({ id: 'findingTitle', description: 'what the id stands for, without what stands in files' });

const origin = z
  .object({ file: z.string(), line: z.int(), kind: z.string(), name: z.string() })
  .meta({ id: 'origin', description: 'the policy entry behind something' });
export const origins = z.array(origin);

const change = z
  .object({ class: z.enum(['safe', 'risky']), scope: z.string().nullable(), sentence: z.string() })
  .meta({ id: 'change', description: 'what changes for pulls; safe: cannot change what a node gets' });
export const changes = z.array(change);

const actor = z
  .object({
    uid: z.int(),
    loginUid: z.int().nullable(),
    tty: z.string().nullable(),
    command: z.string(),
  })
  .meta({ id: 'actor', description: 'who asked' });

export const hold = z
  .object({
    digest: fileDigest,
    generation: z.int().nullable(),
    reason: z.string(),
    actor,
    since: time,
    until: timeOrNull,
    deployment: z.string().nullable(),
  })
  .meta({ id: 'hold', description: 'an order to keep a file in force; until null: until icspd resume' });

export const outcome = z.enum([
  'applied',
  'unchanged',
  'parked',
  'held',
  'refused',
  'rolled-back',
  'degraded',
]);
export const proof = z.enum(['applied', 'started-after', 'none', 'pending', 'refused', 'blocked-elsewhere']);
export const recordedOutcome = z.enum([...outcome.options, 'pending', 'unknown']);
export const recordedProof = z.enum([...proof.options, 'unknown']);

const places = z.object({ before: z.array(z.string()), after: z.array(z.string()) });
export const pulls = z.array(z.object({ scope: z.string(), digest: places, tag: places }));

export const difference = z.object({ scope: z.string(), before: z.string(), after: z.string() });

const endpoint = z.object({
  reference: z.string(),
  location: z.string(),
  insecure: z.boolean(),
  blocked: z.boolean(),
  via: z.enum(['mirror', 'source']),
  origins: origins.optional(),
});
export const endpoints = z.array(endpoint).meta({ description: 'in the order in which they are tried' });

export const registries = z.array(
  z.object({
    scope: z.string(),
    location: z.string(),
    insecure: z.boolean(),
    blocked: z.boolean(),
    mirrors: z.array(
      z.object({
        location: z.string(),
        insecure: z.boolean(),
        pull: z.enum(['all', 'digest-only', 'tag-only']),
        origins,
      }),
    ),
    origins,
  }),
);

/** What a list of generations shows of each. */
export const recordHead = {
  startedAt: time,
  writtenAt: timeOrNull,
  outcome: recordedOutcome,
  proof: recordedProof,
  reason: z.string(),
  actor,
  digest: fileDigest,
  crioVersion: z.string().nullable(),
  icspdVersion: z.string(),
  deployment: z.string().nullable(),
};

/** What the list leaves out. */
export const recordRest = {
  writtenInBoot: z
    .object({ at: time, bootId: z.string(), monotonicUs: z.int() })
    .nullable()
    .optional()
    .meta({ description: 'when it was written by the clock of the boot; null or missing: not known' }),
  previousDigest: fileDigest,
  baselineDigest: fileDigest,
  baselineChange: z.object({ by: z.enum(['layer', 'adopt']), from: fileDigest }).optional(),
  inputsDigest: digest,
  policies: z.array(z.object({ path: z.string(), digest })),
  bootId: z.string().nullable(),
  changes: z.array(z.string()),
  origins: z.record(z.string(), origins),
  provenance: z
    .object({ mirrors: z.unknown(), search: z.unknown() })
    .optional()
    .meta({ description: 'the entries behind single mirrors and the search list' }),
  reloadFailures: z
    .object({ failures: z.int(), lastAt: time, inputsDigest: z.string(), finding: finding.nullable() })
    .nullable()
    .optional()
    .meta({ description: 'reloads in a row that did not make CRI-O load the text; null or missing: none' }),
};

const fileState = z.enum(['accepted', 'refused', 'unsupported', 'masked', 'overridden', 'skipped']);
export const checkedFile = z.object({ path: z.string(), state: fileState, reason: z.string().optional() });
export const policyFile = z.object({
  path: z.string(),
  state: fileState,
  reason: z.string().nullable(),
  standingInSince: timeOrNull,
  digest: fileDigest,
});

export const contentChooser = z
  .object({
    how: z.enum(['tag mirror', 'insecure', 'search registry', 'alias']),
    who: z.string(),
    scope: z.string().nullable(),
    file: z.string(),
    origins,
  })
  .meta({ id: 'contentChooser', description: 'who can choose what an image contains' });
