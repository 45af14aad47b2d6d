import { unreadReason, type Finding } from '../../domain/finding.js';

/** Two may share a reason because they share a fact; more of them mean that somebody does not answer. */
const FEWEST = 3;

/** Several checks that could not be read for one and the same reason are one finding, so that it is said once. */
export function folded(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string | Finding, readonly Finding[]>();
  for (const finding of findings) {
    const key = reasonOf(finding) ?? finding;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const reason = first && unreadReason(first);
    if (!first || !reason || group.length < FEWEST) return group;
    return [
      {
        ...first,
        title: group.map(({ title }) => title).join(', '),
        summary: `${String(group.length)} checks could not be read`,
        evidence: [reason],
        advice: 'Mend what keeps them from being read, and ask again: nothing is known of them until then',
        why: 'What can’t be seen is no good news.',
      },
    ];
  });
}

/** Each fact has a time of its own, and whoever is silent is so to all of them. */
function reasonOf(finding: Finding): string | null {
  return unreadReason(finding)?.replace(/ within \d+ ms/, '') ?? null;
}
