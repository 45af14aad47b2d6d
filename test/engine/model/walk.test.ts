import { describe, expect, it } from '@jest/globals';
import type { Operation } from '../../../src/domain/operation.js';
import { CALL_FAULTS, happeningsWith, LASTING, READS } from './faults.js';
import { neversBroken } from './nevers.js';
import { SCENARIOS, staged, type Scenario } from './scenarios.js';
import type { Disturbance, Stage } from './stage.js';
import { liesOf } from './truth.js';

/** Acts are disturbed all; of the readings between them one in so many, another one for each disturbance. EVERY=1: all. */
const EVERY = Number(process.env['EVERY'] ?? 13);

async function disturbed(scenario: Scenario, at: number, what: Disturbance): Promise<readonly string[]> {
  const stage = await staged(scenario);
  const operation = await stage.run((_call, index) => (index === at ? what : null));
  return [...neversBroken(stage, operation), ...(await liesOf(stage, operation))];
}

/** What is wrong with any of the runs that meet with this at one of their calls. */
async function walked(scenario: Scenario, what: Disturbance, phase: number): Promise<readonly string[]> {
  const smooth = await staged(scenario);
  await smooth.run();
  const found: string[] = [];
  for (const [at, { kind, member }] of smooth.cluster.calls.entries()) {
    if (READS.has(kind) && at % EVERY !== phase % EVERY) continue;
    const wrong = await disturbed(scenario, at, what);
    found.push(...wrong.map((one) => `${String(at)}: ${kind} ${member}: ${one}`));
  }
  return found;
}

describe.each(Object.entries(SCENARIOS))('%s breaks no Never and tells no lie', (_name, scenario) => {
  const table = <T extends Disturbance>(all: readonly [string, T][]) =>
    all.map(([what, disturbance], phase) => ({ what, disturbance, phase }));

  it('where nothing disturbs it', async () => {
    expect(await disturbed(scenario, -1, null)).toEqual([]);
  });
  it.each(table(Object.entries(CALL_FAULTS)))('where a call $what', async ({ disturbance, phase }) => {
    expect(await walked(scenario, disturbance, phase)).toEqual([]);
  });
  it.each(table(happeningsWith(scenario.members ?? 3)))('where $what', async ({ disturbance, phase }) => {
    expect(await walked(scenario, disturbance, phase)).toEqual([]);
  });
  it.each(['dies', 'dies after it'] as const)('where its process %s, at a call', async (death) => {
    expect(await walked(scenario, death, death.length)).toEqual([]);
  });
});

/** Acts as they reached the cluster: "defragment m2". */
function actsOf({ cluster }: Stage): readonly string[] {
  const acts = cluster.calls.filter(({ kind }) => !READS.has(kind));
  return acts.map(({ kind, member, about }) =>
    kind === 'defragment' ? `${kind} ${member}` : `${kind} ${about}`.trim(),
  );
}

describe('where nothing disturbs it, what is sent', () => {
  const whole = ['compact 4812990', 'defragment m2', 'defragment m3', 'moveLeader m2', 'defragment m1'];

  it.each<[string, readonly string[], Operation['state']]>([
    ['fix', [...whole, 'disarm m1 NOSPACE', 'writeProbe'], 'succeeded'],
    // A gate after the first one: what is really in use does not get smaller.
    ['fix of data that is too big', ['compact 4812990', 'defragment m2'], 'failed'],
    [
      'fix of one member',
      ['compact 4812990', 'defragment m1', 'disarm m1 NOSPACE', 'writeProbe'],
      'succeeded',
    ],
    ['defrag', [...whole.slice(1), 'writeProbe'], 'succeeded'],
    ['compact', ['compact 4812990', 'writeProbe'], 'succeeded'],
    [
      'fix of what pods wait for',
      [
        ...['compact 4812990', 'defragment m1', 'disarm m1 NOSPACE', 'writeProbe'],
        ...['guarded', 'w-1', 'w-2', 'w-3', 'w-4'].map((name) => `evict uid-of-${name}`),
      ],
      'succeeded',
    ],
    ['restart-pods', ['guarded', 'w-1', 'w-2', 'w-3'].map((name) => `evict uid-of-${name}`), 'succeeded'],
    ['disarm', ['disarm m1 NOSPACE', 'writeProbe'], 'succeeded'],
    ['move-leader', ['moveLeader m2', 'writeProbe'], 'succeeded'],
  ])('by %s is what its plan says', async (name, acts, state) => {
    const stage = await staged(SCENARIOS[name]!);
    const operation = await stage.run();
    expect([actsOf(stage), operation.state]).toEqual([acts, state]);
  });
});

describe('a member whose answer is lost while it goes on with its defragmentation', () => {
  it.each(['m2', 'm3', 'm1'])(
    'is not taken for dead: %s is read until it is done, and is held till then',
    async (name) => {
      const stage = await staged(SCENARIOS['fix']!);
      const goesOn = CALL_FAULTS['gets no answer, and the server goes on']!;
      const operation = await stage.run(({ kind, member }) =>
        kind === 'defragment' && member === name ? goesOn : null,
      );
      const record = operation.steps.find(({ step }) => step.label.startsWith(`Defragment ${name}`));
      expect(record).toMatchObject({ state: 'done', result: expect.stringMatching(/2\.0 GiB → 300 MiB/) });
      expect(operation.conclusion?.summary).not.toMatch(/does not answer|down|dead/);
      expect(await liesOf(stage, operation)).toEqual([]);
    },
  );
});

describe('what is waited for never comes', () => {
  it.each(Object.entries(LASTING))('where %s: the fix ends, or asks a person', async (_what, happening) => {
    for (const at of [3, 20, 45, 60, 76, 95, 130, 150])
      expect(await disturbed(SCENARIOS['fix']!, at, happening)).toEqual([]);
  });
});
