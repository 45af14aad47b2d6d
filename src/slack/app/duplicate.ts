import type { KnownBlock } from '@slack/types';
import { TargetError } from '../../domain/errors.js';
import type { AppDeps } from './once.js';

interface Standing {
  readonly ts?: string | undefined;
  readonly blocks?: readonly Pick<KnownBlock, 'block_id'>[] | undefined;
}

/** The root message of an incident, and the card of an operation; not what stands in their threads. */
const ROOT = /^(incident|operation):[^:]+$/;

/**
 * Without the history scopes either may have been posted twice, when Slack's answer was lost. The message that the
 * ledger knows is kept up to date; another one with the same marker is old, and goes as soon as somebody clicks on it.
 */
export async function removeDuplicate(
  deps: Pick<AppDeps, 'ledger' | 'messenger' | 'log'>,
  channel: string,
  message: Standing | undefined,
): Promise<void> {
  const marker = message?.blocks?.find(({ block_id: id }) => id !== undefined && ROOT.test(id))?.block_id;
  if (marker === undefined || message?.ts === undefined) return;
  const known = await knownAs(deps, marker);
  if (!known || known.channel !== channel || known.ts === message.ts) return;
  const removed = await deps.messenger.remove({ channel, ts: message.ts });
  if (!removed.ok) deps.log.warn({ marker, channel, ...removed }, 'a duplicate could not be removed');
}

async function knownAs({ ledger, log }: Pick<AppDeps, 'ledger' | 'log'>, marker: string) {
  try {
    return await ledger.find(marker);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    log.warn({ err: error, marker }, 'a message could not be compared with its duplicate');
    return null;
  }
}
