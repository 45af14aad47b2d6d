import type { KnownBlock } from '@slack/types';
import type { webApi } from '@slack/bolt';
import type { Log } from '../../domain/ports.js';
import type { Reply } from '../asking.js';
import type { Message } from '../blocks/message.js';

/** How one person is told something, and nobody else. */
export interface Telling {
  readonly log: Log;
  readonly client: webApi.WebClient;
  /** Slack's, three seconds long and for one use. */
  readonly trigger: string;
  tell(message: Message): Promise<unknown>;
  /** Where the answer comes by itself; left out: nothing is needed. */
  nothingToTell?(): Promise<unknown>;
}

/** After the ack: says it, or opens the form; where Slack does not open it (too late, or away), says what to do instead. */
export async function answer(telling: Telling, reply: Reply | 'seen'): Promise<void> {
  if (reply === 'seen') return;
  const message = reply?.kind === 'form' ? await opened(telling, reply) : (reply?.message ?? null);
  try {
    if (message) await telling.tell(message);
    else if (reply === null) await telling.nothingToTell?.();
  } catch (error) {
    telling.log.warn({ err: error }, 'a command or a click could not be answered');
  }
}

async function opened(
  { client, trigger, log }: Telling,
  { view, otherwise }: Extract<Reply, { kind: 'form' }>,
): Promise<Message | null> {
  try {
    await client.views.open({ trigger_id: trigger, view });
    return null;
  } catch (error) {
    log.warn({ err: error, form: view.callback_id }, 'Slack did not open a form');
    return otherwise;
  }
}

/** As Slack takes it, for one person's eyes. */
export function whispered({ text, blocks }: Message): {
  response_type: 'ephemeral';
  text: string;
  blocks: KnownBlock[];
} {
  return { response_type: 'ephemeral', text, blocks: [...blocks] };
}
