import { z } from 'zod';
import { ClusterId, duration, Size, text } from './scalars.js';

/*
 * The configuration file's shape: types, known keys, defaults, units. What needs more than one value, or a look at
 * the disk, is checked afterwards, so that a wrong value in one place never hides a wrong one in another.
 */

export type Group = z.output<typeof Group>;
export type PolicyEntry = z.output<typeof PolicyEntry>;
export type ClusterEntry = z.output<typeof ClusterEntry>;
export type Settings = z.output<typeof Settings>;

const USER = '^[UW][A-Z0-9]+$';
const CHANNEL = '^[CG][A-Z0-9]+$';

const Group = z.strictObject({
  users: z.array(text('A Slack user id', USER)).default([]).describe('Slack user ids'),
  groups: z.array(text('A Slack user group id', '^S[A-Z0-9]+$')).default([]).describe('Slack user group ids'),
});

const PolicyEntry = z.strictObject({
  viewers: z
    .union([z.literal('channel'), Group], { error: 'must be `channel`, or { users: […], groups: […] }' })
    .optional()
    .describe('Who may read; `channel`: members of one of the cluster’s channels'),
  operators: Group.optional().describe('Who may propose changes, and cancel their own'),
  approvers: Group.optional().describe('Who may approve, deny, and cancel any change; never empty'),
  approvals: z
    .int()
    .min(1, 'must be 1 or more: nothing runs without an approval')
    .optional()
    .describe('How many approvals a change needs; 1 where nothing is said'),
  selfApproval: z
    .boolean()
    .optional()
    .describe('Whether who proposed may approve too; false where nothing is said'),
  approveWithin: duration('From proposal to the last approval; 30m', 1000).optional(),
  startWithin: duration('From approval to the start; 10m', 1000).optional(),
});

const TlsEntry = z.strictObject({
  ca: text('File with the authority’s certificates, PEM; default: the system’s own').optional(),
  cert: text('File with the client’s certificate, PEM').optional(),
  key: text('File with the client’s private key, PEM').optional(),
});

const AuthEntry = z.strictObject({
  username: text('etcd user'),
  passwordFile: text('File that holds this user’s password'),
});

const BackupEntry = z.strictObject({
  directory: text('Absolute path on the executor’s machine'),
  keep: z.int().min(1, 'must be 1 or more').default(3).describe('How many backups are kept'),
});

export const ClusterEntry = z.strictObject({
  name: text('What people call it; the key for everything that is stored about it'),
  aliases: z.array(text('Another name for it')).default([]),
  environment: text('One of `environments`').optional(),
  endpoints: z.array(text('A member’s client URL', '^https?://')).describe('One client URL for each member'),
  metrics: z
    .array(text('A member’s metrics URL', '^https?://'))
    .optional()
    .describe('One URL for each endpoint, in the same order; default: each client URL with /metrics'),
  clusterId: ClusterId.optional().describe('The id to insist on; default: pinned at first contact'),
  tls: TlsEntry.optional(),
  auth: AuthEntry.optional(),
  quota: Size.optional().describe('Only where etcd can’t say it itself; 2GiB, 16MiB, or bytes'),
  channels: z
    .array(text('A Slack channel id', CHANNEL))
    .default([])
    .describe('Commands are accepted here, the first one gets the incidents; default: slack.alertsChannel'),
  settle: duration('Least pause between members, on top of waiting for conditions', 0).prefault('10s'),
  reraiseWatch: duration('How long the alarm is watched after a fix', 0).prefault('10m'),
  backup: BackupEntry.optional(),
  policy: PolicyEntry.optional().describe('What differs from `policy` and from the environment’s'),
});

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

/** All but the clusters, which are looked at one by one. */
export const Settings = z.strictObject({
  stateDirectory: text('Where the bot keeps its own files').default('/var/lib/steward'),
  slack: Slack.prefault({}),
  http: Http.prefault({}),
  monitor: Monitor.prefault({}),
  policy: PolicyEntry.prefault({}).describe('Defaults; environments and clusters override, key by key'),
  environments: z.record(z.string(), z.strictObject({ policy: PolicyEntry.optional() })).default({}),
  audit: z.strictObject({ file: text('Default: audit.jsonl in stateDirectory').optional() }).prefault({}),
});

export const ConfigFile = Settings.extend({
  clusters: z.array(ClusterEntry).min(1, 'names no cluster; add one with a name and its endpoints'),
});

/** The published JSON Schema: what may be written, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(ConfigFile, { io: 'input', unrepresentable: 'any' });
  return { title: 'etcd-steward configuration', ...schema };
}
