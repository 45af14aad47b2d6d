import fc from 'fast-check';
import { MINUTE } from '../../facts.js';
import { PEOPLE, POLICIES } from './people.js';
import type { Trouble } from './trouble.js';

/** How an act ends: what the server does, and what the client sees of it. */
export const FATES = ['done', 'refused', 'done-unseen', 'not-done-unseen', 'goes-on-unseen'] as const;
export const HOURS = ['none', 'open', 'closed', 'soon'] as const;
export const FACTS = ['incident', 'calm', 'corrupt', 'down'] as const;

/** What people, processes and the world may do. `op`: which operation, counted among those there are. */
export type Event =
  | Done<{ is: 'propose'; who: string; runbook: 'fix' | 'compact' }>
  | Done<{ is: 'click'; who: string; op: number; verdict: 'approve' | 'deny' } & Alone>
  | Done<{ is: 'quorum'; op: number }>
  | Done<{ is: 'cancel'; who: string; op: number }>
  | Done<{ is: 'execute'; op: number }>
  | Done<{ is: 'jobs' }>
  | Done<{ is: 'sweep' }>
  | { readonly is: 'time'; readonly ms: number }
  | { readonly is: 'pause' | 'resume'; readonly all: boolean }
  | { readonly is: 'policy'; readonly which: number }
  | { readonly is: 'changes' | 'blind' | 'stopping' | 'slack-away'; readonly on: boolean }
  | { readonly is: 'windows'; readonly which: (typeof HOURS)[number] }
  /** What the cluster says from now on, or what the monitor has just read. */
  | { readonly is: 'facts' | 'sampled'; readonly which: (typeof FACTS)[number] }
  | { readonly is: 'written' }
  /** Of the act after so many others. */
  | { readonly is: 'fate'; readonly of: (typeof FATES)[number]; readonly after: number }
  /** At the same time, each begun after so many turns of the others. */
  | { readonly is: 'together'; readonly events: readonly Timed[] };

/** By a process, which may meet with trouble. */
type Done<T> = Readonly<T> & { readonly trouble: Trouble };
type Alone = { readonly emergency: boolean; readonly reason: string };
export type Timed = { readonly event: Event; readonly after: number };

const who = fc.constantFrom(...PEOPLE);
/** Mostly the newest one that is open: see `pick`. */
const op = fc.constantFrom(1, 1, 1, 1, 4, 4, 0, 3, 7);
const rarely = fc.nat(9).map((n) => n === 0);
const is = <const T extends string>(name: T) => fc.constant(name);

const at = fc.integer({ min: 1, max: 90 });
const NONE: Trouble = { is: 'none' };

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(NONE) },
  { weight: 2, arbitrary: fc.record({ is: is('death'), at, after: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ is: is('sleep'), at, turns: fc.constantFrom(50, 200, 600) }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: is('redis'), at, calls: fc.integer({ min: 1, max: 6 }), after: fc.boolean() }),
  },
);

/** The bot’s own: a person sees that nothing came of a click, and clicks again. */
const seldom = fc.oneof({ weight: 7, arbitrary: fc.constant(NONE) }, { weight: 1, arbitrary: trouble });

const propose = fc.record({
  is: is('propose'),
  who: fc.constantFrom('U1', 'U1', 'U1', 'U5', 'U6'),
  runbook: fc.constantFrom('fix', 'fix', 'compact'),
  trouble: seldom,
});
const quorum = fc.record({ is: is('quorum'), op, trouble: seldom });
const emergency = fc.record({
  is: is('click'),
  who: fc.constantFrom('U5', 'U5', 'U2'),
  op: fc.constant(1),
  verdict: fc.constantFrom('approve', 'approve', 'deny'),
  emergency: fc.constant(true),
  reason: fc.constantFrom('', 'pods do not start', 'pods do not start'),
  trouble: seldom,
});
const click = fc.record({
  is: is('click'),
  who,
  op,
  verdict: fc.constantFrom('approve', 'approve', 'approve', 'deny'),
  emergency: rarely,
  reason: fc.constantFrom('', 'pods do not start'),
  trouble: seldom,
});
/** The newest proposal, by some of them; its proposer may be one. */
const approvals = fc.array(
  fc.record({
    is: is('click'),
    who: fc.constantFrom('U6', 'U6', 'U2', 'U3', 'U4', 'U1'),
    op: fc.constant(1),
    verdict: is('approve'),
    emergency: fc.constant(false),
    reason: fc.constant(''),
    trouble: seldom,
  }),
  { minLength: 1, maxLength: 3 },
);
const work: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ is: is('execute'), op, trouble }),
  fc.record({ is: is('jobs'), trouble }),
  fc.record({ is: is('sweep'), trouble }),
);
const cancel = fc.record({ is: is('cancel'), who, op, trouble: seldom });

