import { z } from 'zod';
import { clock, Day, Zone } from './calendar.js';
import { duration, text } from './scalars.js';

/* What is told of its own accord: when it fires, where it goes, and who is told when nobody looks. */

export type AlertsEntry = z.output<typeof AlertsEntry>;
export type PagerEntry = z.output<typeof PagerEntry>;
export type ThresholdsEntry = z.output<typeof ThresholdsEntry>;

const CHANNEL = '^[CG][A-Z0-9]+$';
const URL_PATTERN = '^https?://';
const LIMIT = 'must be a share, a number, a duration or a size; write for example 0.8, 4, 15m or 8GiB';

/** Which rules and names there are, and the unit of each, is known by the rules: see thresholds. */
const ThresholdsEntry = z
  .record(z.string(), z.record(z.string(), z.union([z.number(), z.string()], { error: LIMIT })))
  .meta({ id: 'thresholds', description: 'By the rule’s id and the threshold’s name; a closer place wins' });

/** What an environment or a cluster may say of its alerts. */
export const CloserAlerts = z.strictObject({ thresholds: ThresholdsEntry.default({}) });

const RouteEntry = z.strictObject({
  clusters: z.array(text('A cluster’s name')).default([]).describe('None: all'),
  environments: z.array(text('An environment')).default([]).describe('None: all'),
  severities: z
    .array(z.enum(['info', 'warning', 'critical']))
    .default([])
    .describe('None: all'),
  channel: text(
    'Where such an incident goes, by id; commands for these clusters are accepted there, too',
    CHANNEL,
  ),
});

const Reminders = z.strictObject({
  first: duration('After an incident began, while nobody acknowledges it', 1000).prefault('1h'),
  most: duration('The pause doubles with each, up to this', 1000).prefault('1d'),
});

const EscalationEntry = z.strictObject({
  after: duration('Nobody has acknowledged a critical incident for so long', 1000).prefault('15m'),
  groups: z
    .array(text('A Slack user group id', '^S[A-Z0-9]+$'))
    .default([])
    .describe('They are mentioned in its thread'),
  channel: text('Another channel that is told, by id', CHANNEL).optional(),
});

const DigestEntry = z.strictObject({
  every: z.enum(['day', 'week']).default('day'),
  at: clock('Wall clock, HH:MM, in quotes', 1439).prefault('08:00'),
  day: Day.optional().describe('With `every: week`; default: mon'),
  zone: Zone.prefault('UTC'),
});

const HeartbeatEntry = z.strictObject({
  url: text('Called while all is watched', URL_PATTERN).optional(),
  urlFile: text('File that holds the URL and nothing else').optional(),
  every: duration('How often it is called', 250).prefault('1m'),
});

const name = text('What the log calls it; default: its kind. Two pagers never share a name').optional();

const PagerEntry = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('pagerduty'),
      name,
      routingKeyFile: text('File that holds the integration key of Events API v2'),
      url: text('Base of the Events API', URL_PATTERN).default('https://events.pagerduty.com'),
    }),
    z.strictObject({
      kind: z.literal('alertmanager'),
      name,
      url: text('Alertmanager’s base, without /api', URL_PATTERN),
      bearerTokenFile: text('File that holds a token, where it asks for one').optional(),
    }),
    z.strictObject({
      kind: z.literal('webhook'),
      name,
      url: text('Gets one JSON object for each page', URL_PATTERN).optional(),
      urlFile: text('File that holds the URL and nothing else').optional(),
      secretFile: text('File that holds the secret which signs each request').optional(),
    }),
  ],
  { error: 'must be a pager with `kind`: pagerduty, alertmanager or webhook' },
);

export const AlertsEntry = z.strictObject({
  thresholds: ThresholdsEntry.default({}),
  routes: z
    .array(RouteEntry)
    .default([])
    .describe('The first that fits takes the incident; none fits: the cluster’s first channel'),
  reminders: Reminders.prefault({}),
  escalation: EscalationEntry.optional().describe('Default: nobody else is told'),
  digest: z
    .union([z.literal(false), z.literal('off'), DigestEntry], {
      error: 'must be `off`, or { every: day, at: "08:00", zone: Europe/Berlin }',
    })
    .default('off')
    .describe('What is worth knowing of the last day or week, for each channel'),
  heartbeat: HeartbeatEntry.optional().describe('A dead man’s switch; default: none is called'),
  pagers: z.array(PagerEntry).default([]).describe('They are told of critical incidents'),
});
