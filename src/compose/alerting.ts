import { makeHeartbeat } from '../adapters/http/heartbeat.js';
import type { AlertSettings, Digest } from '../domain/alerting/routing.js';
import { trendOf } from '../domain/alerting/trend.js';
import type { Heartbeat } from '../domain/ports.js';
import type { Parts } from './parts.js';

/** What watching takes besides the parts: how it is configured, and who is told that it goes on. */
export interface Alerting {
  readonly alerting: AlertSettings;
  readonly digest: Digest | null;
  readonly alertsChannel: string | null;
  readonly intervalMs: number;
  readonly metricsIntervalMs: number;
  readonly heartbeat: Heartbeat | null;
  readonly trendOf: typeof trendOf;
}

export function alertingOf({ config: { alerts, monitor, slack } }: Parts): Alerting {
  return {
    alerting: alerts,
    digest: alerts.digest,
    alertsChannel: slack.alertsChannel,
    intervalMs: monitor.intervalMs,
    metricsIntervalMs: monitor.metricsIntervalMs,
    heartbeat: alerts.heartbeat && makeHeartbeat(alerts.heartbeat),
    trendOf,
  };
}
