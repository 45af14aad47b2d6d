import type { ListedMember, MemberStatus } from '../../domain/snapshot.js';
import { isBefore, partsOf } from '../../domain/version.js';
import type { MemberListReply, StatusReply } from './rpc.js';

/** null: the reply has no header, so it can't be said whose it is. */
export function parseStatus(reply: StatusReply): MemberStatus | null {
  const { header } = reply;
  if (!header) return null;
  return {
    clusterId: header.clusterId,
    memberId: header.memberId,
    version: reply.version,
    sizeBytes: Number(reply.dbSize),
    // etcd before 3.6 does not send it, and 3.6.0 to 3.6.5 send 0 where the flag is unset.
    quotaBytes: Number(reply.dbSizeQuota) || null,
    leaderId: reply.leader,
    term: Number(reply.raftTerm),
    raftIndex: Number(reply.raftIndex),
    revision: Number(header.revision),
    ...newerFields(reply),
  };
}

type NewerFields = Pick<MemberStatus, 'inUseBytes' | 'appliedIndex' | 'errors' | 'learner'>;

/** Fields 7 to 10 came with etcd 3.4. An older server's silence reads as zero on the wire: only the version tells. */
function newerFields(reply: StatusReply): NewerFields {
  const old = !partsOf(reply.version) || isBefore(reply.version, '3.4.0');
  if (old) return { inUseBytes: null, appliedIndex: null, errors: null, learner: false };
  return {
    inUseBytes: Number(reply.dbSizeInUse) || null,
    appliedIndex: Number(reply.raftAppliedIndex),
    // Alarms come with a trailing space.
    errors: reply.errors.map((error) => error.trim()),
    learner: reply.isLearner,
  };
}

export function parseMembers(reply: MemberListReply): readonly ListedMember[] {
  return reply.members.map(({ id, name, clientUrls, isLearner }) => ({
    ...{ id, name, clientUrls, learner: isLearner },
  }));
}
