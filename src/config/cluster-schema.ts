import { z } from 'zod';
import { CloserAlerts } from './alerts-schema.js';
import { clock, Day, Zone } from './calendar.js';
import { PolicyEntry } from './policy-schema.js';
import { ClusterId, duration, OnOff, Size, text } from './scalars.js';

/* One etcd cluster: how it is reached, and when and by whom it may be changed. */

export type ClusterEntry = z.output<typeof ClusterEntry>;
export type TlsEntry = z.output<typeof TlsEntry>;
export type AuthEntry = z.output<typeof AuthEntry>;
export type KubernetesEntry = z.output<typeof KubernetesEntry>;
export type WindowEntry = z.output<typeof WindowEntry>;

export const CHANNEL = '^[CG][A-Z0-9]+$';

const TlsEntry = z.strictObject({
  ca: text('File with the authority’s certificates, PEM; default: the system’s own').optional(),
  cert: text('File with the client’s certificate, PEM').optional(),
  key: text('File with the client’s private key, PEM').optional(),
});

const AuthEntry = z.strictObject({
  username: text('etcd user'),
  passwordFile: text('File that holds this user’s password'),
});

const KubernetesEntry = z.strictObject({
  kubeconfig: text('File as kubectl takes it').optional(),
  context: text('One of the kubeconfig’s contexts; default: its current one').optional(),
  inCluster: z
    .boolean()
    .default(false)
    .describe('Instead of a kubeconfig, where the bot itself runs in that Kubernetes'),
});

const OperateEntry = z.strictObject({
  tls: TlsEntry.optional().describe('Instead of `tls`; without ca, the ca of `tls`'),
  auth: AuthEntry.optional().describe('Instead of `auth`'),
  kubernetes: KubernetesEntry.optional().describe('Instead of `kubernetes`; the same API, another identity'),
});

const BackupEntry = z.strictObject({
  directory: text('Absolute path on the executor’s machine'),
  keep: z.int().min(1, 'must be 1 or more').default(3).describe('How many backups are kept'),
});

const WindowEntry = z.strictObject({
  days: z
    .array(Day)
    .min(1, 'names no day; list for example [tue, thu]')
    .describe('The days on which it begins'),
  from: clock('Wall clock, HH:MM, in quotes', 1439),
  to: clock('Wall clock, HH:MM, in quotes; before `from`: it ends on the next day', 1440),
  zone: Zone,
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
  kubernetes: KubernetesEntry.optional().describe(
    'The Kubernetes that this etcd serves, or serves Calico for; default: none is looked at',
  ),
  calico: z.boolean().default(false).describe('This etcd holds Calico’s data'),
  operate: OperateEntry.optional().describe(
    'The identity that changes are made with, read only by the roles executor and all; default: as above',
  ),
  changes: OnOff.prefault('on').describe('off: observe only; plans are shown, nothing can be approved'),
  quota: Size.optional().describe('Only where etcd can’t say it itself; 2GiB, 16MiB, or bytes'),
  channels: z
    .array(text('A Slack channel id', CHANNEL))
    .default([])
    .describe('Commands are accepted here, the first one gets the incidents; default: slack.alertsChannel'),
  windows: z
    .array(WindowEntry)
    .min(1, 'lists no window; list one, or take it out: then changes may start at any time')
    .optional()
    .describe('When changes may start; default: at any time'),
  settle: duration('Least pause between members, on top of waiting for conditions', 0).prefault('10s'),
  reraiseWatch: duration('How long the alarm is watched after a fix', 0).prefault('10m'),
  podPatience: duration(
    'How long pods that hang are left to their kubelets’ own retries, before a fix restarts them',
    0,
  ).prefault('3m'),
  backup: BackupEntry.optional(),
  policy: PolicyEntry.optional().describe('What differs from `policy` and from the environment’s'),
  alerts: CloserAlerts.optional().describe('What differs from `alerts` and from the environment’s'),
});
