import { startBotSide, type BotSide } from './bot-side.js';
import type { Child } from './child.js';
import { makeActing } from './driver/act.js';
import { followDeliveries } from './driver/follow.js';
import { makeIds } from './driver/ids.js';
import { makeReading } from './driver/read.js';
import type { Driver } from './driver/types.js';
import { makePrepare } from './envelopes.js';
import { makeFaultScript, makeFaults, type Faults, type FaultScript } from './faults.js';
import { makeGate } from './faulty.js';
import { makeHooks } from './hooks.js';
import { makeMetadataStore, type MetadataStore } from './metadata.js';
import { makeMethods } from './methods.js';
import { makeIssues, type Issues } from './once.js';
import { makePages, type Pages } from './page/pages.js';
import type { Front, Proxy } from './proxy.js';
import { makeRates } from './rates.js';
import { makeRoutes, makeUpgrades } from './routes.js';
import type { SlackOptions } from './types.js';
import { makeUpstream, type Upstream } from './upstream.js';
import { makeViewIds, type ViewIds } from './views.js';
import { startWatch, type Watch } from './watch.js';
import { makeWebApi } from './web-api.js';
import type { Workspace } from './workspace.js';

/** Names local-slack in the addresses that it hands out, so that they can be told from all else and rewritten. */
export const baseHost = 'slack.invalid';

const defaultAckMs = 3_000;

export interface Given {
  options: SlackOptions;
  workspace: Workspace;
  proxy: Proxy;
  child: Child;
}

/** What the proxy remembers, and what stands behind it. */
interface Parts {
  own: string;
  ownAddress(raw: string): string;
  now(): number;
  upstream: Upstream;
  watch: Watch;
  metadata: MetadataStore;
  viewIds: ViewIds;
  issues: Issues;
  script: FaultScript;
}

export interface Inside {
  front: Front;
  drive: Driver;
  faults: Faults;
  bot: BotSide;
  stop(): Promise<void>;
}

export async function startInside(given: Given): Promise<Inside> {
  const { options, workspace } = given;
  const parts = await makeParts(given);
  const { upstream, watch, ownAddress, now, script } = parts;
  const isConnected = (): boolean => bot.http !== undefined || bot.sockets.size() > 0;
  const pages = makePages({ authority: upstream.authority, ownAddress, isConnected });
  const { ackMs = defaultAckMs } = options;
  const prepare = makePrepare(parts);
  const bot = await startBotSide({
    ...{ workspace, upstream, pages, prepare, ownAddress, ackMs, now },
    isOut: script.isOut,
  });
  return {
    bot,
    front: makeFront({ given, parts, bot, pages }),
    drive: makeDriver(parts, workspace, bot),
    faults: makeFaults(script, bot.sockets, bot.courier),
    async stop() {
      await bot.stop();
      for (const part of [pages, watch]) part.stop();
    },
  };
}

async function makeParts({ options, workspace, proxy, child }: Given): Promise<Parts> {
  const { now = Date.now } = options;
  const [own, authority] = [`127.0.0.1:${proxy.port}`, `127.0.0.1:${child.port}`];
  const ownAddress = (raw: string): string => raw.replaceAll(`${baseHost}:${child.port}`, own);
  const upstream = makeUpstream({ authority, botToken: workspace.botToken, ownAddress });
  const watch = await startWatch(authority, ownAddress);
  const remembered = { metadata: makeMetadataStore(), viewIds: makeViewIds(), issues: makeIssues(now) };
  return { own, ownAddress, now, upstream, watch, ...remembered, script: makeFaultScript() };
}

interface FrontDeps {
  given: Given;
  parts: Parts;
  bot: BotSide;
  pages: Pages;
}

function makeFront({ given, parts, bot, pages }: FrontDeps): Front {
  const { options, workspace } = given;
  const { own, upstream, issues, script, now, ownAddress } = parts;
  const { strict = true, rates } = options;
  const socketUrl = (): string => `ws://${own}${bot.sockets.ticket()}`;
  const methodOf = makeMethods({ ...parts, workspace, socketUrl });
  const webApi = makeWebApi({ workspace, methodOf, issues, strict, takeTurn: makeRates(now, rates) });
  const hook = makeHooks({ upstream, issues, strict });
  return {
    routes: makeRoutes({
      upstream,
      gate: makeGate(script, now),
      webApi,
      hook,
      ownAddress,
      http: bot.http,
      example: workspace.commands[0] ?? '',
    }),
    upgrades: makeUpgrades({ pages, sockets: bot.sockets, isOut: script.isOut }),
  };
}

function makeDriver(parts: Parts, workspace: Workspace, bot: BotSide): Driver {
  const ids = makeIds(workspace);
  const follow = followDeliveries(bot.deliveries);
  return { ...makeActing({ ...parts, workspace, ids, follow }), ...makeReading({ ...parts, ids }) };
}
