import { isObject, object, text, type JsonObject } from './json.js';
import type { MetadataStore } from './metadata.js';
import type { Issues, ResponsePlace } from './once.js';
import { asViewAction, type ViewIds } from './views.js';
import type { Watch } from './watch.js';

export interface EnvelopeDeps {
  watch: Watch;
  viewIds: ViewIds;
  metadata: MetadataStore;
  issues: Issues;
}

/** What the bot is told, as Slack would tell it; remembers the trigger id and the response_url that go with it. */
export function makePrepare(deps: EnvelopeDeps): (payload: JsonObject) => JsonObject {
  const { watch, viewIds, metadata, issues } = deps;
  return (given) => {
    const place = placeOf(given);
    const shown = watch.modals().at(-1) ?? watch.home(place.user);
    const payload = asViewAction(given, shown);
    const { view, message, container } = payload;
    const known = isObject(view) ? viewIds.toBot(view) : undefined;
    const prepared = {
      ...payload,
      ...(isObject(message) ? { message: metadata.onto(place.channel, message) } : {}),
      ...(known === undefined ? {} : { view: known }),
      ...(known === undefined || container === undefined ? {} : { container: containerOf(known) }),
    };
    issues.issue(prepared, place);
    return prepared;
  };
}

function containerOf(view: JsonObject): JsonObject {
  return { type: 'view', view_id: view['id'] };
}

export function placeOf(payload: JsonObject): ResponsePlace {
  const channel = payload['channel_id'] ?? object(payload['channel'])['id'];
  const user = payload['user_id'] ?? object(payload['user'])['id'];
  return { channel: text(channel), user: text(user) };
}

/** Slack's words to the one whose command or click came to nothing, as a frame for the page. */
export function failureFrame(payload: JsonObject, error: string, now: number): JsonObject {
  const { channel, user } = placeOf(payload);
  const command = text(payload['command']);
  const said = command === '' ? 'That click' : `\`${command} ${text(payload['text'])}\``;
  const message = {
    ...{ type: 'message', subtype: 'ephemeral', ephemeral_to: user, channel, ts: (now / 1000).toFixed(6) },
    ...{ user: 'USLACKBOT', username: 'Slackbot', text: `${said} failed with the error "${error}"` },
  };
  return { t: 'message', message };
}
