import { isTerminal, type Operation } from '../../../src/domain/operation.js';
import { cancel } from '../../../src/engine/cancel.js';
import { execute } from '../../../src/engine/execute.js';
import { pauseChanges, resumeChanges } from '../../../src/engine/pause.js';
import { propose } from '../../../src/engine/propose.js';
import { review } from '../../../src/engine/review.js';
import { sweep } from '../../../src/engine/sweep.js';
import { makeDeps, type Machine } from './deps.js';
import type { Event } from './events.js';
import { TEAM } from './people.js';
import type { Trouble } from './trouble.js';

const CHANNEL = 'C0PLATFORM';

/** What is done by people, through the bot, and by its processes. */
export type Deed = Extract<
  Event,
  { is: 'propose' | 'click' | 'quorum' | 'cancel' | 'execute' | 'jobs' | 'sweep' | 'pause' | 'resume' }
>;

type Of<K extends Deed['is']> = Extract<Deed, { is: K }>;
type Click = Omit<Of<'click'>, 'is' | 'op'>;

/** `clicks`: each that was made is noted there, as "op1 U2 approve". */
export function makeActors(machine: Machine, clicks: Set<string>): (deed: Deed) => Promise<unknown> {
  const { operations } = machine.memory;

  async function pick(index: number): Promise<Operation | undefined> {
    const all = await operations.recent(1000);
    const open = all.filter((operation) => !isTerminal(operation));
    const among = index % 3 > 0 && open.length > 0 ? open : all;
    return among[Math.floor(index / 3) % Math.max(1, among.length)];
  }

  async function click(operation: Operation | undefined, made: Click): Promise<void> {
    if (!operation) return;
    const { who: userId, verdict, emergency, reason, trouble } = made;
    clicks.add(`${operation.id} ${userId} ${verdict}`);
    const request = { operationId: operation.id, actor: { teamId: TEAM, userId }, channel: CHANNEL };
    const more = { verdict, reason, ...(emergency && { emergency }) };
    await review(makeDeps(machine, trouble), machine.cluster, { ...request, ...more });
  }

  async function quorum({ op, trouble }: Of<'quorum'>): Promise<void> {
    const operation = await pick(op);
    const plain = { verdict: 'approve', emergency: false, reason: '', trouble } as const;
    for (const who of ['U2', 'U3', 'U4']) await click(operation, { who, ...plain });
  }

  async function proposed({ who, runbook, trouble }: Of<'propose'>): Promise<void> {
    // Who may propose is asked before: see dispatch.
    if (!machine.cluster.policy.operators.users.includes(who)) return;
    await propose(makeDeps(machine, trouble), machine.cluster, questionOf(who, runbook));
  }

  function questionOf(userId: string, verb: string) {
    const rest = { version: 1, options: { reason: 'because' }, place: { channel: CHANNEL }, facts: [] };
    const asked = { asker: { teamId: TEAM, userId }, askedAt: machine.clock.now() };
    return { id: machine.ids.next(), verb, cluster: machine.cluster.name, ...asked, ...rest };
  }

  async function cancelled({ op, who: userId, trouble }: Of<'cancel'>): Promise<void> {
    const operationId = (await pick(op))?.id ?? 'none';
    const request = { operationId, actor: { teamId: TEAM, userId }, channel: CHANNEL };
    await cancel(makeDeps(machine, trouble), machine.cluster, request);
  }

  async function work(operationIds: readonly string[], trouble: Trouble): Promise<void> {
    for (const id of operationIds) await execute(makeDeps(machine, trouble), id);
  }

  async function steer({ is, all }: Of<'pause' | 'resume'>): Promise<void> {
    const question = { ...questionOf('U1', is), cluster: all ? null : machine.cluster.name };
    await (is === 'pause' ? pauseChanges : resumeChanges)(makeDeps(machine), question);
  }

  return async (deed) => {
    if (deed.is === 'propose') return proposed(deed);
    if (deed.is === 'click') return click(await pick(deed.op), deed);
    if (deed.is === 'quorum') return quorum(deed);
    if (deed.is === 'cancel') return cancelled(deed);
    if (deed.is === 'execute') return work([(await pick(deed.op))?.id ?? 'none'], deed.trouble);
    if (deed.is === 'jobs') return work(machine.jobs.splice(0), deed.trouble);
    if (deed.is === 'sweep') return sweep(makeDeps(machine, deed.trouble));
    return steer(deed);
  };
}
