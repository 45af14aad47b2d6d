import { startChild } from './child.js';
import type { Delivery } from './deliveries.js';
import { makeIds } from './driver/ids.js';
import type { Driver } from './driver/types.js';
import type { Faults } from './faults.js';
import { deliverPath } from './http-mode.js';
import { baseHost, startInside, type Inside } from './inside.js';
import { startProxy, type Front } from './proxy.js';
import type { SlackOptions } from './types.js';
import { localSlackConfig, makeWorkspace, type Workspace } from './workspace.js';

export interface LocalSlack {
  apiUrl: string;
  pageUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  botUserId: string;
  teamId: string;
  /** Ids by name. */
  users: Record<string, string>;
  channels: Record<string, string>;
  drive: Driver;
  faults: Faults;
  /** Who is who and where; may be changed while the bot runs. */
  state: Workspace;
  /** Everything that was sent to the bot, and how it ended. */
  deliveries(): Delivery[];
  /** Open Socket Mode connections of the bot. */
  connections(): number;
  stop(): Promise<void>;
}

/** Slack on this machine: local-slack, with our proxy in front of it. */
export async function startSlack(options: SlackOptions): Promise<LocalSlack> {
  const workspace = makeWorkspace(options);
  const front: Front = { routes: {}, upgrades: {} };
  const proxy = await startProxy(front);
  const requestUrl = workspace.requestUrl && `http://127.0.0.1:${proxy.port}${deliverPath}`;
  const parts: Stoppable[] = [proxy];
  try {
    const child = await startChild(localSlackConfig(workspace, requestUrl), baseHost);
    parts.push(child);
    const inside = await startInside({ options, workspace, proxy, child });
    parts.unshift(inside);
    Object.assign(front, inside.front);
    return { ...shownOf(inside, workspace, proxy.port), stop: () => stopAll(parts) };
  } catch (error) {
    await stopAll(parts);
    throw error;
  }
}

interface Stoppable {
  stop(): Promise<void>;
}

async function stopAll(parts: Stoppable[]): Promise<void> {
  for (const part of parts) await part.stop();
}

function shownOf(
  { drive, faults, bot }: Inside,
  workspace: Workspace,
  port: number,
): Omit<LocalSlack, 'stop'> {
  const { botToken, appToken, signingSecret, botUserId, teamId } = workspace;
  const ids = makeIds(workspace);
  return {
    ...{ apiUrl: `http://127.0.0.1:${port}/api/`, pageUrl: `http://127.0.0.1:${port}/` },
    ...{
      botToken,
      appToken,
      signingSecret,
      botUserId,
      teamId,
      users: ids.users(),
      channels: ids.channelsByName(),
    },
    ...{ drive, faults, state: workspace },
    deliveries: () => bot.deliveries.all(),
    connections: () => bot.sockets.size(),
  };
}
