import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LocalMember } from '../../infra/local/etcd.js';
import { until } from '../../infra/local/until.js';
import type { Operation } from '../../src/domain/operation.js';
import { areDefragmenting, defragmentations } from '../e2e/truth.js';
import { catchDefragmenting, type Caught } from './caught.js';
import { followersIn, memberCalled, nameOf } from './etcd-by-hand.js';
import { MANY_AT_ONCE, writeKeys } from './live-data.js';
import { slow } from './slowed.js';
import { aFaultStage, RUN_MS } from './stage.js';

const ALL = { all: true } as const;

describe('While somebody else defragments a member', () => {
  const stage = aFaultStage({ quotaBytes: 64 * 1024 ** 2, flags: MANY_AT_ONCE });
  let before: readonly number[];
  let foreign: Foreign | undefined;

  beforeAll(() => writeKeys(stage.etcd.endpoints, 60_000), RUN_MS);

  beforeEach(async () => {
    before = await defragmentations(stage.etcd);
  });

  afterEach(async () => {
    await foreign?.letEnd();
  });

  it('nothing is proposed, and what was approved does not start', async () => {
    const proposed = await stage.propose('defrag', ALL);
    await stage.approve(proposed);
    const { name } = (await followersIn(stage.etcd))[0]!;
    foreign = await begin(name);
    const busy = `${name} is being defragmented by somebody else`;
    const [{ state, conclusion }, again] = await Promise.all([
      stage.execute(proposed),
      stage.propose('defrag', ALL).then(
        ({ plan }) => plan.title,
        (error: unknown) => String(error),
      ),
    ]);
    expect(state).toBe('stale');
    expect(conclusion?.summary).toBe(`The plan no longer fits: ${busy}. Nothing was touched.`);
    expect(again).toContain(busy);
    await foreign.letEnd();
    expect(stage.sent).toEqual([]);
    expect((await more()).toSorted()).toEqual([0, 0, 1]);
    expect(await stage.holder()).toBeNull();
  });

  it.each(['done', 'still to be done'] as const)(
    'that is %s in the middle of a run, it is waited for, and the run goes on',
    async (which) => {
      const proposed = await stage.propose('defrag', ALL);
      await stage.approve(proposed);
      let busy = '';
      stage.when({ at: 'answered', kind: 'defragment' }, async (id) => {
        const done = await nameOf(stage.etcd, id);
        const other = (await followersIn(stage.etcd)).find(({ name }) => name !== done);
        busy = which === 'done' ? done : other!.name;
      });
      stage.when({ at: 'asked', kind: 'defragment', turn: 2 }, async () => {
        foreign = await begin(busy);
        stage.hurry(10);
      });
      const running = stage.execute(proposed);
      const waits = await until(async () => waitsFor(await stage.now(proposed)), {
        what: 'it waits',
        timeoutMs: 30_000,
      });
      expect(waits).toBe(`waits: ${busy} is being defragmented by somebody else`);
      expect(stage.sent).toHaveLength(1);
      await foreign?.letEnd();
      const ended = await running;
      expect(ended.state).toBe('succeeded');
      const index = stage.etcd.members.findIndex(({ name }) => name === busy);
      expect(await more()).toEqual([0, 1, 2].map((at) => (at === index && which === 'done' ? 2 : 1)));
    },
    RUN_MS,
  );

  interface Foreign {
    letEnd(): Promise<void>;
  }

  /** As a CronJob would; in slow motion from its first moment on, so that its metrics tell of it. */
  async function begin(name: string): Promise<Foreign> {
    const member = memberCalled(stage.etcd, name);
    let undo = (): void => undefined;
    const caught: Caught = catchDefragmenting(member, () => {
      undo = slow(member);
    });
    const ended = stage.etcd.etcdctl(`--endpoints=${member.clientUrl}`, '--command-timeout=60s', 'defrag');
    await caught.inTheMiddle();
    await until(() => isAtIt(member), { what: `${name} says that it defragments` });
    return {
      async letEnd() {
        caught.close();
        undo();
        await ended;
      },
    };
  }

  async function isAtIt(member: LocalMember): Promise<boolean> {
    return (await areDefragmenting(stage.etcd))[stage.etcd.members.indexOf(member)] === true;
  }

  function waitsFor({ steps }: Operation): string | undefined {
    return steps.find(({ state, result }) => state === 'planned' && result?.startsWith('waits:'))?.result;
  }

  async function more(): Promise<readonly number[]> {
    return (await defragmentations(stage.etcd)).map((count, index) => count - before[index]!);
  }
});
