import { describe, expect, it } from '@jest/globals';
import { writeKeys, type KeyToWrite } from '../../infra/local/keys.js';
import { CLUSTER } from './configuration.js';
import { aScene } from './scene.js';
import { ask, buttonsOf, cardSays, cardTells, headerOf, press, refused, textOf, whispered } from './talk.js';

const KEYS = 3000;

describe('What fills a cluster', () => {
  const scene = aScene();

  it('is refused to who may only look, and to what is no rate or no time', async () => {
    expect(await refused(scene, { text: 'keys', user: 'vera' })).toContain('not among the operators');
    const { message } = await ask(scene, { text: `keys ${CLUSTER} --rate fast` });
    expect(textOf(message)).toMatch(/“fast” is no rate[\s\S]*--rate max/);
    const { message: churn } = await ask(scene, { text: `churn ${CLUSTER} --for 1y` });
    expect(textOf(churn)).toMatch(/“1y” is no time span[\s\S]*--for 30s/);
  });

  it('is counted in one message that is edited from its progress to its result', async () => {
    await writeKeys(scene.etcd.endpoints[0] ?? '', entries(KEYS));
    const { message } = await ask(scene, { text: `keys ${CLUSTER} --rate 800` });
    expect(headerOf(message)).toMatch(/counting/);
    expect(buttonsOf(message)).toEqual(['scan.cancel']);
    const further = await cardSays(scene, message, /counting … \d.* of about 3\u202f000 keys/);
    const done = await cardSays(scene, message, /3\u202f000 keys, /);
    expect(further.ts).toBe(done.ts);
    const said = textOf(done);
    expect(said).toContain('Kubernetes events');
    expect(said).toMatch(/2\u202f000 keys · written 2\u202f000 times/);
    expect(said).toMatch(/read from follower m\d · revision/);
    expect(said).not.toContain('a value of a key');
    expect(buttonsOf(done)).toEqual([]);
  });

  it('says what has grown since the last look, and where no key was counted twice', async () => {
    await scene.etcd.etcdctl('put', '/registry/events/late', 'more');
    const { message } = await ask(scene, { text: `keys ${CLUSTER} --rate max --bytes` });
    const done = await cardSays(scene, message, /3\u202f001 keys, /);
    expect(textOf(done)).toMatch(/Since the last look, .*: \+1 keys/);
    expect(textOf(done)).toContain('every value’s length was read');
  });

  it('is stopped by who asked or may steer, and shows what was seen until then', async () => {
    const { message } = await ask(scene, { text: `keys ${CLUSTER} --rate 200` });
    await cardSays(scene, message, /counting … [1-9]/);
    const no = await whispered(scene, 'vera', () => press(scene, 'vera', message, 'scan.cancel'));
    expect(no).toContain('not among');
    const yes = await whispered(scene, 'anna', () => press(scene, 'anna', message, 'scan.cancel'));
    expect(yes).toContain('Stopping');
    const stopped = await cardTells(scene, message, /Stopped by/);
    expect(headerOf(stopped)).toMatch(/of about 3\u202f001 counted/);
    expect(textOf(stopped)).toContain(`Stopped by <@${scene.slack.users['anna'] ?? ''}>`);
  });

  it('is watched: who writes, how much and how often', async () => {
    const { message } = await ask(scene, { text: `churn ${CLUSTER} --for 5s` });
    await cardTells(scene, message, /read from follower/);
    for (let count = 0; count < 5; count++)
      await scene.etcd.etcdctl('put', '/registry/leases/kube-node-lease/n1', 'beat');
    await scene.etcd.etcdctl('del', '/registry/events/late');
    const done = await cardSays(scene, message, /writes a second/);
    const said = textOf(done);
    expect(said).toMatch(/5 writes · 0 of them new keys|5 writes · 1 of them new keys/);
    expect(said).toMatch(/Kubernetes leases[\s\S]*5 writes \(1\.0\/s\)/);
    expect(said).toMatch(/Kubernetes events[\s\S]*1 delete/);
    expect(said).toContain('watched for 5 s');
  });

  it('waits where somebody looks at the same cluster already', async () => {
    const { message: first } = await ask(scene, { text: `keys ${CLUSTER} --rate 500` });
    const { message: second } = await ask(scene, { text: `keys ${CLUSTER} --rate max` });
    expect(headerOf(second)).toContain('waits');
    await press(scene, 'olga', first, 'scan.cancel');
    await cardTells(scene, first, /Stopped by/);
    await cardSays(scene, second, /3\u202f001 keys, /);
  });
});

/** Two thirds of them events. */
function* entries(count: number): Generator<KeyToWrite> {
  for (let index = 0; index < count; index++) {
    const folder = index % 3 === 0 ? 'pods' : 'events';
    yield { key: `/registry/${folder}/batch/job-${String(index)}`, bytes: 100 + (index % 50) };
  }
}
