import type { Pager } from '../../domain/ports.js';
import { makeAlertmanager } from './alertmanager.js';
import { makePagerDuty } from './pagerduty.js';
import type { PagerSettings } from './settings.js';
import { makeWebhook } from './webhook.js';

/** In the order of the configuration. */
export function makePagers(settings: readonly PagerSettings[]): readonly Pager[] {
  return settings.map(makePager);
}

function makePager(one: PagerSettings): Pager {
  if (one.kind === 'pagerduty') return makePagerDuty(one);
  return one.kind === 'alertmanager' ? makeAlertmanager(one) : makeWebhook(one);
}
