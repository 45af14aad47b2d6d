import type { AlertBook } from '../../domain/alerting/incident.js';
import type { AlertSettings } from '../../domain/alerting/routing.js';
import type { AlertRule, AlertView, Reading } from '../../domain/alerting/rule.js';
import type { Judged } from '../../domain/alerting/rule-state.js';
import type { Log } from '../../domain/ports.js';
import type { Catalogue } from '../catalogue.js';

export interface JudgeDeps {
  readonly rules: Catalogue<AlertRule>;
  readonly alerting: Pick<AlertSettings, 'limitsOf'>;
  readonly log: Log;
}

/** What every rule is shown alike. */
export type Sight = Omit<AlertView, 'limits' | 'firing'>;

export interface Occasion {
  readonly sight: Sight;
  readonly book: AlertBook;
  readonly metricsRead: boolean;
}

const NOT_NOW: Reading = { state: 'unknown', reason: 'not judged now' };

/** Every rule of the catalogue: what is not judged now, or fails, sees nothing, and so keeps what was. */
export function judgeAll(deps: JudgeDeps, { sight, book, metricsRead }: Occasion): readonly Judged[] {
  const configured = deps.alerting.limitsOf(sight.cluster.name);
  return [...deps.rules].map(([id, rule]) => {
    const limits = limitsOf(rule, configured[id]);
    const due = rule.every === 'sample' || metricsRead;
    const view = { ...sight, limits, firing: book.rules[id]?.severity ?? null };
    return { id, rule, limits, reading: due ? judge([id, rule], view, deps.log) : NOT_NOW };
  });
}

/** A rule that fails is a bug of its own, and must not take the others with it. */
function judge([id, rule]: readonly [string, AlertRule], view: AlertView, log: Log): Reading {
  try {
    return rule.judge(view);
  } catch (error) {
    log.error({ rule: id, cluster: view.cluster.name, err: error }, 'an alert rule failed');
    return { state: 'unknown', reason: 'the rule itself failed; the log has the reason' };
  }
}

/** As configured; what is not named there is as the rule has it. */
export function limitsOf(
  rule: AlertRule,
  configured: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const own = Object.entries(rule.thresholds).map(([name, { value }]) => [name, value] as const);
  return { ...Object.fromEntries(own), ...configured };
}
