import type { LocalEtcd, LocalMember } from '../../../infra/local/etcd.js';
import { makeMember, type Closeable } from '../../../src/adapters/etcd/member.js';
import type { Identity } from '../../../src/adapters/etcd/session.js';
import { TargetError } from '../../../src/domain/errors.js';
import type { MemberOperator } from '../../../src/domain/ports.js';

export const versions = ['3.3', '3.4', '3.5'] as const;

/** Generous: no test is about it, and two cores are shared. */
export const ms = 20_000;

export type Member = MemberOperator & Closeable;

export function connect(etcd: LocalEtcd, identity: Identity = {}): Member[] {
  return etcd.members.map((member) => connectTo(member, identity));
}

export function connectTo({ clientUrl, metricsUrl }: LocalMember, identity: Identity = {}): Member {
  return makeMember(clientUrl, { ...identity, metricsUrl });
}

export async function failure(promise: Promise<unknown>): Promise<TargetError> {
  const outcome = await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (outcome instanceof TargetError) return outcome;
  throw outcome;
}

/** The members in the order: leader, followers. */
export async function leaderFirst(members: readonly Member[]): Promise<[Member, Member, Member]> {
  const seen = await Promise.all(
    members.map(async (member) => ({ member, status: await member.status(ms) })),
  );
  const leads = ({ status }: (typeof seen)[number]) => status.memberId === status.leaderId;
  const leader = seen.find(leads);
  const [first, second] = seen.filter((one) => !leads(one));
  if (!leader || !first || !second) throw new Error('no leader and two followers');
  return [leader.member, first.member, second.member];
}

/** How often a call has reached a member, by the member's own count. */
export async function timesReached({ metricsUrl }: LocalMember, method: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const line = new RegExp(`^grpc_server_started_total\\{[^}]*grpc_method="${method}"[^}]*\\} (\\S+)$`, 'm');
  return Number(line.exec(text)?.[1] ?? 0);
}

/** Users: `root`, and `plain`, who has no role. */
export async function enableAuth(etcd: LocalEtcd): Promise<void> {
  await etcd.etcdctl('user', 'add', 'root:root-password');
  await etcd.etcdctl('user', 'add', 'plain:plain-password');
  // 3.3 and 3.4 make no root role of their own.
  await etcd.etcdctl('role', 'add', 'root').catch(() => {});
  await etcd.etcdctl('user', 'grant-role', 'root', 'root');
  await etcd.etcdctl('auth', 'enable');
}

export const root = { username: 'root', password: 'root-password' };
export const plain = { username: 'plain', password: 'plain-password' };

export async function collect(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
