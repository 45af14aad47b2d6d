import type { JsonObject } from './json.js';

/** Slack's trigger ids: three seconds, one use. */
const triggerLivesMs = 3_000;

/** Slack's response addresses: five uses in thirty minutes. */
const responseLivesMs = 30 * 60_000;
const responseUses = 5;

export interface ResponsePlace {
  channel: string;
  user: string;
}

interface Issued {
  at: number;
  uses: number;
}

export interface Issues {
  /** Remembers what an envelope for the bot hands out. */
  issue(payload: JsonObject, place: ResponsePlace): void;
  /** Uses a trigger id; the name of the error when that is no longer possible. */
  useTrigger(id: string): string | undefined;
  useResponse(id: string): string | undefined;
  placeOf(id: string): ResponsePlace | undefined;
}

export function makeIssues(now: () => number): Issues {
  const triggers = new Map<string, Issued>();
  const responses = new Map<string, Issued & { place: ResponsePlace }>();
  return {
    issue(payload, place) {
      const { trigger_id: trigger, response_url: address } = payload;
      if (typeof trigger === 'string') triggers.set(trigger, { at: now(), uses: 0 });
      if (typeof address !== 'string') return;
      responses.set(address.slice(address.lastIndexOf('/') + 1), { at: now(), uses: 0, place });
    },
    useTrigger(id) {
      const issued = triggers.get(id);
      if (issued === undefined) return 'invalid_trigger_id';
      if (issued.uses > 0) return 'exchanged_trigger_id';
      if (now() - issued.at > triggerLivesMs) return 'expired_trigger_id';
      issued.uses += 1;
      return undefined;
    },
    useResponse(id) {
      const issued = responses.get(id);
      if (issued === undefined || now() - issued.at > responseLivesMs) return 'expired_url';
      issued.uses += 1;
      return issued.uses > responseUses ? 'used_url' : undefined;
    },
    placeOf: (id) => responses.get(id)?.place,
  };
}
