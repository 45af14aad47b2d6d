import { randomInt } from 'node:crypto';
import { findOrFetch } from '../../infra/local/binaries.js';
import type { LocalEtcd, LocalMember } from '../../infra/local/etcd.js';
import { makeMember } from '../../infra/local/member.js';
import { freePorts } from '../../infra/local/ports.js';
import { until } from '../../infra/local/until.js';
import { alarmRpc, type AlarmRequest } from '../../src/adapters/etcd/rpc.js';
import { makeSession } from '../../src/adapters/etcd/session.js';
import { counted } from '../e2e/truth.js';

/** What somebody else does to a cluster in the middle of a run: past the bot, by etcd's own API. */

const DEADLINE_MS = 10_000;

/** As etcd's own list has them; ids in decimal. */
async function idsOf(etcd: LocalEtcd): Promise<ReadonlyMap<string, string>> {
  const said = await etcd.etcdctl('member', 'list');
  const rows = said.split('\n').filter((line) => line !== '');
  return new Map(
    rows.map((row) => {
      const [id = '', , name = ''] = row.split(', ');
      return [name, String(BigInt(`0x${id}`))];
    }),
  );
}

export async function idOf(etcd: LocalEtcd, name: string): Promise<string> {
  const id = (await idsOf(etcd)).get(name);
  if (id === undefined) throw new Error(`there is no member ${name}`);
  return id;
}

export async function nameOf(etcd: LocalEtcd, memberId: string): Promise<string> {
  const found = [...(await idsOf(etcd))].find(([, id]) => id === memberId);
  return found?.[0] ?? memberId;
}

export function memberCalled(etcd: LocalEtcd, name: string): LocalMember {
  const member = etcd.members.find((candidate) => candidate.name === name);
  if (!member) throw new Error(`there is no member ${name}`);
  return member;
}

/** By the members' own metrics: who leads, where all of them know it. */
export async function leaderIn(etcd: LocalEtcd): Promise<LocalMember> {
  const found = await until(
    async () => {
      const led = await counted(etcd, 'etcd_server_has_leader');
      const leads = await counted(etcd, 'etcd_server_is_leader');
      const all = led.every((has) => has === 1) && leads.filter((is) => is === 1).length === 1;
      return all && etcd.members[leads.indexOf(1)];
    },
    { what: 'one member leads' },
  );
  return found;
}

export async function followersIn(etcd: LocalEtcd): Promise<readonly LocalMember[]> {
  const leader = await leaderIn(etcd);
  return etcd.members.filter((member) => member !== leader);
}

export async function moveLeader(etcd: LocalEtcd, toName: string): Promise<void> {
  const leader = await leaderIn(etcd);
  if (leader.name === toName) return;
  const id = BigInt(await idOf(etcd, toName)).toString(16);
  await etcd.etcdctl(`--endpoints=${leader.clientUrl}`, 'move-leader', id);
  await until(async () => (await leaderIn(etcd)).name === toName, { what: `${toName} leads` });
}

/** As etcd's corruption check does when it finds a difference. */
export async function raiseCorrupt(etcd: LocalEtcd, name: string): Promise<void> {
  const session = makeSession(etcd.endpoints[0] ?? '', {});
  const request = { action: 'ACTIVATE', memberId: await idOf(etcd, name), alarm: 'CORRUPT' };
  try {
    // The bot itself has no words for this: it only ever disarms NOSPACE.
    await session.act(alarmRpc, request as unknown as AlarmRequest, DEADLINE_MS);
  } finally {
    session.close();
  }
}

/** Says every alarm, also those that the bot must not touch. */
export function disarmAll(etcd: LocalEtcd): Promise<string> {
  return etcd.etcdctl(`--endpoints=${etcd.endpoints[0] ?? ''}`, 'alarm', 'disarm');
}

/**
 * To the list alone: nobody starts it. Answers its id in hex. By itself etcd refuses this until its members have been
 * connected for five seconds: the cluster had better be started without `--strict-reconfig-check`.
 */
export async function addMember(etcd: LocalEtcd, kind: 'voter' | 'learner'): Promise<string> {
  const flags = kind === 'learner' ? ['--learner'] : [];
  const at = `--endpoints=${(await leaderIn(etcd)).clientUrl}`;
  // Its id is made of its URL and the second: the same ones once more are those of a member that was removed.
  const url = `http://127.0.0.1:${String(randomInt(1, 1024))}`;
  const add = ['member', 'add', 'm9', `--peer-urls=${url}`, ...flags];
  // As JSON, because for a person's eyes etcdctl asks once more, and may ask a member that has not heard of it yet.
  const said = await etcd.etcdctl(at, ...add, '--write-out=json');
  const id = /"member":\{"ID":(\d+)/.exec(said)?.[1];
  if (id === undefined) throw new Error(said);
  return BigInt(id).toString(16);
}

/** A fourth member, m4, which is started and takes part; to be removed from the list before it is stopped. */
export async function joinMember(etcd: LocalEtcd, directory: string): Promise<LocalMember> {
  const ports = await freePorts(3);
  const [client = '', peer = '', metrics = ''] = ports.map((port) => `http://127.0.0.1:${String(port)}`);
  const address = { name: 'm4', clientUrl: client, peerUrl: peer, metricsUrl: `${metrics}/metrics` };
  const everybody = [...etcd.members, address].map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',');
  const flags = ['--initial-cluster', everybody, '--initial-cluster-state', 'existing'];
  const member = makeMember({ address, binary: await findOrFetch('etcd-3.5'), directory, flags });
  const at = `--endpoints=${(await leaderIn(etcd)).clientUrl}`;
  await etcd.etcdctl(at, 'member', 'add', 'm4', `--peer-urls=${peer}`, '--write-out=json');
  await member.start({ healthy: true });
  return member;
}

export async function removeMember(etcd: LocalEtcd, id: string): Promise<void> {
  await etcd.etcdctl(`--endpoints=${(await leaderIn(etcd)).clientUrl}`, 'member', 'remove', id);
}
