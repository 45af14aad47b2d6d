import type { AlertBook, Outlook } from '../../domain/alerting/incident.js';
import { active } from '../../domain/alerting/signals.js';
import { valueOf } from '../../domain/fact.js';
import type { Finding } from '../../domain/finding.js';
import { membersOf, type MemberView } from '../../domain/members.js';
import type { Snapshot } from '../../domain/snapshot.js';

export interface Seen {
  readonly snapshot: Snapshot;
  readonly findings: readonly Finding[];
  readonly book: AlertBook;
  /** The outlook before; only asked for where nothing can be read. */
  readonly before: Outlook | null;
  readonly now: number;
}

/** No member said anything of itself. */
export function isUnreadable({ facts }: Snapshot): boolean {
  return !(valueOf(facts.status) ?? []).some(({ fact }) => fact.known);
}

/** What a list, App Home or a digest shows of a cluster at a glance. */
export function outlookOf({ snapshot, findings, book, before, now }: Seen): Outlook {
  const members = membersOf(snapshot);
  const [worst] = findings;
  return {
    cluster: snapshot.cluster,
    at: snapshot.at,
    unreadableSince: isUnreadable(snapshot) ? (before?.unreadableSince ?? now) : null,
    severity: worst?.severity ?? 'unknown',
    summary: worst?.summary ?? 'Nothing has been read yet',
    members: members.length,
    ...sizesOf(members),
    trend: book.trend,
    incidents: book.incidents.flatMap((incident) => {
      const [signal] = active(incident);
      if (incident.state !== 'firing' || incident.untold || !signal) return [];
      return [{ id: incident.id, severity: incident.severity, title: signal.title }];
    }),
  };
}

/** Of the member that is nearest to its quota. */
function sizesOf(
  members: readonly MemberView[],
): Pick<Outlook, 'sizeBytes' | 'inUseBytes' | 'quotaBytes' | 'share'> {
  const [fullest] = members
    .filter(({ status }) => status.known)
    .toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0));
  if (!fullest?.status.known) return { sizeBytes: null, inUseBytes: null, quotaBytes: null, share: null };
  const { sizeBytes, inUseBytes } = fullest.status.value;
  const limited = Number.isFinite(fullest.quota.bytes);
  return { sizeBytes, inUseBytes, quotaBytes: limited ? fullest.quota.bytes : null, share: fullest.share };
}
