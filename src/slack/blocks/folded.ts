import { unreadReason, type Finding } from '../../domain/finding.js';

/** Two may share a reason because they share a fact; more of them mean that somebody does not answer. */
const FEWEST = 3;

/** Several checks that could not be read for one and the same reason are one finding, so that it is said once. */
export function folded(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string | Finding, readonly Finding[]>();
  for (const finding of findings) {
    const key = unreadReason(finding) ?? finding;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups].flatMap(([key, group]) => {
    const [first] = group;
    if (typeof key !== 'string' || first === undefined || group.length < FEWEST) return group;
    return [
      {
        ...first,
        title: group.map(({ title }) => title).join(', '),
        summary: `${String(group.length)} checks could not be read`,
        evidence: [key],
        why: 'What can’t be seen is no good news.',
      },
    ];
  });
}
