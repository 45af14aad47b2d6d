import { createHmac } from 'node:crypto';
import type { Page, Pager } from '../../domain/ports.js';
import { moment, postJson } from './post.js';
import type { WebhookSettings } from './settings.js';

/**
 * One JSON object for each page. Where a secret is configured, `x-steward-signature` is `sha256=` and the hex HMAC-SHA256
 * of `timestamp.body`, the timestamp (Unix seconds) being that of `x-steward-timestamp`: what is old can be told from
 * what is new.
 */
export function makeWebhook({ name, url, secret, timeoutMs }: WebhookSettings): Pager {
  return {
    name,
    send: (page) => {
      const body = JSON.stringify(bodyOf(page));
      const timestamp = String(Math.floor(page.at / 1000));
      const signature = secret && signed(secret.reveal(), `${timestamp}.${body}`);
      const headers = {
        'x-steward-timestamp': timestamp,
        ...(signature !== null && { 'x-steward-signature': signature }),
      };
      return postJson({ target: name, url: url.reveal(), body, headers, timeoutMs });
    },
  };
}

function signed(secret: string, text: string): string {
  return `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
}

function bodyOf(page: Page): Readonly<Record<string, unknown>> {
  const { key, act, cluster, environment, rule, cause, severity, summary, details } = page;
  const [since, at] = [moment(page.since), moment(page.at)];
  return { key, act, cluster, environment, rule, cause, severity, summary, details, since, at };
}
