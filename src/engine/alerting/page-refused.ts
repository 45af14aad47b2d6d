import type { Incident } from '../../domain/alerting/incident.js';
import type { TargetError } from '../../domain/errors.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import type { NoticeStore, Outbox, Pager } from '../../domain/ports.js';
import { bare } from '../../domain/sentence.js';

export interface SayRefusedDeps {
  readonly notices: NoticeStore;
  readonly outbox: Outbox;
}

export interface Refused {
  readonly pager: Pager;
  readonly incident: Incident;
  readonly now: number;
}

const DAY_MS = 86_400_000;

/** Where people look, as the log is read too late; once a day, for it is tried again every minute while it fires. */
export async function sayRefused(
  { notices, outbox }: SayRefusedDeps,
  { pager, incident, now }: Refused,
  { message }: TargetError,
): Promise<void> {
  const id = `pager-${pager.name}-${String(Math.floor(now / DAY_MS))}`;
  if (await notices.load(id)) return;
  const { cluster, cause, channel, signals } = incident;
  const where = cluster === ALL_CLUSTERS ? 'all clusters' : cluster;
  const lines = [
    `I wanted to tell it of ${where}: ${bare(signals[0]?.summary ?? cause)}.`,
    `${bare(message)}. I try again every minute while it fires; until then this pager wakes nobody.`,
    'Check its entry in `alerts.pagers`: URL, key or token.',
  ];
  const title = `The pager ${pager.name} refuses my pages`;
  await notices.save({ id, version: 1, channel, title, lines });
  await outbox.put({ kind: 'notice', id, version: 1 });
}
