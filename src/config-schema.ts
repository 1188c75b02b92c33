// The schema of icspd.conf, apart from config.ts so that a node without a settings file never loads the schema library.
import { z } from 'zod';
import { defaultSettings, isCrioVersion, type Settings } from './config.ts';
import { quote } from './escape.ts';
import { isFullReference } from './registries/reference.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration such as `50ms`, `30s`, `5m`, `8h`; null if it is not one. */
export function parseDuration(text: string): number | null {
  const match = /^([0-9]{1,9})(ms|s|m|h)$/.exec(text);
  const factor = units[match?.[2] ?? ''];
  return match === null || factor === undefined ? null : Number(match[1]) * factor;
}

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  context.addIssue({ code: 'custom', message: 'must be a duration such as "50ms", "30s", "5m" or "8h"' });
  return z.NEVER;
});
/** It stands in shell commands that icspd shows, and below --root: so no `..`, and nothing that a terminal would not show. */
const absolutePath = z
  .string()
  .regex(
    /^(?:\/(?!\.{1,2}(?:\/|$))[\x21-\x2e\x30-\x7e]+)+$/,
    'must be an absolute path without "..", spaces or letters outside ASCII',
  );
const version = z.string().refine(isCrioVersion, 'must be a version such as "1.33.2"');
const image = z.string().superRefine((text, context) => {
  if (isFullReference(text)) return;
  const message = `must hold images with their registry, such as "registry.k8s.io/pause:3.10", and not ${quote(text)}`;
  context.addIssue({ code: 'custom', message });
});
const unit = z.string().regex(/^[A-Za-z0-9@_.:-]+\.service$/, 'must be a unit such as "crio.service"');

const file = z.object({
  'policy-dirs': z.array(absolutePath).min(1).optional(),
  'registries-conf': absolutePath.optional(),
  apply: z.enum(['all', 'safe', 'observe']).optional(),
  drift: z.enum(['refuse', 'layer', 'overwrite']).optional(),
  'must-pull': z.array(image).optional(),
  'history-keep': z.int().min(2).optional(),
  resync: duration.optional(),
  'quiet-period': duration.optional(),
  'quiet-period-max': duration.optional(),
  'assume-crio-version': version.optional(),
  'allow-mco-node': z.boolean().optional(),
  'log-level': z.enum(['error', 'warning', 'notice', 'info', 'debug']).optional(),
  reload: z.object({ unit: unit.optional(), timeout: duration.optional() }).optional(),
  content: z.object({ hosts: z.array(z.string().min(1)).optional() }).optional(),
});

/** TOML table → Settings, with the default for every key that is absent. */
export const settingsSchema = file.transform((raw): Settings => ({
  policyDirs: raw['policy-dirs'] ?? defaultSettings.policyDirs,
  registriesConf: raw['registries-conf'] ?? defaultSettings.registriesConf,
  apply: raw.apply ?? defaultSettings.apply,
  drift: raw.drift ?? defaultSettings.drift,
  mustPull: raw['must-pull'] ?? defaultSettings.mustPull,
  historyKeep: raw['history-keep'] ?? defaultSettings.historyKeep,
  resyncMs: raw.resync ?? defaultSettings.resyncMs,
  quietPeriodMs: raw['quiet-period'] ?? defaultSettings.quietPeriodMs,
  quietPeriodMaxMs: raw['quiet-period-max'] ?? defaultSettings.quietPeriodMaxMs,
  assumeCrioVersion: raw['assume-crio-version'] ?? defaultSettings.assumeCrioVersion,
  allowMcoNode: raw['allow-mco-node'] ?? defaultSettings.allowMcoNode,
  logLevel: raw['log-level'] ?? defaultSettings.logLevel,
  reloadUnit: raw.reload?.unit ?? defaultSettings.reloadUnit,
  reloadTimeoutMs: raw.reload?.timeout ?? defaultSettings.reloadTimeoutMs,
  contentHosts: raw.content?.hosts ?? defaultSettings.contentHosts,
}));

/** Every key that may stand in the file, with the table before the dot. */
export const settingNames: ReadonlySet<string> = new Set([
  ...Object.keys(file.shape).filter((key) => key !== 'reload' && key !== 'content'),
  'reload.unit',
  'reload.timeout',
  'content.hosts',
]);
