import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type { Incident } from '../../domain/alerting/incident.js';
import type { Severity } from '../../domain/finding.js';
import type { Operation } from '../../domain/operation.js';
import { clusterBlocks, isHealthy, ordered, pageOf, severityOf } from './home-clusters.js';
import type { ClusterGlance } from './home-clusters.js';
import { approvalBlocks, incidentBlocks, recentBlocks } from './home-work.js';
import { SEVERITY_MARK } from './marks.js';
import type { Message } from './message.js';
import { actions, button, context, divider, header, plainText, section } from './parts.js';
import { clockSeconds } from './time.js';

/** What one person may see, in any order. */
export interface HomeContent {
  readonly now: number;
  readonly clusters: readonly ClusterGlance[];
  /** Of so many clusters Slack did not say whether this person may see them. */
  readonly unsure: number;
  /** Operations that this person may review and has not, the most urgent first. */
  readonly waiting: readonly Operation[];
  readonly incidents: readonly Incident[];
  /** Newest first. */
  readonly recent: readonly Operation[];
}

export interface HomeDrawing {
  /** From zero; one that is not there is the last. */
  readonly page: number;
  /** What came of the click that brought it here. */
  readonly said?: Message | undefined;
}

/** What waits for a person comes first, then what burns, then everything, worst first. */
export function homeView(content: HomeContent, { page, said }: HomeDrawing): HomeView {
  const clusters = ordered(content.clusters);
  const shown = pageOf(clusters, page);
  return home(shown.page, [
    header(verdict(clusters)),
    ...saidBlocks(said),
    ...approvalBlocks(content.waiting, content.now),
    ...incidentBlocks(content.incidents, content.now),
    ...clusterBlocks(shown, content.now),
    ...recentBlocks(content.recent, content.now),
    context([...notes(content), `read ${clockSeconds(content.now)}`].join('\n')),
    refresh(shown.page),
  ]);
}

/** Where nothing can be read: that is said, and can be tried again. */
export function homeTrouble(trouble: Message, { page, said }: HomeDrawing): HomeView {
  return home(page, [...saidBlocks(said), ...trouble.blocks, refresh(page)]);
}

/** The page that a Home shows, as it was written into it. */
export function pageIn(privateMetadata: unknown): number {
  const page = typeof privateMetadata === 'string' ? Number(privateMetadata) : 0;
  return Number.isSafeInteger(page) && page > 0 ? page : 0;
}

function home(page: number, blocks: readonly KnownBlock[]): HomeView {
  return { type: 'home', private_metadata: String(page), blocks: [...blocks] };
}

function verdict(clusters: readonly ClusterGlance[]): string {
  const [worst] = clusters;
  if (worst === undefined) return 'No cluster to show';
  const sick = clusters.filter((cluster) => !isHealthy(cluster)).length;
  const one = clusters.length === 1;
  const all = one ? `${worst.name} is` : `All ${String(clusters.length)} clusters are`;
  if (sick === 0) return `${SEVERITY_MARK.ok} ${all} healthy`;
  const severity: Severity = severityOf(worst);
  if (one) return `${SEVERITY_MARK[severity]} ${worst.name} needs a look`;
  const need = sick === 1 ? 'needs' : 'need';
  return `${SEVERITY_MARK[severity]} ${String(sick)} of ${String(clusters.length)} clusters ${need} a look`;
}

function saidBlocks(said: Message | undefined): readonly KnownBlock[] {
  return said === undefined ? [] : [...said.blocks.slice(0, MOST_SAID), divider()];
}

const MOST_SAID = 10;
const TITLE = 24;

function notes({ clusters, unsure }: HomeContent): readonly string[] {
  const none = clusters.length === 0 && unsure === 0;
  return [
    ...(none ? ['You see the clusters here whose first channel you are a member of.'] : []),
    ...(unsure > 0
      ? [
          `${SEVERITY_MARK.unknown} ${String(unsure)} more: Slack did not say whether you may see them. Refresh in a minute.`,
        ]
      : []),
  ];
}

function refresh(page: number): KnownBlock {
  return actions(button({ action: 'home.refresh', text: 'Refresh', value: String(page) }));
}

/** An answer that is too long for the Home, without buttons: those are in the Home. */
export function homeAnswer({ blocks }: Message): ModalView {
  const words = blocks.filter(({ type }) => type !== 'actions');
  return {
    type: 'modal',
    callback_id: 'home.answer',
    title: plainText('Details', TITLE),
    close: plainText('Close', TITLE),
    blocks: words.length === 0 ? [section('There is nothing more to tell.')] : [...words],
  };
}
