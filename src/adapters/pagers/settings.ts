/** Shows itself only to who asks for it. */
export interface Hidden {
  reveal(): string;
}

interface Common {
  readonly name: string;
  readonly timeoutMs?: number;
}

export interface PagerDutySettings extends Common {
  readonly kind: 'pagerduty';
  /** Base of the Events API v2. */
  readonly url: string;
  readonly routingKey: Hidden;
}

export interface AlertmanagerSettings extends Common {
  readonly kind: 'alertmanager';
  /** Its base, without `/api`. */
  readonly url: string;
  readonly bearerToken: Hidden | null;
}

export interface WebhookSettings extends Common {
  readonly kind: 'webhook';
  readonly url: Hidden;
  /** Signs each request; null: nothing is signed. */
  readonly secret: Hidden | null;
}

export type PagerSettings = PagerDutySettings | AlertmanagerSettings | WebhookSettings;
