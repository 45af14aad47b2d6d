import type { Cluster } from '../../domain/cluster.js';
import { no, yes, type Verdict } from '../../domain/errors.js';
import { valueOf } from '../../domain/fact.js';
import type { LookedAt } from '../../domain/keys/report.js';
import type { KeyScanner } from '../../domain/keyspace.js';
import { membersOf, type MemberView } from '../../domain/members.js';
import { collect, type CollectDeps } from '../collect.js';

export interface Chosen {
  readonly keyspace: KeyScanner;
  readonly member: LookedAt;
}

/** The follower that is most caught up; the leader only where no follower answers. One whose data is corrupt: never. */
export async function chooseMember(deps: CollectDeps, cluster: Cluster): Promise<Verdict<Chosen>> {
  const snapshot = await collect(deps, cluster, ['members', 'status', 'alarms']);
  const fit = membersOf(snapshot).filter(
    ({ role, status, alarms }) =>
      status.known && (role === 'follower' || role === 'leader') && !alarms.includes('CORRUPT'),
  );
  const followers = fit.filter(({ role }) => role === 'follower');
  const [best] = (followers.length > 0 ? followers : fit).toSorted((a, b) => appliedOf(b) - appliedOf(a));
  const reader = deps.access.reader(cluster).members.find(({ endpoint }) => endpoint === best?.endpoint);
  if (!best || !reader)
    return no(`No member of ${cluster.name} can be asked for its keys now.`, [
      `\`/etcd status ${cluster.name}\` shows who answers.`,
    ]);
  const role = best.role === 'leader' ? 'leader' : 'follower';
  return yes({ keyspace: reader.keyspace, member: { label: best.label, role } });
}

function appliedOf({ status }: MemberView): number {
  const value = valueOf(status);
  return value?.appliedIndex ?? value?.raftIndex ?? 0;
}
