import { describe, expect, it } from '@jest/globals';
import { causeOf, heard, shortened, tellingEvent } from '../../../src/domain/kubernetes/causes.js';
import type { PodEvent } from '../../../src/domain/kubernetes/records.js';
import type { HangCause } from '../../../src/domain/kubernetes/facts.js';
import { MINUTE, NOW } from '../../facts.js';
import { event, JSON_WORDS, pod, POOL_WORDS, SPACE_WORDS } from '../../kubernetes-facts.js';

const SANDBOX = 'Failed to create pod sandbox: rpc error: code = Unknown desc = ';

describe('the words of a failed sandbox', () => {
  it.each<[string, HangCause, 'certain' | 'likely']>([
    [JSON_WORDS, 'address-refused', 'likely'],
    [SPACE_WORDS, 'address-refused', 'certain'],
    [`${SANDBOX}plugin type="calico" failed (add): etcdserver: no leader`, 'address-refused', 'certain'],
    [POOL_WORDS, 'pool-exhausted', 'certain'],
    [`${SANDBOX}failed to request IPv4 addresses`, 'pool-exhausted', 'certain'],
    [`${SANDBOX}no more addresses in pool`, 'pool-exhausted', 'certain'],
    [`${SANDBOX}IP pool exhausted`, 'pool-exhausted', 'certain'],
    [`${SANDBOX}no IP addresses available in range set: 10.0.0.1-10.0.0.9`, 'pool-exhausted', 'certain'],
    [
      `${SANDBOX}plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized`,
      'network',
      'certain',
    ],
    [`${SANDBOX}stat /var/lib/calico/nodename: no such file or directory`, 'network', 'certain'],
    [`${SANDBOX}failed to get sandbox image "registry.k8s.io/pause:3.9"`, 'image', 'certain'],
    [`${SANDBOX}cgroup: no space left on device`, 'unknown', 'likely'],
  ])('%s', (words, cause, confidence) => {
    expect(causeOf(pod(), [event(words)])).toMatchObject({ cause, confidence, saidAt: NOW - MINUTE });
  });
});

describe('other reasons', () => {
  it.each<[string, Parameters<typeof causeOf>, HangCause]>([
    [
      'its image can’t be pulled, whatever an older event says',
      [
        pod({ waiting: [{ reason: 'ImagePullBackOff', message: 'Back-off pulling image' }] }),
        [event(SPACE_WORDS)],
      ],
      'image',
    ],
    [
      'its image can’t be pulled at first',
      [pod({ waiting: [{ reason: 'ErrImagePull', message: null }] }), []],
      'image',
    ],
    [
      'its image has no valid name',
      [pod({ waiting: [{ reason: 'InvalidImageName', message: null }] }), []],
      'image',
    ],
    [
      'a Secret is missing',
      [pod({ waiting: [{ reason: 'CreateContainerConfigError', message: 'secret "a" not found' }] }), []],
      'config',
    ],
    ['a volume', [pod(), [event('Unable to attach or mount', { reason: 'FailedMount' })]], 'volume'],
    ['a disk', [pod(), [event('Multi-Attach error', { reason: 'FailedAttachVolume' })]], 'volume'],
    [
      'the scheduler finds no node',
      [pod({ node: null, scheduledAt: null, unschedulable: '0/3 nodes are available' }), []],
      'scheduling',
    ],
    ['the scheduler has not said a word', [pod({ node: null, scheduledAt: null }), []], 'scheduling'],
    [
      'the scheduler said it by an event',
      [
        pod({ node: null, scheduledAt: null }),
        [event('0/3 nodes are available', { reason: 'FailedScheduling' })],
      ],
      'scheduling',
    ],
    ['its node is not ready', [pod(), [], new Set(['node-2'])], 'node'],
    [
      'its node is not ready, which explains more than a guess',
      [pod(), [event(JSON_WORDS)], new Set(['node-2'])],
      'node',
    ],
    ['another node is not ready', [pod(), [], new Set(['node-9'])], 'unknown'],
    ['nothing', [pod(), []], 'unknown'],
    [
      'an init container crashes',
      [pod({ waiting: [{ reason: 'CrashLoopBackOff', message: null }] }), []],
      'unknown',
    ],
  ])('%s', (_case, given, cause) => {
    expect(causeOf(...given).cause).toBe(cause);
  });

  it('etcd’s own words outweigh a node that is not ready', () => {
    expect(causeOf(pod(), [event(SPACE_WORDS)], new Set(['node-2'])).cause).toBe('address-refused');
  });

  it('what was told last decides', () => {
    const mount = event('Unable to attach', { reason: 'FailedMount', lastAt: NOW });
    expect(causeOf(pod(), [event(SPACE_WORDS), mount]).cause).toBe('volume');
    expect(causeOf(pod(), [mount, event(SPACE_WORDS, { lastAt: NOW + 1 })]).cause).toBe('address-refused');
  });

  it('the words of the container say more than nothing', () => {
    const waiting = [{ reason: 'CrashLoopBackOff', message: 'back-off 5m0s' }];
    expect(causeOf(pod({ waiting }), []).words).toBe('CrashLoopBackOff: back-off 5m0s');
    expect(causeOf(pod(), []).words).toBeNull();
  });
});

describe('a pod is not blamed on an address', () => {
  it.each([
    ['when it uses its node’s network', pod({ hostNetwork: true })],
    ['when it has got one since', pod({ addresses: ['10.1.0.7'] })],
  ])('%s', (_case, one) => {
    expect(causeOf(one, [event(SPACE_WORDS)]).cause).toBe('unknown');
    expect(causeOf(one, [event(POOL_WORDS)]).cause).toBe('unknown');
  });

  it('when the event is about an earlier pod of the same name', () => {
    expect(causeOf(pod(), [event(SPACE_WORDS, { podUid: 'another' })]).cause).toBe('unknown');
    const early = event(SPACE_WORDS, { podUid: '', lastAt: NOW - 60 * MINUTE });
    expect(causeOf(pod(), [early]).cause).toBe('unknown');
    expect(causeOf(pod(), [event(SPACE_WORDS, { podUid: '' })]).cause).toBe('address-refused');
  });
});

describe('of two events of one reason', () => {
  const old = { lastAt: NOW - 5 * MINUTE };
  const telling = (one: PodEvent, other: PodEvent) => tellingEvent(heard(one), heard(other)).event;

  it('the surer one stays where both mean the same, at the newer one’s time', () => {
    const kept = telling(event(SPACE_WORDS, old), event(JSON_WORDS));
    expect(kept).toMatchObject({ message: SPACE_WORDS, lastAt: NOW - MINUTE });
  });

  it('the newer one stays where they mean different things', () => {
    expect(telling(event(SPACE_WORDS, old), event(POOL_WORDS)).message).toBe(POOL_WORDS);
    expect(telling(event(POOL_WORDS), event(SPACE_WORDS, old)).message).toBe(POOL_WORDS);
  });
});

describe('long words', () => {
  it('keep both ends, and lose the ids of sandboxes', () => {
    expect(shortened(`sandbox "${'0123456789ab'.repeat(5)}cdef": refused`)).toBe(
      'sandbox "0123456789ab…": refused',
    );
    const told = shortened(`begin ${'x '.repeat(2000)} end`);
    expect(told).toHaveLength(280);
    expect(told).toMatch(/^begin .* … .* end$/);
  });
});
