import type { Page, Pager } from '../../domain/ports.js';
import { moment, postJson, under } from './post.js';
import type { AlertmanagerSettings } from './settings.js';

/** Often enough that several in a row may get lost before the alert expires. */
const REPEAT_MS = 60_000;
const EXPIRES_MS = 10 * 60_000;

/**
 * Alertmanager forgets an alert at its `endsAt`, so one that fires is sent again and again with a later one, as Prometheus
 * does; that also covers a restart of Alertmanager. It tells alerts apart by their labels alone: these never change
 * within one incident. Nothing can be acknowledged there.
 */
export function makeAlertmanager(settings: AlertmanagerSettings): Pager {
  const { name, url, bearerToken, timeoutMs } = settings;
  return {
    name,
    repeatEveryMs: REPEAT_MS,
    send: async (page) => {
      if (page.act === 'acknowledge') return;
      const headers = bearerToken ? { authorization: `Bearer ${bearerToken.reveal()}` } : {};
      const body = JSON.stringify([alertOf(page)]);
      await postJson({ target: name, url: under(url, '/api/v2/alerts'), body, headers, timeoutMs });
    },
  };
}

function alertOf(page: Page): Readonly<Record<string, unknown>> {
  return {
    labels: {
      alertname: `etcd-${page.cause}`,
      cluster: page.cluster,
      ...(page.environment !== null && { environment: page.environment }),
      severity: page.severity,
      incident: page.key,
    },
    annotations: { summary: page.summary, description: page.details.join('\n'), rule: page.rule },
    // It refuses an alert that ends before it began.
    startsAt: moment(Math.min(page.since, page.at)),
    endsAt: moment(page.act === 'resolve' ? page.at : page.at + EXPIRES_MS),
  };
}
