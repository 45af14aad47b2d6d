import { startChild } from './child.js';
import { makeActing } from './driver/act.js';
import { followControl } from './driver/follow.js';
import { makeIds } from './driver/ids.js';
import { makeReading } from './driver/read.js';
import { makeMetadataStore } from './metadata.js';
import type { LocalSlack } from './start.js';
import type { SlackOptions } from './types.js';
import { makeUpstream } from './upstream.js';
import { makeViewIds } from './views.js';
import { startWatch } from './watch.js';
import { localSlackConfig, makeWorkspace } from './workspace.js';

/** local-slack as it is; no faults can be had, and of an ack only the time it took is known. */
export type PlainSlack = Omit<LocalSlack, 'faults' | 'state' | 'deliveries' | 'connections'>;

/** local-slack without our proxy: no limits, no membership, no metadata. */
export async function startPlainSlack(options: SlackOptions): Promise<PlainSlack> {
  const workspace = makeWorkspace(options);
  const child = await startChild(localSlackConfig(workspace, workspace.requestUrl), '127.0.0.1');
  const own = `127.0.0.1:${child.port}`;
  const { botToken, appToken, signingSecret, botUserId, teamId } = workspace;
  const upstream = makeUpstream({ authority: own, botToken });
  const [watch, ids] = [await startWatch(own), makeIds(workspace)];
  const [metadata, viewIds] = [makeMetadataStore(), makeViewIds()];
  return {
    ...{ apiUrl: `http://${own}/api/`, pageUrl: `http://${own}/` },
    ...{ botToken, appToken, signingSecret, botUserId, teamId },
    ...{ users: ids.users(), channels: ids.channelsByName() },
    drive: {
      ...makeActing({ workspace, upstream, watch, ids, follow: followControl }),
      ...makeReading({ upstream, watch, ids, metadata, viewIds }),
    },
    async stop() {
      watch.stop();
      await child.stop();
    },
  };
}
