import type { ModalView, PlainTextOption } from '@slack/types';
import type { Incident } from '../../domain/alerting/incident.js';
import { prose } from './escape.js';
import { headline } from './incident.js';
import { plainText, section } from './parts.js';
import { MOST_REASON } from './reason-form.js';

/** Where the form's values are found again; `callback` is the form's id. */
export const MUTE_FORM = {
  callback: 'incident.mute',
  span: { block: 'for', action: 'for' },
  reason: { block: 'reason', action: 'reason' },
} as const;

const HOUR = 3_600_000;

/** What can be chosen, milliseconds. */
const SPANS: Readonly<Record<string, { readonly text: string; readonly ms: number }>> = {
  '1h': { text: '1 hour', ms: HOUR },
  '4h': { text: '4 hours', ms: 4 * HOUR },
  '1d': { text: '1 day', ms: 24 * HOUR },
  '7d': { text: '7 days', ms: 168 * HOUR },
};

/** Null: none of ours. */
export function mutedFor(value: string | undefined): number | null {
  return value === undefined || !Object.hasOwn(SPANS, value) ? null : (SPANS[value]?.ms ?? null);
}

/** What the form is about: opaque to Slack. A channel of null is App Home. */
export interface MuteSubject {
  readonly incidentId: string;
  readonly channel: string | null;
}

export function muteSubject(metadata: string): MuteSubject | null {
  const [incidentId = '', channel = ''] = metadata.split(' ');
  return incidentId === '' ? null : { incidentId, channel: channel === '' ? null : channel };
}

/** Asks for how long, and why. */
export function muteForm(incident: Incident, channel: string | null): ModalView {
  const options = Object.entries(SPANS).map(([value, { text }]): PlainTextOption => ({
    text: plainText(text, 75),
    value,
  }));
  const [first] = options;
  return {
    type: 'modal',
    callback_id: MUTE_FORM.callback,
    private_metadata: `${incident.id} ${channel ?? ''}`,
    title: plainText('Mute this incident', 24),
    submit: plainText('Mute', 24),
    close: plainText('Back', 24),
    blocks: [
      section(`${prose(headline(incident))}\nIts end is still told. Everybody sees who muted it, and why.`),
      {
        type: 'input',
        block_id: MUTE_FORM.span.block,
        label: plainText('For how long?', 150),
        element: {
          type: 'static_select',
          action_id: MUTE_FORM.span.action,
          options,
          ...(first && { initial_option: first }),
        },
      },
      {
        type: 'input',
        block_id: MUTE_FORM.reason.block,
        label: plainText('Why?', 150),
        element: {
          type: 'plain_text_input',
          action_id: MUTE_FORM.reason.action,
          multiline: true,
          max_length: MOST_REASON,
        },
      },
    ],
  };
}
