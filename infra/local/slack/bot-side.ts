import { makeCourier, type Courier } from './courier.js';
import { makeDeliveries, type Deliveries } from './deliveries.js';
import { failureFrame } from './envelopes.js';
import { makeHttpMode, type HttpMode } from './http-mode.js';
import { isObject, object, parse, text, type JsonObject } from './json.js';
import { startLink, type Link } from './link.js';
import type { Pages } from './page/pages.js';
import { makeBotSockets, type BotSockets } from './sockets.js';
import type { Upstream } from './upstream.js';
import type { Workspace } from './workspace.js';

/** Everything between local-slack's envelopes and the bot. */
export interface BotSide {
  sockets: BotSockets;
  courier: Courier;
  deliveries: Deliveries;
  /** Where the app has a request URL instead of sockets. */
  http?: HttpMode;
  stop(): Promise<void>;
}

export interface BotSideDeps {
  workspace: Workspace;
  upstream: Upstream;
  pages: Pages;
  prepare(payload: JsonObject): JsonObject;
  ownAddress(raw: string): string;
  isOut(): boolean;
  ackMs: number;
  now(): number;
}

export async function startBotSide(deps: BotSideDeps): Promise<BotSide> {
  const { workspace, upstream, ackMs, ownAddress } = deps;
  const deliveries = makeDeliveries();
  const sockets = makeSockets(deps, () => courier);
  const finish = (envelopeId: string, payload: unknown): void => (http ?? link)?.finish(envelopeId, payload);
  const courier = makeCourier({
    ...{ deliveries, ackMs, finish },
    send: (envelope) => !deps.isOut() && (http ?? sockets).send(envelope),
    onFailure: ({ payload, failed = 'operation_timeout' }) => showFailure(deps, payload, failed),
  });
  const receive = makeReceive(deps, courier, finish);
  const http = httpModeOf(workspace, courier, (raw) => receive(parse(ownAddress(JSON.stringify(raw)))));
  const link: Link | undefined =
    http === undefined ? await startLink(upstream, (raw) => receive(parse(ownAddress(raw)))) : undefined;

  async function stop(): Promise<void> {
    courier.stop();
    await sockets.stop();
    link?.stop();
  }

  return { sockets, courier, deliveries, stop, ...(http === undefined ? {} : { http }) };
}

function makeSockets({ workspace, pages }: BotSideDeps, courier: () => Courier): BotSockets {
  const { appId } = workspace;
  return makeBotSockets(appId, {
    onAck: (envelopeId, payload) => courier().acked(envelopeId, payload),
    onCount: (count) => pages.show({ t: 'socket_status', appId, connected: count > 0 }),
  });
}

function httpModeOf(
  { requestUrl, signingSecret }: Workspace,
  courier: Courier,
  receive: (envelope: JsonObject) => void,
): HttpMode | undefined {
  if (requestUrl === undefined) return undefined;
  return makeHttpMode({ requestUrl, signingSecret, receive, acked: courier.acked, refused: courier.refused });
}

function makeReceive(deps: BotSideDeps, courier: Courier, finish: (id: string, payload: unknown) => void) {
  const { workspace, prepare } = deps;
  return (envelope: JsonObject): void => {
    if (!isObject(envelope['payload'])) return;
    const payload = prepare(object(envelope['payload']));
    const command = text(payload['command']);
    if (command === '' || workspace.commands.includes(command)) {
      courier.carry({ ...envelope, payload });
      return;
    }
    finish(text(envelope['envelope_id']), undefined);
    showFailure(deps, payload, 'not a valid command');
  };
}

function showFailure({ pages, now }: BotSideDeps, payload: JsonObject, error: string): void {
  pages.show(failureFrame(payload, error, now()));
}
