import { describe, expect, it } from '@jest/globals';
import { TargetError } from '../../src/domain/errors.js';
import { unknown } from '../../src/domain/fact.js';
import { hangingPods as judge } from '../../src/domain/kubernetes/hanging.js';
import type { Evidence } from '../../src/domain/operation.js';
import type { PlannedAct } from '../../src/domain/plan.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import type { StepContext } from '../../src/domain/step.js';
import step from '../../src/steps/restart-pods.js';
import { full, healthy, MINUTE, NOW, read, withAlarms, withFact } from '../facts.js';
import { event, POOL_WORDS } from '../kubernetes-facts.js';
import {
  afterEviction,
  apiOver,
  kubernetesOf,
  refOf,
  up,
  wedged,
  without,
  type KubernetesState,
} from '../kubernetes.js';
import { stage } from './context.js';

type Act = Extract<PlannedAct, { kind: 'restart-pods' }>;

const [WEB1, WEB2] = [wedged('web-1'), wedged('web-2')];
const BARE = wedged('bare', { owner: null });

interface Case {
  state: KubernetesState;
  readonly evicted: string[];
  now: number;
  refusal?: TargetError;
  readonly context: StepContext<'restart-pods'>;
}

function setUp(state: KubernetesState, changes: Partial<Act> = {}, snapshot: Snapshot = healthy()): Case {
  const act: Act = {
    ...{ kind: 'restart-pods', cause: 'address-refused', patienceMs: 0 },
    pods: state.pods.map(refOf),
    ...changes,
  };
  const base = stage<'restart-pods'>(act, { looks: [snapshot] }).context;
  const one: Case = {
    ...{ state, evicted: [], now: NOW },
    context: {
      ...base,
      plan: { ...base.plan, steps: [{ ...act, id: 's1', label: 'Restart' }] },
      kubernetes: null,
    },
  };
  const api = apiOver({
    read: async () => one.state,
    now: () => one.now,
    evict: async (ref) => {
      if (one.refusal && one.evicted.length > 0) throw one.refusal;
      one.evicted.push(ref.name);
      const after = afterEviction(one.state, ref, one.now);
      one.state = after.state;
      return after.answer;
    },
  });
  const examine = async (): Promise<Snapshot> => (snapshot.facts.pods ? snapshot : seen(one, snapshot));
  const clock = { now: () => one.now, pause: async () => undefined };
  const context = { ...one.context, kubernetes: api, kubernetesOperator: () => api, examine, clock };
  return Object.assign(one, { context });
}

/** The facts as the collector would read them. */
function seen({ state, now }: Case, snapshot: Snapshot): Snapshot {
  const told = new Map(
    state.pods.flatMap((one) => {
      const { namespace, name, uid, words } = one;
      return words === null ? [] : [[uid, [event(words, { namespace, pod: name, podUid: uid })]] as const];
    }),
  );
  const pods = judge(state.pods, told, { now, notReady: new Set(), blindBecause: null });
  return withFact(snapshot, 'pods', read(pods));
}

async function evidenceNow({ context }: Case): Promise<Evidence> {
  const said = await step.precondition(context);
  if (said.go !== 'act') throw new Error(`${said.go}: ${said.because}`);
  return said.evidence;
}

