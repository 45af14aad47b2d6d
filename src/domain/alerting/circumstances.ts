import type { Held } from './decide.js';
import type { Incident, Mute, Signal } from './incident.js';
import type { AlertSettings } from './routing.js';
import type { AlertRule, AlertSeverity } from './rule.js';
import type { Judged } from './rule-state.js';

/** All that decides whether something is told, besides what is seen. */
export interface Circumstances {
  readonly now: number;
  readonly cluster: string;
  readonly environment: string | null;
  readonly mutes: readonly Mute[];
  /** What explains trouble on this cluster just now, and the sentence for it. */
  readonly quiet: { readonly kind: 'own-operation' | 'window'; readonly text: string } | null;
  /** The monitor itself sees too little to be believed. */
  readonly blind: boolean;
  readonly settings: Pick<AlertSettings, 'reminders' | 'escalation'>;
  /** How long a rule has to be clear before it is over, milliseconds, by how often it is judged. */
  readonly holdMs: Readonly<Record<AlertRule['every'], number>>;
  readonly picture: Incident['picture'];
  channelFor(severity: AlertSeverity): string;
  newId(): string;
}

/** Why nothing new is said of this rule just now; null: it is said. */
export function heldBy(circumstances: Circumstances, { id, rule }: Pick<Judged, 'id' | 'rule'>): Held | null {
  if (muteOf(circumstances, id)) return 'muted';
  if (circumstances.blind && rule.needsSight) return 'blind';
  return rule.quietInMaintenance ? (circumstances.quiet?.kind ?? null) : null;
}

export function muteOf({ mutes, cluster, now }: Circumstances, rule: string): Mute | undefined {
  return mutes.find(
    (mute) =>
      mute.until > now &&
      (mute.cluster === cluster || mute.cluster === '*') &&
      (mute.rule === rule || mute.rule === '*'),
  );
}

export interface Hush {
  /** An incident is held when all that fires of it is. */
  readonly held: Held | null;
  /** Rules that fire and may be told. */
  readonly aloud: ReadonlySet<string>;
}

export function hushOf(
  circumstances: Circumstances,
  fires: readonly Signal[],
  rules: ReadonlyMap<string, Pick<Judged, 'id' | 'rule'>>,
): Hush {
  const held = fires.map(({ rule }) => {
    const judged = rules.get(rule);
    return { rule, by: judged ? heldBy(circumstances, judged) : null };
  });
  const free = held.filter(({ by }) => by === null).map(({ rule }) => rule);
  const swallowed = new Set(fires.filter((signal) => signal.swallowed).map(({ rule }) => rule));
  const aloud = new Set(free.filter((rule) => !swallowed.has(rule)));
  return { held: free.length > 0 ? null : (held[0]?.by ?? null), aloud };
}

/** Why what was seen while the monitor was blind is not told: most likely it is not so. */
export const UNSURE = 'I see too few clusters to be sure';

export function quietText({ quiet }: Circumstances, held: Held | null): string | undefined {
  if (held === 'blind') return UNSURE;
  return held === 'window' || held === 'own-operation' ? quiet?.text : undefined;
}
