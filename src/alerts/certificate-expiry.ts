import { levelOf } from '../domain/alerting/levels.js';
import { rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import type { Certificate, EndpointFact } from '../domain/snapshot.js';
import { names } from '../domain/readings.js';
import { age } from '../domain/units.js';

const DAY_MS = 24 * 3_600_000;

const thresholds = {
  warning: span(14 * DAY_MS, 'time left until the certificate ends'),
  critical: span(3 * DAY_MS, 'time left until the certificate ends'),
};

type View = AlertView<typeof thresholds>;

/** One certificate, and where it was seen: a client's is shown at every endpoint. */
interface Seen extends Certificate {
  readonly endpoints: readonly string[];
}

export default rule({
  title: 'Certificate expires',
  means: 'After that day TLS connections to etcd fail, those of its clients first',
  advice: 'Renew the certificate, and see that etcd or I have loaded the new one',
  runbook: null,
  cause: 'certificates',
  every: 'sample',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: () => 0,
  judge,
});

function judge({ snapshot, now, limits }: View): Reading {
  const fact = snapshot.facts.certificates;
  if (!fact?.known) return { state: 'unknown', reason: fact?.reason ?? 'the certificates were not read' };
  const seen = seenOf(fact.value).toSorted((a, b) => a.notAfter - b.notAfter);
  const judged = seen.map((one) => ({ ...one, severity: severityOf(one.notAfter - now, limits) }));
  const ending = judged.filter((one) => one.severity !== null);
  const [first] = ending;
  if (first?.severity) {
    return {
      state: 'firing',
      severity: first.severity,
      summary: `The ${sentence(first, now)}`,
      evidence: ending.map(
        (one) => `${one.subject === '' ? 'Without subject' : one.subject}: ${sentence(one, now)}`,
      ),
    };
  }
  // What has expired fails the handshake, so an endpoint that is not read may be just that.
  const blind = fact.value.filter((one) => !one.fact.known).map((one) => one.endpoint);
  if (fact.value.length === 0) return { state: 'unknown', reason: 'the certificates were not read' };
  if (blind.length > 0)
    return { state: 'unknown', reason: `the certificates of ${names(blind)} could not be read` };
  return { state: 'clear', because: well(seen[0], now) };
}

/** Time only runs out, so no hysteresis is wanted. */
function severityOf(left: number, limits: View['limits']): ReturnType<typeof levelOf> {
  return levelOf(-left, { warning: -limits.warning, critical: -limits.critical }, null);
}

function seenOf(entries: readonly EndpointFact<readonly Certificate[]>[]): readonly Seen[] {
  const seen = new Map<string, Seen>();
  for (const { endpoint, fact } of entries) {
    for (const one of fact.known ? fact.value : []) {
      const key = `${one.of} ${one.subject} ${String(one.notAfter)}`;
      seen.set(key, { ...one, endpoints: [...(seen.get(key)?.endpoints ?? []), endpoint] });
    }
  }
  return [...seen.values()];
}

function sentence({ of, endpoints, notAfter }: Seen, now: number): string {
  const whose = of === 'client' ? 'client certificate that I show to' : 'server certificate of';
  const left = notAfter - now;
  const day = `${new Date(notAfter).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const when = left <= 0 ? `expired on ${day}, ${age(-left)} ago` : `expires on ${day}, in ${age(left)}`;
  return `${whose} ${names(endpoints)} ${when}`;
}

function well(soonest: Seen | undefined, now: number): string {
  if (!soonest) return 'no certificate is in use';
  return `every certificate is good for at least ${age(soonest.notAfter - now)}`;
}
