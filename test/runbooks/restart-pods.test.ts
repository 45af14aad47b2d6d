import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../src/domain/fact.js';
import type { HangingPod } from '../../src/domain/kubernetes/facts.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { hashOf } from '../../src/engine/approval.js';
import fix from '../../src/runbooks/fix.js';
import restartPods from '../../src/runbooks/restart-pods.js';
import { full, healthy, read, withAlarms, withFact } from '../facts.js';
import { hangingPod, hangingPods, many } from '../kubernetes-facts.js';
import { withUnreachable } from '../overrides.js';
import { outline, planned, refused } from './planning.js';

const BARE = hangingPod({ name: 'bare', owner: null });
const STATIC = hangingPod({ name: 'proxy', owner: { kind: 'Node', name: 'node-2', uid: 'n2' } });
const JOB = hangingPod({ name: 'report-1', owner: { kind: 'Job', name: 'report', uid: 'j1' } });
const IMAGE = hangingPod({ name: 'api-1', cause: 'image' });

function withPods(pods: readonly HangingPod[], snapshot: Snapshot = healthy()): Snapshot {
  return withFact(snapshot, 'pods', read(hangingPods(pods)));
}

function batchesOf({ steps }: Plan): readonly unknown[] {
  return steps.flatMap((step) =>
    step.kind === 'restart-pods'
      ? [[step.label, step.patienceMs, step.pods.map(({ name }) => name).join(' ')]]
      : [],
  );
}