const steering: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ is: fc.constantFrom('pause', 'resume', 'resume'), all: fc.boolean() }),
  fc.record({ is: is('policy'), which: fc.nat(POLICIES.length - 1) }),
  fc.record({ is: is('changes'), on: rarely.map((off) => !off) }),
  fc.record({ is: is('windows'), which: fc.constantFrom('none', ...HOURS) }),
  fc.record({ is: is('stopping'), on: fc.boolean() }),
);
const world: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    is: is('time'),
    ms: fc.constantFrom(1000, 20_000, 20_000, 4 * MINUTE, 12 * MINUTE, 31 * MINUTE),
  }),
  fc.record({
    is: fc.constantFrom('facts', 'sampled', 'sampled'),
    which: fc.constantFrom('incident', 'incident', ...FACTS),
  }),
  fc.record({ is: is('fate'), of: fc.constantFrom(...FATES), after: fc.nat(7) }),
  fc.record({ is: is('fate'), of: fc.constantFrom(...FATES), after: fc.nat(7) }),
  fc.record({ is: is('written') }),
  fc.record({ is: fc.constantFrom('blind', 'slack-away'), on: rarely }),
);

const pause = fc.record({ is: is('pause'), all: fc.boolean() });
const busy = fc.oneof(propose, quorum, click, click, work, work, work, cancel, pause);
const together: fc.Arbitrary<Event> = fc.record({
  is: is('together'),
  events: fc.array(fc.record({ event: busy, after: fc.nat(400) }), { minLength: 2, maxLength: 5 }),
});

const some = fc.oneof(fc.constant([]), fc.array(fc.oneof(steering, world), { maxLength: 2 }));
const anything = fc.array(fc.oneof(steering, world, busy, together, together), { maxLength: 6 });
/** The same job twice, almost at once. */
const doubled = fc.nat(80).map((after): Event => {
  const event: Event = { is: 'execute', op: 1, trouble: NONE };
  return {
    is: 'together',
    events: [
      { event, after: 0 },
      { event, after },
    ],
  };
});
const begun = fc.oneof(work, work, together, together, doubled);

/** As it usually goes, with the world changing in between; and something of everything. */
const chapter = fc
  .tuple(
    propose,
    some,
    fc.oneof(quorum, quorum, approvals, approvals, emergency),
    some,
    begun,
    some,
    begun,
    anything,
  )
  .map((parts) => parts.flat());

export function histories(maxChapters: number): fc.Arbitrary<readonly Event[]> {
  return fc
    .array(fc.oneof(chapter, chapter, chapter, anything), { minLength: 1, maxLength: maxChapters })
    .map((all) => all.flat());
}

/** What was approved before may be approved anew. */
export const anew: fc.Arbitrary<readonly Event[]> = fc.array(fc.oneof(quorum, quorum, work, work, world), {
  maxLength: 8,
});

/** Processes at work, and time; no person. */
export const afterwards: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.oneof(work, together.map(withoutPeople), world),
  {
    maxLength: 8,
  },
);

function withoutPeople(event: Event): Event {
  if (event.is !== 'together') return event;
  const events = event.events.filter((one) => ['execute', 'jobs', 'sweep'].includes(one.event.is));
  return { ...event, events };
}
