import { describe, expect, it } from '@jest/globals';
import { clusterAndRest, whichCluster } from '../../src/slack/which-cluster.js';
import { clusterOf } from '../engine/world.js';
import { pendingFix } from '../operations.js';

const base = clusterOf(pendingFix());
const prod = { ...base, name: 'calico-prod', aliases: ['calico'], channels: ['C1', 'C2'] };
const staging = { ...base, name: 'staging', channels: ['C2', 'C3'] };

describe('the cluster that is meant', () => {
  it.each([
    ['by its name', [prod, staging], 'staging', 'C9', 'staging'],
    ['by an alias, whatever its case', [prod, staging], 'Calico', 'C9', 'calico-prod'],
    ['as the only one of the channel', [prod, staging], undefined, 'C1', 'calico-prod'],
    ['as the only one there is', [prod], undefined, 'C9', 'calico-prod'],
  ])('is known %s', (_how, clusters, word, channel, name) => {
    expect(whichCluster(clusters, word, channel)).toMatchObject({ ok: true, value: { name } });
  });

  it.each([
    ['a name that nothing bears', 'nope', 'C1', /no cluster “nope”/, /`calico-prod` \(calico\), `staging`/],
    ['a name with a typing error', 'stagign', 'C1', /no cluster/, /Did you mean `staging`/],
    ['no name where the channel has two', undefined, 'C2', /Which cluster\?/, /`calico-prod`.*`staging`/],
    ['no name where the channel has none', undefined, 'C9', /This channel has no cluster/, /`staging`/],
  ])('is asked for after %s', (_what, word, channel, reason, list) => {
    const refusal = whichCluster([prod, staging], word, channel);
    if (refusal.ok) throw new Error('it was understood');
    expect(refusal).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
    expect(refusal.instead?.join(' ')).toMatch(list);
  });
});

describe('the cluster among other words', () => {
  it.each<[string, readonly string[], string, string, readonly string[]]>([
    ['named first', ['calico', 'm1', 'm2'], 'C2', 'calico-prod', ['m1', 'm2']],
    ['left out where the channel has one', ['m1', 'm2'], 'C1', 'calico-prod', ['m1', 'm2']],
    ['alone', ['staging'], 'C9', 'staging', []],
    ['left out, with nothing else', [], 'C3', 'staging', []],
  ])('is found %s', (_how, words, channel, name, rest) => {
    expect(clusterAndRest([prod, staging], words, channel)).toMatchObject({
      ok: true,
      value: { cluster: { name }, rest },
    });
  });

  it.each<[string, readonly string[], string, RegExp, RegExp]>([
    [
      'mistyped',
      ['stagign', 'm1'],
      'C1',
      /no cluster “stagign”/,
      /Did you mean `staging`\?.*If “stagign” is a member/,
    ],
    [
      'left out where the channel has two',
      ['m1'],
      'C2',
      /no cluster “m1”/,
      /`calico-prod`.*put the cluster before it/,
    ],
    ['behind the members', ['m1', 'staging'], 'C1', /The cluster comes first/, /Put “staging” before “m1”/],
    ['left out where the channel has none', [], 'C9', /This channel has no cluster/, /`staging`/],
  ])('is asked for where it is %s', (_what, words, channel, reason, instead) => {
    const refusal = clusterAndRest([prod, staging], words, channel);
    if (refusal.ok) throw new Error('it was understood');
    expect(refusal.reason).toMatch(reason);
    expect(refusal.instead?.join(' ')).toMatch(instead);
  });
});
