import type { AlertSettings, Digest, Escalation } from '../domain/alerting/routing.js';
import type { AlertsEntry } from './alerts-schema.js';
import type { AlertsConfig } from './config.js';
import { checkId } from './identifiers.js';
import { nearest } from './keys.js';
import type { Placed } from './names.js';
import { readHeartbeat, readPagers, type Holder } from './pagers.js';
import type { Path, Problems } from './problems.js';
import type { Settings } from './schema.js';
import type { KnownRules } from './known-rules.js';
import { limitsFrom, readThresholds, type Limits } from './thresholds.js';

interface Surroundings extends Holder {
  readonly settings: Settings;
  readonly clusters: readonly Placed[];
  readonly rules: KnownRules;
}

export function readAlerts(problems: Problems, surroundings: Surroundings): AlertsConfig {
  const { alerts } = surroundings.settings;
  checkRoutes(problems, surroundings);
  checkReminders(problems, alerts.reminders);
  return {
    limitsOf: readLimits(problems, surroundings),
    routes: alerts.routes,
    reminders: { firstMs: alerts.reminders.first, mostMs: alerts.reminders.most },
    escalation: readEscalation(problems, alerts.escalation),
    digest: readDigest(problems, alerts.digest),
    heartbeatEveryMs: alerts.heartbeat?.every ?? 60_000,
    heartbeat: readHeartbeat(problems, alerts.heartbeat, surroundings),
    pagers: readPagers(problems, alerts.pagers, surroundings),
  };
}

/** The cluster's thresholds over its environment's over the common ones over the rules' own. */
function readLimits(
  problems: Problems,
  { settings, clusters, rules }: Surroundings,
): AlertSettings['limitsOf'] {
  const read = (path: Path, alerts: { readonly thresholds: AlertsEntry['thresholds'] } | undefined): Limits =>
    readThresholds(problems, [...path, 'alerts', 'thresholds'], { given: alerts?.thresholds ?? {}, rules });
  const common = read([], settings.alerts);
  const environments = new Map(
    Object.entries(settings.environments).map(([name, { alerts }]) => [
      name,
      read(['environments', name], alerts),
    ]),
  );
  const own = new Map(
    clusters.map(({ index, entry }) => {
      const shared = environments.get(entry.environment ?? '') ?? {};
      const closest = read(['clusters', index], entry.alerts);
      return [entry.name, limitsFrom(rules, [common, shared, closest])];
    }),
  );
  const others = limitsFrom(rules, [common]);
  return (cluster) => own.get(cluster) ?? others;
}

function checkRoutes(problems: Problems, { settings, clusters }: Surroundings): void {
  const names = clusters.map(({ entry }) => entry.name);
  const used = clusters.flatMap(({ entry }) => entry.environment ?? []);
  const environments = [...new Set([...Object.keys(settings.environments), ...used])];
  for (const [index, route] of settings.alerts.routes.entries()) {
    const path = ['alerts', 'routes', index];
    checkId(problems, [...path, 'channel'], { kind: 'channel', id: route.channel });
    checkKnown(problems, [...path, 'clusters'], { given: route.clusters, known: names });
    checkKnown(problems, [...path, 'environments'], { given: route.environments, known: environments });
  }
}

/** Stands in for a name that is missing: see `load`. Whatever it should be, that is told already. */
const NAMELESS = '-';

interface Words {
  readonly given: readonly string[];
  readonly known: readonly string[];
}

/** A route for a mistyped cluster would send nothing anywhere, without a word. */
function checkKnown(problems: Problems, path: Path, { given, known }: Words): void {
  if (known.includes(NAMELESS)) return;
  for (const [index, word] of given.entries()) {
    if (known.includes(word)) continue;
    const meant = nearest(word, known);
    const hint = meant === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean \`${meant}\`?`;
    problems.add([...path, index], `is not configured; ${hint}`);
  }
}

function checkReminders(problems: Problems, { first, most }: AlertsEntry['reminders']): void {
  if (most < first) problems.add(['alerts', 'reminders', 'most'], 'is shorter than first; make it as long');
}

function readEscalation(problems: Problems, given: AlertsEntry['escalation']): Escalation | null {
  if (given === undefined) return null;
  const path = ['alerts', 'escalation'];
  const { after, groups, channel } = given;
  for (const [index, id] of groups.entries())
    checkId(problems, [...path, 'groups', index], { kind: 'group', id });
  if (channel !== undefined) checkId(problems, [...path, 'channel'], { kind: 'channel', id: channel });
  if (groups.length === 0 && channel === undefined && !problems.has(path))
    problems.add(path, 'tells nobody; list groups, or give a channel');
  return { afterMs: after, groups, channel: channel ?? null };
}

function readDigest(problems: Problems, given: AlertsEntry['digest']): Digest | null {
  if (given === false || given === 'off') return null;
  const { every, at, day, zone } = given;
  if (every === 'day' && day !== undefined)
    problems.add(['alerts', 'digest', 'day'], 'counts only with `every: week`; take it out, or write that');
  return { every, atMinute: at, weekday: day ?? 'mon', zone };
}