describe('Restarting pods, before the act', () => {
  it('is about those that still hang, by uid and controller, and says how the others stand', async () => {
    const others = [wedged('pool', { words: POOL_WORDS }), BARE];
    const one = setUp(up(kubernetesOf(WEB1, WEB2, ...others), 'web-2'));
    expect(await evidenceNow(one)).toEqual({
      at: NOW,
      runs: 1,
      runsWhich: 'shop/web-2',
      restarted: 0,
      restartedWhich: '',
      gone: 0,
      left: 2,
      leftWhy:
        'shop/pool: it hangs for another reason now (no address is left in the pools); ' +
        'shop/bare: it has no controller that would make a new one',
      'shop/web-1': `uid-of-web-1 ReplicaSet web-1-rs uid-of-web-1-rs ${String(WEB1.createdAt)} uid-of-web-1`,
    });
  });

  it.each<[string, (state: KubernetesState) => KubernetesState, string]>([
    [
      'all run',
      (state) => up(up(state, 'web-1'), 'web-2'),
      '2 pods run by themselves (shop/web-1, shop/web-2)',
    ],
    [
      'one runs and one is gone',
      (state) => without(up(state, 'web-1'), 'web-2'),
      '1 pod runs by itself (shop/web-1); 1 pod is gone',
    ],
    [
      'another pod has the name',
      (state) => ({ ...state, pods: state.pods.map((pod) => ({ ...pod, uid: `${pod.uid}-2` })) }),
      '2 pods are gone',
    ],
    [
      'they are on their way out',
      (state) => ({ ...state, pods: state.pods.map((pod) => ({ ...pod, deletingSince: NOW })) }),
      '2 pods are gone',
    ],
  ])('is not needed where %s', async (_how, change, because) => {
    const one = setUp(kubernetesOf(WEB1, WEB2));
    one.state = change(one.state);
    expect(await step.precondition(one.context)).toMatchObject({ go: 'skip', because });
  });

  it('waits for the kubelets while it may, for the pods of every batch, and says how many run', async () => {
    const one = setUp(up(kubernetesOf(WEB1, WEB2), 'web-2'), {
      pods: [WEB2].map(refOf),
      patienceMs: 3 * MINUTE,
    });
    const later = { ...one.context.act, pods: [WEB1].map(refOf), patienceMs: 0, id: 's2', label: 'Later' };
    const steps = [...one.context.plan.steps, later];
    const context = { ...one.context, plan: { ...one.context.plan, steps } };
    expect(await step.precondition(context)).toEqual({
      go: 'wait',
      because: 'the kubelets try again by themselves: 1 of 2 run by now',
    });
    expect(await step.precondition({ ...context, waitedMs: 3 * MINUTE })).toMatchObject({ go: 'skip' });
    one.state = up(one.state, 'web-1');
    expect(await step.precondition(context)).toMatchObject({ go: 'skip' });
  });

  it('is over with its patience', async () => {
    const one = setUp(kubernetesOf(WEB1), { patienceMs: 3 * MINUTE });
    const context = { ...one.context, waitedMs: 3 * MINUTE };
    expect(await step.precondition(context)).toMatchObject({ go: 'act' });
  });

  it.each(['unreachable', 'timeout', 'unavailable', 'too-many-requests'] as const)(
    'waits for an API server that is %s since etcd was mended, but not for ever',
    async (code) => {
      const silent = withFact(healthy(), 'pods', unknown(code, 'api:6443 does not answer.'));
      const { context } = setUp(kubernetesOf(WEB1), { patienceMs: 3 * MINUTE }, silent);
      const because = 'pods could not be read (api:6443 does not answer)';
      expect(await step.precondition(context)).toEqual({ go: 'wait', because });
      expect(await step.precondition({ ...context, waitedMs: 5 * MINUTE })).toEqual({
        ...{ go: 'stop', because },
        next: [expect.stringContaining('`/etcd restart-pods calico-prod`')],
      });
    },
  );

  it('waits also where it falls silent between two questions', async () => {
    const { context } = setUp(kubernetesOf(WEB1));
    const pods = (): never => {
      throw new TargetError('unavailable', 'api', 'api broke off.');
    };
    const kubernetes = { ...context.kubernetes!, pods };
    const said = await step.precondition({ ...context, kubernetes });
    expect(said).toEqual({ go: 'wait', because: 'api broke off.' });
  });

  it.each<[string, Snapshot, object]>([
    [
      'etcd is full again',
      full(healthy()),
      { go: 'stop', because: 'etcd still refuses writes: NOSPACE on m1. New pods would hang as well.' },
    ],
    ['CORRUPT is raised', withAlarms(healthy(), [{ memberId: '0', kind: 'CORRUPT' }]), { go: 'stop' }],
    [
      'alarms can’t be read',
      withFact(healthy(), 'alarms', unknown('denied', 'permission denied')),
      { go: 'stop' },
    ],
    [
      'pods can’t be read',
      withFact(healthy(), 'pods', unknown('denied', 'list pods is denied')),
      { go: 'stop', because: 'pods could not be read (list pods is denied)' },
    ],
    [
      'events can’t be read',
      withFact(
        healthy(),
        'pods',
        read({ ...{ hanging: [], counts: {}, afterMs: 1, withEvents: false }, blindBecause: 'denied' }),
      ),
      { go: 'stop', because: 'why pods hang could not be read (denied), so none was restarted' },
    ],
  ])('stops where %s', async (_why, snapshot, said) => {
    expect(await step.precondition(setUp(kubernetesOf(WEB1), {}, snapshot).context)).toMatchObject(said);
  });
});

