import { z } from 'zod';
import { duration, text } from './scalars.js';

/* Who may do what: the same keys for everybody, for an environment and for a cluster. */

export type Group = z.output<typeof Group>;
export type KindPolicyEntry = z.output<typeof KindPolicyEntry>;
export type PolicyEntry = z.output<typeof PolicyEntry>;
export type Kind = keyof z.output<typeof Kinds>;

export const USER = '^[UW][A-Z0-9]+$';

export const PRECEDENCE =
  'Key by key a closer place wins: this policy, then the environment’s, then the cluster’s; ' +
  'within one place what is said of the kind of change beats what is said of all kinds';

const Group = z
  .strictObject({
    users: z.array(text('A Slack user id', USER)).default([]).describe('Slack user ids'),
    groups: z
      .array(text('A Slack user group id', '^S[A-Z0-9]+$'))
      .default([])
      .describe('Slack user group ids'),
  })
  .meta({ id: 'people' });

const KindPolicyEntry = z
  .strictObject({
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
    outsideWindow: Group.optional().describe(
      'Approvers of whom one has to agree where a change would start outside the cluster’s windows; nobody where nothing is said',
    ),
    emergency: Group.optional().describe(
      'Who may approve a fix under NOSPACE alone, their own proposal too; they need not be approvers; nobody where nothing is said',
    ),
  })
  .meta({ id: 'policyOfOneKind' });

const OneKind = KindPolicyEntry.optional();

/** By the runbook's id. */
const Kinds = z.strictObject({
  compact: OneKind,
  defrag: OneKind,
  disarm: OneKind,
  'move-leader': OneKind,
  backup: OneKind,
  fix: OneKind,
  'restart-pods': OneKind,
});

export const PolicyEntry = KindPolicyEntry.extend({
  viewers: z
    .union([z.literal('channel'), Group], { error: 'must be `channel`, or { users: […], groups: […] }' })
    .optional()
    .describe('Who may read; `channel`: members of one of the cluster’s channels'),
  kinds: Kinds.optional().describe(`What differs for one kind of change. ${PRECEDENCE}`),
}).meta({ id: 'policy' });

export const KINDS = Object.keys(Kinds.shape) as readonly Kind[];
