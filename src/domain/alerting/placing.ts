import type { Circumstances } from './circumstances.js';
import type { Incident } from './incident.js';
import type { Judged } from './rule-state.js';
import { active, signalNow, signalOf, type Firing, type Look } from './signals.js';

/** Fires again within this: the same incident. */
export const REOPEN_MS = 10 * 60_000;

/** Every incident with its signals as they are now, and new ones for what belongs to none. */
export function placedAll(
  incidents: readonly Incident[],
  look: Look,
  circumstances: Circumstances,
): readonly Incident[] {
  const seen = incidents.map((incident) =>
    incident.state === 'firing' ? withSignalsNow(incident, look) : incident,
  );
  return look.firing.reduce<readonly Incident[]>((all, firing) => placed(all, firing, circumstances), seen);
}

function withSignalsNow(incident: Incident, look: Look): Incident {
  return { ...incident, signals: incident.signals.map((signal) => signalNow(signal, look)) };
}

function placed(
  incidents: readonly Incident[],
  firing: Firing,
  circumstances: Circumstances,
): readonly Incident[] {
  const { id, rule } = firing.judged;
  if (incidents.some((one) => active(one).some((signal) => signal.rule === id))) return incidents;
  const home = homeOf(incidents, rule, circumstances.now);
  if (!home) return [...incidents, opened(firing, circumstances)];
  return incidents.map((one) => (one === home ? taken(home, firing) : one));
}

/** Its own cause's, open before ended; else that of a trouble from which it follows, if that one fires. */
function homeOf(
  incidents: readonly Incident[],
  { cause, joins = [] }: Judged['rule'],
  now: number,
): Incident | undefined {
  const fires = (causes: readonly string[]): Incident | undefined =>
    incidents.find((one) => one.state === 'firing' && causes.includes(one.cause));
  const lately = incidents.find(
    (one) => one.state === 'resolved' && one.cause === cause && now - (one.resolved?.at ?? 0) < REOPEN_MS,
  );
  return fires([cause]) ?? fires(joins) ?? lately;
}

function taken(incident: Incident, firing: Firing): Incident {
  const signal = signalOf(firing);
  const others =
    incident.state === 'firing' ? incident.signals.filter(({ rule }) => rule !== signal.rule) : [];
  return { ...incident, signals: [...others, signal] };
}

function opened(firing: Firing, circumstances: Circumstances): Incident {
  const { now, cluster, environment } = circumstances;
  const { severity, judged } = firing;
  const signal = signalOf(firing);
  return {
    id: circumstances.newId(),
    version: 0,
    cluster,
    environment,
    cause: judged.rule.cause,
    state: 'firing',
    severity,
    worst: severity,
    since: signal.since,
    openedAt: now,
    changedAt: now,
    signals: [signal],
    untold: true,
    events: [],
    remindedAt: [],
    channel: circumstances.channelFor(severity),
    picture: null,
  };
}
