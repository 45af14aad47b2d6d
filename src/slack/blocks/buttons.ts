import type { ActionsBlock } from '@slack/types';
import type { Finding } from '../../domain/finding.js';
import { actions, button } from './parts.js';

const TEXT = {
  'cluster.diagnose': 'Diagnose',
  'cluster.status': 'Refresh',
  'cluster.fix': 'Propose fix',
} as const;

/** Does not mend etcd, and has a command of its own. */
const RECREATES = 'restart-pods';

export type ClusterAction = keyof typeof TEXT;

/** The buttons under an answer. A fix is offered only where a runbook helps. */
export function clusterButtons(
  answerId: string,
  findings: readonly Finding[],
  wanted: readonly ClusterAction[],
): ActionsBlock {
  const helps = findings.some(({ runbook }) => runbook !== null && runbook !== RECREATES);
  const offered = wanted.filter((action) => action !== 'cluster.fix' || helps);
  return actions(...offered.map((action) => button({ action, text: TEXT[action], value: answerId })));
}
