import { describe, expect, it } from '@jest/globals';
import { whichCluster } from '../../src/slack/which-cluster.js';
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
