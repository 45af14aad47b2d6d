import { SEVERITIES, unreadSummary, type Check, type Finding, type Observation } from '../domain/finding.js';
import type { Log } from '../domain/ports.js';
import type { FactName, Snapshot } from '../domain/snapshot.js';
import type { Catalogue } from './catalogue.js';

/** What is judged: the facts that were read for it; others that the snapshot holds are only looked up. */
export interface Judged {
  readonly snapshot: Snapshot;
  readonly asked: readonly FactName[];
}

/** Every check whose facts were asked for, worst first. A fact that could not be read gives `unknown`, never a pass. */
export function runChecks(
  checks: Catalogue<Check>,
  { snapshot, asked: facts }: Judged,
  log: Log,
): readonly Finding[] {
  const asked = [...checks].filter(([, check]) => check.needs.every((need) => facts.includes(need)));
  const findings = asked.flatMap(([id, check]) =>
    observe([id, check], snapshot, log).map((observation) => ({
      rank: check.rank,
      finding: finding(id, check, observation),
    })),
  );
  const weight = (entry: (typeof findings)[number]): number => SEVERITIES.indexOf(entry.finding.severity);
  findings.sort((a, b) => weight(a) - weight(b) || a.rank - b.rank);
  return findings.map((entry) => entry.finding);
}

function observe(
  [id, check]: readonly [string, Check],
  snapshot: Snapshot,
  log: Log,
): readonly Observation[] {
  for (const need of check.needs) {
    const fact = snapshot.facts[need];
    if (!fact?.known) {
      const reason = fact?.reason ?? `${need} was not read`;
      return [{ severity: 'unknown', summary: unreadSummary(check.title, reason) }];
    }
  }
  try {
    return check.run(narrowed(snapshot, [...check.needs, ...(check.uses ?? [])]));
  } catch (error) {
    log.error({ check: id, err: error }, 'a check failed');
    return [
      { severity: 'unknown', summary: `${check.title}: the check itself failed; the log has the reason` },
    ];
  }
}

/** A check sees only the facts that it names. */
function narrowed(snapshot: Snapshot, names: readonly FactName[]): Snapshot {
  const facts = Object.fromEntries(
    names.flatMap((name) => (snapshot.facts[name] ? [[name, snapshot.facts[name]]] : [])),
  );
  return { ...snapshot, facts };
}

function finding(id: string, check: Check, observation: Observation): Finding {
  const helps = observation.severity === 'critical' || observation.severity === 'warning';
  return {
    ...observation,
    check: id,
    title: check.title,
    why: check.why,
    runbook: helps ? (observation.runbook === undefined ? check.runbook : observation.runbook) : null,
  };
}
