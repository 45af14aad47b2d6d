import type { Page, Pager } from '../../domain/ports.js';
import { moment, postJson, shortened, under } from './post.js';
import type { PagerDutySettings } from './settings.js';

/** The Events API refuses what is longer. */
const SUMMARY = 1024;

/** Events API v2: events with one `dedup_key` make one incident, so one that arrives twice changes nothing. */
export function makePagerDuty({ name, url, routingKey, timeoutMs }: PagerDutySettings): Pager {
  return {
    name,
    send: (page) => {
      const body = JSON.stringify({ routing_key: routingKey.reveal(), ...eventOf(page) });
      return postJson({ target: name, url: under(url, '/v2/enqueue'), body, timeoutMs });
    },
  };
}

function eventOf(page: Page): Readonly<Record<string, unknown>> {
  const event = { event_action: page.act, dedup_key: page.key };
  if (page.act !== 'trigger') return event;
  return { ...event, client: 'etcd-steward', payload: payloadOf(page) };
}

function payloadOf(page: Page): Readonly<Record<string, unknown>> {
  return {
    summary: shortened(page.summary, SUMMARY),
    source: page.cluster,
    severity: page.severity,
    timestamp: moment(page.since),
    component: 'etcd',
    ...(page.environment !== null && { group: page.environment }),
    class: page.rule,
    custom_details: { cause: page.cause, details: page.details },
  };
}
