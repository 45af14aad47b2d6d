import { z } from 'zod';
import { AlertsEntry, CloserAlerts } from './alerts-schema.js';
import { CHANNEL, ClusterEntry } from './cluster-schema.js';
import { PolicyEntry, PRECEDENCE } from './policy-schema.js';
import { count, duration, text } from './scalars.js';
import { thresholdsJsonSchema, type KnownRules } from './known-rules.js';

/*
 * The configuration file's shape: types, known keys, defaults, units. What needs more than one value, or a look at
 * the disk, is checked afterwards, so that a wrong value in one place never hides a wrong one in another.
 */

export type Settings = z.output<typeof Settings>;

const Slack = z.strictObject({
  mode: z.enum(['socket']).default('socket'),
  alertsChannel: text('Default channel for incidents, by id', CHANNEL).optional(),
});

const Http = z.strictObject({
  host: text('Where /healthz, /readyz and /metrics listen').default('127.0.0.1'),
  port: z
    .int()
    .min(0, 'must be 0 to 65535')
    .max(65_535, 'must be 0 to 65535')
    .default(8080)
    .describe('0 takes a free port'),
});

const Monitor = z.strictObject({
  interval: duration('How often every cluster is sampled', 250).prefault('15s'),
  metricsInterval: duration('How often the members’ metrics are read', 250).prefault('60s'),
});

const Limits = z.strictObject({
  perPerson: count('Commands of one person that are answered within a minute', 1).default(30),
  perCluster: count('Commands about one cluster that are answered within a minute', 1).default(120),
});

const Redis = z.strictObject({
  waitForReplicas: count(
    'How many replicas must have acknowledged a write before an act begins; 0: one, wherever Redis has any',
    0,
  ).default(0),
});

const EnvironmentEntry = z.strictObject({
  policy: PolicyEntry.optional(),
  alerts: CloserAlerts.optional(),
});

/** All but the clusters, which are looked at one by one. */
export const Settings = z.strictObject({
  stateDirectory: text('Where the bot keeps its own files').default('/var/lib/steward'),
  slack: Slack.prefault({}),
  http: Http.prefault({}),
  monitor: Monitor.prefault({}),
  policy: PolicyEntry.prefault({}).describe(`Defaults. ${PRECEDENCE}`),
  environments: z.record(z.string(), EnvironmentEntry).default({}),
  alerts: AlertsEntry.prefault({}),
  limits: Limits.prefault({}),
  redis: Redis.prefault({}),
  audit: z.strictObject({ file: text('Default: audit.jsonl in stateDirectory').optional() }).prefault({}),
});

export const ConfigFile = Settings.extend({
  clusters: z.array(ClusterEntry).min(1, 'names no cluster; add one with a name and its endpoints'),
});

/** The published JSON Schema: what may be written, for editors; with `rules`, also which thresholds there are. */
export function configJsonSchema(rules?: KnownRules): Record<string, unknown> {
  const { $defs, ...schema } = z.toJSONSchema(ConfigFile, { io: 'input', unrepresentable: 'any' });
  const thresholds = rules && { thresholds: { ...$defs?.['thresholds'], ...thresholdsJsonSchema(rules) } };
  return { title: 'etcd-steward configuration', ...schema, $defs: { ...$defs, ...thresholds } };
}
