import { object, text, type JsonObject } from './json.js';
import { ofMessage } from './limits/refusal.js';
import type { Issues } from './once.js';
import type { Upstream } from './upstream.js';
import type { Answer } from './web-api.js';

export const hooksPath = '/_hooks/response/';

export interface HookDeps {
  upstream: Upstream;
  issues: Issues;
  strict: boolean;
}

/** A post to a response_url. */
export function makeHooks({
  upstream,
  issues,
  strict,
}: HookDeps): (id: string, body: JsonObject) => Promise<Answer> {
  async function inThread(id: string, body: JsonObject): Promise<Answer | undefined> {
    const place = issues.placeOf(id);
    // local-slack would put it into the channel.
    if (text(body['thread_ts']) === '' || place === undefined) return undefined;
    const method = body['response_type'] === 'in_channel' ? 'chat.postMessage' : 'chat.postEphemeral';
    return { status: 200, body: await upstream.call(method, { ...body, ...place }) };
  }

  return async (id, body) => {
    const error = strict ? issues.useResponse(id) : undefined;
    if (error !== undefined) return { status: 404, body: { ok: false, error } };
    const changes = body['replace_original'] === true || body['delete_original'] === true;
    const refused = strict && body['delete_original'] !== true ? ofMessage(body) : undefined;
    // Slack's limit on the texts of all blocks together does not hold here.
    if (refused !== undefined && refused.error !== 'msg_blocks_too_long') return badRequest(refused.error);
    return (
      (changes ? undefined : await inThread(id, body)) ??
      pass(upstream, id, changes ? body : { response_type: 'ephemeral', ...body })
    );
  };
}

function badRequest(error: string): Answer {
  return { status: 400, body: { ok: false, error } };
}

async function pass(upstream: Upstream, id: string, body: JsonObject): Promise<Answer> {
  const answer = await upstream.pass({
    ...{ method: 'POST', path: hooksPath + id, headers: { 'content-type': 'application/json' } },
    body: Buffer.from(JSON.stringify(body)),
  });
  return { status: answer.status, body: object({ ok: answer.status === 200 }) };
}