describe('Restarting pods', () => {
  it('evicts each one of the evidence once, in its order', async () => {
    const one = setUp(kubernetesOf(WEB1, WEB2));
    await step.act(one.context, await evidenceNow(one));
    expect(one.evicted).toEqual(['web-1', 'web-2']);
  });

  it('lets live what has come to life since', async () => {
    const one = setUp(kubernetesOf(WEB1, WEB2));
    const evidence = await evidenceNow(one);
    one.state = up(one.state, 'web-1');
    await step.act(one.context, evidence);
    expect(one.evicted).toEqual(['web-2']);
    expect(await step.effect(one.context, evidence, true)).toMatchObject({
      seen: 'done',
      outcome: { runs: 1, restarted: 1 },
    });
  });

  it('touches nothing that is not in the plan, whatever stands in the journal', async () => {
    const one = setUp(kubernetesOf(WEB1, WEB2));
    const evidence = await evidenceNow(one);
    const context = { ...one.context, act: { ...one.context.act, pods: [refOf(WEB1)] } };
    await expect(step.act(context, evidence)).rejects.toThrow('shop/web-2 is not in the plan');
    expect(one.evicted).toEqual(['web-1']);
  });

  it('stops at the first failure, and reading tells what was done', async () => {
    const one = setUp(kubernetesOf(WEB1, WEB2));
    const evidence = await evidenceNow(one);
    one.refusal = new TargetError('timeout', 'kubernetes', 'no answer');
    await expect(step.act(one.context, evidence)).rejects.toThrow('no answer');
    expect(await step.effect(one.context, evidence, false)).toEqual({
      seen: 'not-done',
      because: '1 of 2 pods were not evicted: shop/web-2; restarted before: shop/web-1',
    });
  });
});

describe('What reading shows of restarted pods', () => {
  async function afterAct(
    change: (state: KubernetesState) => KubernetesState,
    state = kubernetesOf(WEB1, WEB2),
  ) {
    const one = setUp(state);
    const evidence = await evidenceNow(one);
    await step.act(one.context, evidence);
    one.state = change(one.state);
    const look = (answered = true) => step.effect(one.context, evidence, answered);
    return { one, look };
  }

  it('is done once each replacement runs with an address, also for whoever did not see the act', async () => {
    const { look } = await afterAct((state) => state);
    for (const answered of [true, false])
      expect(await look(answered)).toEqual({
        seen: 'done',
        result: '2 pods restarted (shop/web-1, shop/web-2)',
        outcome: {
          ...{ runs: 0, runsWhich: '', restarted: 2, restartedWhich: 'shop/web-1, shop/web-2' },
          ...{ gone: 0, left: 0, leftWhy: '' },
        },
      });
  });

  it('is under way while they come, and not done after two minutes', async () => {
    const { one, look } = await afterAct((state) => state, { ...kubernetesOf(WEB1, WEB2), starved: true });
    const because = '2 of 2 replacements have no address yet: shop/web-1-r1, shop/web-2-r2';
    expect(await look()).toEqual({ seen: 'running', because });
    one.now += 2 * MINUTE;
    expect(await look()).toEqual({ seen: 'not-done', because });
  });

  it('names a controller that has made no other one', async () => {
    const { look } = await afterAct((state) => without(state, 'web-1-r1'));
    expect(await look()).toEqual({
      seen: 'running',
      because: '1 of 2 replacements have no address yet; ReplicaSet shop/web-1-rs has not made 1 of them',
    });
  });

  it('is done where a controller is gone or wants no more', async () => {
    const { look } = await afterAct((state) => state, {
      ...kubernetesOf(WEB1, WEB2),
      retired: ['uid-of-web-1-rs'],
    });
    expect(await look()).toMatchObject({ seen: 'done', outcome: { restarted: 1, gone: 1 } });
  });

  it('takes no older pod of the same controller for a replacement', async () => {
    const owner = WEB1.owner;
    const sibling = up(kubernetesOf(wedged('web-0', { owner, createdAt: WEB1.createdAt })), 'web-0').pods;
    const one = setUp({ ...kubernetesOf(WEB1, ...sibling), starved: true }, { pods: [refOf(WEB1)] });
    const evidence = await evidenceNow(one);
    await step.act(one.context, evidence);
    expect(await step.effect(one.context, evidence, true)).toMatchObject({ seen: 'running' });
  });

  it('says which were left because of a budget', async () => {
    const { look } = await afterAct((state) => state, kubernetesOf(WEB1, wedged('db-0', { guarded: true })));
    expect(await look()).toEqual({
      seen: 'done',
      result:
        '1 pod restarted (shop/web-1); left: shop/db-0: the API server refused to evict it, for a disruption budget would be broken',
      outcome: expect.objectContaining({ restarted: 1, left: 1 }),
    });
  });
});
