import type { LocalEtcd } from '../../infra/local/etcd.js';

interface Listed {
  readonly Endpoint: string;
  readonly Status: {
    readonly header: { readonly member_id: number; readonly revision: number };
    readonly leader: number;
  };
}

/** The same fix as the plan's, as somebody with a terminal and everything at hand does it: one etcdctl after the other. */
export async function fixByHand(etcd: LocalEtcd): Promise<number> {
  const begun = performance.now();
  const at = (endpoint: string, ...words: string[]): Promise<string> =>
    etcd.etcdctl(`--endpoints=${endpoint}`, '--command-timeout=10m', ...words);
  const listed = await statusOf(etcd);
  const leader = listed.find(({ status }) => leads(status));
  const followers = listed.filter((one) => one !== leader);
  const [first] = followers;
  if (!leader || !first) throw new Error('the cluster has no leader, or no follower');
  const revision = Math.min(...listed.map(({ status }) => status.header.revision));
  await at(leader.endpoint, 'compact', String(revision), '--physical');
  for (const { endpoint } of followers) await at(endpoint, 'defrag');
  await at(leader.endpoint, 'move-leader', first.id);
  await at(leader.endpoint, 'defrag');
  if ((await etcd.etcdctl('alarm', 'list')).trim() !== '') await etcd.etcdctl('alarm', 'disarm');
  await etcd.etcdctl('put', '/etcd-steward/probe/by-hand', 'ok');
  return performance.now() - begun;
}

interface Seen {
  readonly endpoint: string;
  /** In hex, as etcdctl takes it. */
  readonly id: string;
  readonly status: Listed['Status'];
}

function leads({ header, leader }: Listed['Status']): boolean {
  return header.member_id === leader;
}

/** Member ids exceed what a JavaScript number holds: equal ones stay equal, but only the text is exact. */
async function statusOf(etcd: LocalEtcd): Promise<readonly Seen[]> {
  const json = await etcd.etcdctl('endpoint', 'status', '-w', 'json');
  const ids = [...json.matchAll(/"member_id":(\d+)/g)].map(([, id]) => BigInt(id ?? 0).toString(16));
  return (JSON.parse(json) as Listed[]).map(({ Endpoint, Status }, index) => ({
    endpoint: Endpoint,
    id: ids[index] ?? '',
    status: Status,
  }));
}
