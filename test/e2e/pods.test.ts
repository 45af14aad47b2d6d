import { beforeAll, describe, expect, it } from '@jest/globals';
import { calicoEntry } from '../../infra/local/calico.js';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { CLUSTER } from './configuration.js';
import { CRON_JOBS, hanging, hangUp, setUp, SHOP, type Named } from './hanging.js';
import { isRoot } from './incidents.js';
import { aScene } from './scene.js';
import { ask, cardSays, cardTells, headerOf, press, propose, textOf } from './talk.js';
import { alarmsOf, operationOf } from './truth.js';

const QUOTA_BYTES = 8 * 1024 ** 2;
/** A pod hangs after half a minute. Those of this scene were made a minute ago, as far as they know. */
const AGO_MS = 60_000;

describe('From pods that do not start to pods that run', () => {
  let behindMs = AGO_MS;
  const scene = aScene({
    etcd: { version: '3.4', quotaBytes: QUOTA_BYTES },
    kubernetes: ({ endpoints }) => ({
      calico: { datastore: 'etcd', endpoints },
      pace: { retryMs: 300 },
      budgetsGuardPending: true,
      now: () => Date.now() - behindMs,
    }),
    cluster: { calico: true, podPatience: '3s' },
  });
  let card: Message;
  let wedged: Named;
  let guarded: Named;
  let broken: string;

  beforeAll(async () => {
    const { kubernetes, etcd } = scene;
    const ground = await setUp(kubernetes, { endpoints: etcd.endpoints, quotaBytes: QUOTA_BYTES });
    broken = ground.broken;
    await fillUp();
    ({ wedged, guarded } = await hangUp(kubernetes, ground.play));
    behindMs = 0;
    await scene.drive.waitForMessage(
      'alerts',
      (message) => isRoot(message) && /NOSPACE/.test(textOf(message)),
    );
  });

  describe('while etcd is full', () => {
    it('/etcd pods says which hang, why, and what filled it, and blames etcd for no other', async () => {
      const { message } = await ask(scene, { text: 'pods', user: 'vera' });
      const said = textOf(message);
      expect(headerOf(message)).toBe(`🔴 ${CLUSTER}: 7 pods hang, and this etcd is full`);
      expect(said).toMatch(story());
      expect(said).toContain(wedged.name);
      expect(said).toContain('Failed to create pod sandbox');
      expect(said).toMatch(new RegExp(`image can’t be pulled[^]*${broken}`));
    });

    it('/etcd diagnose says the same with its evidence', async () => {
      const { message } = await ask(scene, { text: 'diagnose --probe' });
      const said = textOf(message);
      expect(headerOf(message)).toBe(`🔴 ${CLUSTER} is full: every write is refused`);
      expect(said).toMatch(story());
      expect(said).toMatch(/Certain: \w+\/\S+ hangs on node-\d/);
      expect(said).toContain('database space exceeded');
      expect(said).toMatch(/Likely: Pods an hour, .*batch\/cleanup/);
      expect(said).toContain('/etcd fix');
    });

    it('a role without rights is told which, and the rest is diagnosed all the same', async () => {
      const { kubernetes } = scene;
      kubernetes.deny('list', 'events');
      kubernetes.deny('list', 'cronjobs');
      const said = textOf((await ask(scene, { text: 'diagnose' })).message);
      kubernetes.allow('list', 'events');
      kubernetes.allow('list', 'cronjobs');
      expect(said).toMatch(/may not list events/);
      expect(said).toMatch(/may not list cronjobs/);
      expect(said).toContain('NOSPACE');
      expect(said).toContain('image');
    });
  });

  describe('the fix goes to the end', () => {
    it('its card names the pods that it would restart, and those that it leaves alone', async () => {
      card = await propose(scene, 'fix --reason "pods do not start"');
      const said = textOf(card);
      for (const { name } of [wedged, guarded]) expect(said).toContain(`${SHOP}/${name}`);
      expect(said).toContain(`Left alone: ${SHOP}/bare; it has no controller that would make a new one.`);
      expect(said).not.toContain(broken);
    });

    it('approved, it waits for the kubelets, and restarts only who does not help itself', async () => {
      const { faults, clearRequests } = scene.kubernetes;
      clearRequests();
      // Its API stands on the same etcd, say, and is not back at once.
      faults.goAway();
      await press(scene, 'anna', card, 'operation.approve');
      await cardTells(scene, card, /has waited since .*: pods could not be read/);
      faults.comeBack();
      const said = textOf(await cardSays(scene, card, /Done/, 45_000));
      expect(await alarmsOf(scene.etcd)).toEqual([]);
      expect(said).toContain(`1 pod restarted (${SHOP}/${wedged.name})`);
      expect(said).toMatch(/pods? runs? by (itself|themselves) \(.*shop\/web-/);
      expect(said).toMatch(new RegExp(`left.*${SHOP}/${guarded.name}: the API server refused to evict it`));
      expect((await operationOf(scene.redis, card)).state).toBe('succeeded');
    });

    it('each was asked for once, by its uid, and only the one that no budget guards went', () => {
      const asked = scene.kubernetes
        .requests()
        .filter(({ method, path }) => method === 'POST' && path.endsWith('/eviction'));
      const outcomes = asked.map(({ path, body, status }) => [path.split('/').at(-2), uidIn(body), status]);
      expect(outcomes).toHaveLength(2);
      expect(outcomes).toContainEqual([wedged.name, wedged.uid, 201]);
      expect(outcomes).toContainEqual([guarded.name, guarded.uid, 429]);
      expect(scene.kubernetes.pod(SHOP, wedged.name)).toBeUndefined();
      for (const name of [guarded.name, 'bare', broken])
        expect(scene.kubernetes.pod(SHOP, name)?.metadata.deletionTimestamp).toBeUndefined();
    });

    it('the replacement runs with an address', () => {
      const web = scene.kubernetes.pods(SHOP).filter(({ metadata }) => metadata.labels?.['app'] === 'web');
      expect(web.map(({ status }) => status.phase)).toEqual(['Running', 'Running', 'Running']);
      const known = scene.kubernetes.addressesInUse().map(({ address }) => address);
      for (const { status } of web) expect(known).toContain(status.podIP);
    });
  });

  describe('afterwards', () => {
    it('nothing is restarted that nobody would make again', async () => {
      const { message } = await ask(scene, { text: `restart-pods ${CLUSTER} shop/bare --reason again` });
      expect(textOf(message)).toContain('it has no controller that would make a new one');
    });

    it('/etcd pods says what hangs for something else, and a restart is refused, since it would not help', async () => {
      scene.kubernetes.deletePod(SHOP, 'bare');
      scene.kubernetes.removeDeployment(SHOP, 'guarded');
      await until(() => hanging(scene.kubernetes).length === 1, { what: 'people have cleared these away' });
      const { message: pods } = await ask(scene, { text: 'pods' });
      expect(headerOf(pods)).toBe(`🟡 ${CLUSTER}: 1 pod hangs`);
      expect(textOf(pods)).toContain(broken);
      const { message: no } = await ask(scene, { text: 'restart-pods --reason again' });
      expect(textOf(no)).toContain('No pod hangs because its address was refused.');
      expect(textOf(no)).toContain('1 pod hangs for other reasons');
    });

    it('/etcd calico counts what the pods hold', async () => {
      const used = scene.kubernetes.addressesInUse().length;
      const { message } = await ask(scene, { text: 'calico' });
      expect(textOf(message)).toContain(`${String(used)} of 65\u202f536 in use`);
      expect(textOf(message)).not.toContain('Suspects');
    });

    it('/etcd keys and /etcd churn say what fills it, and which CronJobs do', async () => {
      const { message: keys } = await ask(scene, { text: `keys ${CLUSTER} --rate max` });
      expect(textOf(await cardSays(scene, keys, /\d keys, /))).toMatch(/Calico IPAM blocks[^]*node node-\d/);
      const { message } = await ask(scene, { text: `churn ${CLUSTER} --for 5s` });
      await cardTells(scene, message, /read from follower/);
      for (const name of CRON_JOBS) scene.kubernetes.runCronJob('batch', name);
      const said = textOf(await cardSays(scene, message, /writes a second/));
      for (const name of CRON_JOBS) expect(said).toContain(`batch/${name}`);
      expect(said).toMatch(/node-[12]/);
    });

    it('a Kubernetes that is gone is said once, and etcd is judged all the same', async () => {
      scene.kubernetes.faults.goAway();
      const { message: status } = await ask(scene, { text: 'status' });
      expect(headerOf(status)).not.toMatch(/⚪|could not/);
      expect(textOf(status)).toMatch(/m1[\s\S]*m2[\s\S]*m3/);
      const { message: diagnosis } = await ask(scene, { text: 'diagnose' });
      const said = textOf(diagnosis);
      const { host } = new URL(scene.kubernetes.url);
      expect(headerOf(diagnosis)).toBe(`⚪ ${CLUSTER}: 6 checks could not be read`);
      expect(said.split(host)).toHaveLength(2);
      expect(said).toMatch(/Pods that hang, Nodes, .*CronJobs/);
      expect(said).toMatch(/checks passed: .*NOSPACE alarm/);
      scene.kubernetes.faults.comeBack();
    });
  });

  /** Nothing but the quota is left of what has filled it. */
  async function fillUp(): Promise<void> {
    await fillUntilFull(scene.etcd.endpoints, { keys: 1, valueBytes: 16_384 });
    await scene.etcd.etcdctl('del', calicoEntry(0, 0).key);
  }
});

function uidIn(eviction: unknown): unknown {
  return (eviction as { deleteOptions?: { preconditions?: { uid?: string } } }).deleteOptions?.preconditions
    ?.uid;
}

function story(): RegExp {
  return new RegExp(
    [
      `6 pods hang because Calico can't write their addresses: its etcd ${CLUSTER} is over its quota since .*`,
      'it most likely filled because CronJobs cleanup, report and sync start \\d+ pods an hour and nothing was ever compacted\\. ',
      'Another 1 pod hangs for something else: 1 image\\.',
    ].join(''),
  );
}
