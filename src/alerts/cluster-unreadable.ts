import type { TargetErrorCode } from '../domain/errors.js';
import { rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { lines, names, statusesOf } from '../domain/readings.js';

const thresholds = { for: span(2 * 60_000, 'how long nothing can be read before it is told') };

/** Something answers there: whether it is well, nobody knows. Silence is the matter of other rules. */
const WORDS: Readonly<Partial<Record<TargetErrorCode, string>>> = {
  tls: 'the TLS handshake fails',
  auth: 'my user or password is refused',
  denied: 'my user may not read the status',
  'wrong-cluster': 'another cluster than the one known by this name answers',
  unsupported: 'what answers does not know the call',
  'too-many-requests': 'it says that it has too many requests',
  failed: 'the answer is an error',
};

export default rule({
  title: 'Cluster unreadable',
  means: 'I cannot see how this cluster is, and would not see trouble there',
  advice: 'Check endpoints, `tls` and `auth` of this cluster in my configuration',
  runbook: null,
  cause: 'members',
  every: 'sample',
  quietInMaintenance: false,
  needsSight: true,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

function judge({ snapshot }: AlertView<typeof thresholds>): Reading {
  const views = membersOf(snapshot);
  const read = statusesOf(views).map(({ member }) => member.label);
  if (read.length > 0) return { state: 'clear', because: `${names(read)} can be read` };
  const reasons = [...new Set(views.flatMap(refusalOf))];
  if (reasons.length === 0) return { state: 'unknown', reason: 'no member answers at all' };
  return {
    state: 'firing',
    severity: 'warning',
    summary: `No member can be read though something answers: ${names(reasons)}`,
    evidence: lines(
      views.filter((member) => member.endpoint !== null),
      ({ status }) => (status.known ? null : status.reason),
    ),
  };
}

function refusalOf({ status }: MemberView): readonly string[] {
  const words = status.known ? undefined : WORDS[status.code];
  return words === undefined ? [] : [words];
}
