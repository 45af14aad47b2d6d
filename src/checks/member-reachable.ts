import type { TargetErrorCode } from '../domain/errors.js';
import type { Unknown } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { isDefragmenting, isLonely, quorumOf, type Quorum } from '../domain/quorum.js';
import { unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';

const check: Check = {
  title: 'Members within reach',
  why: 'What cannot be read cannot be judged: trouble on a silent member stays unseen',
  runbook: null,
  needs: ['status'],
  uses: ['members', 'metrics'],
  rank: 7,
  run,
};

type Words = readonly [summary: string, advice: string];

const OTHER: Words = ['could not be read', 'Read its log, and ask again'];

const WORDS: Readonly<Partial<Record<TargetErrorCode, Words>>> = {
  unreachable: ['cannot be reached: no connection', 'See whether its process and its machine run'],
  timeout: [
    'did not answer in time',
    'See whether its disk or its network is slow, or someone defragments it',
  ],
  unavailable: ['answers that it is not available', 'Read its log: it may be starting or stopping'],
  tls: [
    'refuses the connection: the TLS handshake failed',
    'Check the certificates and `tls` of this cluster',
  ],
  auth: ["refuses the bot's user or password", 'Check `auth` of this cluster in the configuration'],
  denied: [
    'does not let the bot read its status',
    'Give the bot a user with the right to it; some versions want root for Status',
  ],
  'wrong-cluster': [
    'belongs to another cluster than the one known by this name',
    'Check the endpoints, and `clusterId` if the cluster was built anew',
  ],
};

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  const quorum = quorumOf(snapshot);
  const troubles = [...silent(views, quorum), ...neverStarted(views), ...lonely(views)];
  const list = snapshot.facts.members;
  const blind = list?.known ? [] : [unseen('the member list, so members without an endpoint', list)];
  if (troubles.length > 0 || blind.length > 0) return [...troubles, ...blind];
  return [
    {
      severity: 'ok',
      summary: views.length === 1 ? 'The member answers' : `All ${String(views.length)} members answer`,
    },
  ];
}

function silent(views: readonly MemberView[], quorum: Quorum): readonly Observation[] {
  return views
    .filter((member) => member.endpoint !== null && member.started)
    .flatMap((member) => {
      if (member.status.known) return [];
      return [isDefragmenting(member) ? busy(member) : mute(member, member.status, quorum)];
    });
}

function busy({ label }: MemberView): Observation {
  return {
    severity: 'info',
    summary: `${label} is defragmenting: it answers its own clients when it is done`,
    advice: 'Wait for it; do not restart it',
  };
}

function mute(member: MemberView, { code, reason }: Unknown, quorum: Quorum): Observation {
  const [summary, advice] = WORDS[code] ?? OTHER;
  return {
    severity:
      quorum.lost && quorum.down.some((one) => one.endpoint === member.endpoint) ? 'critical' : 'unknown',
    summary: `${member.label} ${summary}`,
    evidence: [`${member.endpoint ?? ''}: ${reason}`],
    advice,
  };
}

function neverStarted(views: readonly MemberView[]): readonly Observation[] {
  return views
    .filter((member) => !member.started)
    .map(({ label, role }) => ({
      severity: 'warning',
      summary: `${label} was added and never started${role === 'learner' ? '' : ', and counts for the quorum'}`,
      advice: 'Start it, or remove it with `etcdctl member remove`',
    }));
}

/** A silent endpoint without a member may well lead to one of these: it has been reported already. */
function lonely(views: readonly MemberView[]): readonly Observation[] {
  const strays = views.filter((member) => member.id === null).length;
  return views
    .filter(isLonely)
    .slice(strays)
    .map(({ label }) => ({
      severity: 'unknown',
      summary: `${label} is a member, but no configured endpoint leads to it`,
      advice: 'Add its client URL to the endpoints of this cluster',
    }));
}

export default check;