describe('A plan to restart pods', () => {
  it('lists each pod, in batches of five at most, of which the first one waits', () => {
    expect(batchesOf(planned(restartPods, withPods([...many(6), IMAGE])))).toEqual([
      ['Restart 5 pods that still hang (1 of 2)', 180_000, 'web-1 web-2 web-3 web-4 web-5'],
      ['Restart 1 pod that still hangs (2 of 2)', 0, 'web-6'],
    ]);
    expect(batchesOf(planned(restartPods, withPods(many(1))))).toEqual([
      ['Restart 1 pod that still hangs', 180_000, 'web-1'],
    ]);
  });

  it('names at most fifty, and says how many more there are', () => {
    const counts = { 'address-refused': 912, image: 3 };
    const fact = { ...hangingPods(many(50)), counts };
    const made = planned(restartPods, withFact(healthy(), 'pods', read(fact)));
    expect(batchesOf(made)).toHaveLength(10);
    expect(made.risks[0]).toBe('862 more pods hang, which this plan does not touch: propose again.');
  });

  it('leaves alone what nobody would make anew, and says so', () => {
    const made = planned(restartPods, withPods([...many(1), BARE, STATIC, JOB]));
    expect(batchesOf(made)).toEqual([['Restart 2 pods that still hang', 180_000, 'web-1 report-1']]);
    expect(made.risks).toEqual([
      'Left alone: shop/bare; it has no controller that would make a new one.',
      'Left alone: shop/proxy; it is a static pod of its node.',
      expect.stringContaining('nothing of them is lost'),
      expect.stringContaining('Disruption budgets are respected'),
      expect.stringContaining('backoffLimit is used up: shop/report-1.'),
    ]);
  });

  it('takes only the pods that are named', () => {
    const made = planned(restartPods, withPods(many(9)), { options: { pods: 'shop/web-3 shop/web-8' } });
    expect(batchesOf(made)).toEqual([['Restart 2 pods that still hang', 180_000, 'web-3 web-8']]);
    expect(made.risks.join()).not.toContain('more pods');
  });

  it('gives back nothing, pauses nobody, and can be done by hand', () => {
    const made = planned(restartPods, withPods([...many(2), hangingPod({ namespace: 'batch', name: 'x' })]), {
      kubernetes: { kubeconfig: '/etc/my kubeconfig', context: 'prod', patienceMs: 180_000 },
    });
    expect(made.expected).toMatchObject({ bytesBack: { highBytes: 0 }, pauses: [] });
    expect([made.standstill, made.backup, made.lastBackup]).toEqual([null, true, '']);
    expect(made.byHand.filter((line) => line.startsWith('kubectl'))).toEqual([
      "kubectl --kubeconfig='/etc/my kubeconfig' --context=prod get pods --all-namespaces --field-selector=status.phase=Pending --output=wide  # delete only those that still hang",
      "kubectl --kubeconfig='/etc/my kubeconfig' --context=prod --namespace=shop delete pod --wait=false web-1 web-2",
      "kubectl --kubeconfig='/etc/my kubeconfig' --context=prod --namespace=batch delete pod --wait=false x",
    ]);
  });

  it('needs no more of etcd than that it takes writes', () => {
    expect(planned(restartPods, withPods(many(1), withUnreachable(healthy(), 'm3'))).steps).toHaveLength(1);
  });

  it('is another one for another pod of the same name', () => {
    const hash = (uid: string) => hashOf(planned(restartPods, withPods(many(1, { uid }))));
    expect(hash('one')).toBe(hash('one'));
    expect(hash('one')).not.toBe(hash('other'));
  });

  it.each<[string, Snapshot, string, string]>([
    ['no Kubernetes is configured', healthy(), 'names no Kubernetes for calico-prod', 'Add `kubernetes`'],
    [
      'pods can’t be read',
      withFact(healthy(), 'pods', unknown('denied', 'the role may not list pods')),
      'Pods could not be read: the role may not list pods',
      'Mend that first',
    ],
    [
      'nobody may read why they hang',
      withFact(
        healthy(),
        'pods',
        read(hangingPods([hangingPod()], { withEvents: false, blindBecause: 'no events' })),
      ),
      'Why pods hang could not be read: no events',
      'no pod is restarted on a guess',
    ],
    ['none hangs', withPods([]), 'No pod hangs because its address was refused.', ''],
    ['they hang for another reason', withPods([IMAGE]), 'No pod hangs', '1 pod hangs for other reasons'],
    ['none can be restarted', withPods([BARE]), 'none can be restarted', 'Left alone: shop/bare'],
    [
      'etcd still refuses writes',
      withPods(many(3), full(healthy())),
      'etcd still refuses writes: NOSPACE on m1',
      'Fix it first: `/etcd fix calico-prod`.',
    ],
    [
      'CORRUPT is raised',
      withPods(many(3), withAlarms(healthy(), [{ memberId: '0', kind: 'CORRUPT' }])),
      'etcd still refuses writes: CORRUPT',
      '/etcd diagnose',
    ],
  ])('is not made where %s', (_why, snapshot, reason, instead) => {
    const said = refused(restartPods, snapshot);
    expect(said.reason).toContain(reason);
    expect(said.instead).toContain(instead);
  });

  it('refuses a name that does not hang for this', () => {
    const said = refused(restartPods, withPods([...many(1), IMAGE]), {
      options: { pods: 'shop/web-1, shop/api-1' },
    });
    expect(said.reason).toContain('refused: shop/api-1.');
  });
});

describe('A fix', () => {
  const plain = planned(fix, full(healthy()));

  it('goes on with the pods that hang, after the write probe', () => {
    const made = planned(fix, withPods([...many(6), BARE, IMAGE], full(healthy())));
    expect(outline(made)).toEqual([...outline(plain), 'restart-pods', 'restart-pods']);
    expect(made.risks).toContain('Left alone: shop/bare; it has no controller that would make a new one.');
  });

  it.each<[string, Snapshot]>([
    ['no Kubernetes is configured', full(healthy())],
    ['none hangs', withPods([], full(healthy()))],
    ['they hang for another reason', withPods([IMAGE], full(healthy()))],
  ])('is the same as ever where %s', (_why, snapshot) => {
    const made = planned(fix, snapshot);
    expect(made).toEqual(plain);
    expect(hashOf(made)).toBe(hashOf(plain));
  });

  it('says that pods were not looked at, and why', () => {
    const made = planned(
      fix,
      withFact(full(healthy()), 'pods', unknown('denied', 'the role may not list pods.')),
    );
    expect(hashOf(made)).toBe(hashOf(plain));
    expect(made.risks.at(-1)).toBe(
      'Pods were not looked at (the role may not list pods): whether some still hang afterwards has to be looked at by hand.',
    );
  });
});
