import type { BudgetRecord, LabelSelector } from '../../../domain/kubernetes/records.js';
import { at, count, each, list, text, texts } from '../json.js';
import { refOf } from './meta.js';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** What its controller has not counted yet is none: nothing may be disrupted. */
export function budgetOf(item: unknown): BudgetRecord | null {
  const ref = refOf(item);
  if (!ref) return null;
  const status = at(item, 'status');
  return {
    ...ref,
    selector: selectorOf(at(item, 'spec', 'selector')),
    disruptionsAllowed: count(at(status, 'disruptionsAllowed')) ?? 0,
    currentHealthy: count(at(status, 'currentHealthy')) ?? 0,
    desiredHealthy: count(at(status, 'desiredHealthy')) ?? 0,
  };
}

function selectorOf(selector: unknown): LabelSelector | null {
  if (typeof selector !== 'object' || selector === null) return null;
  return {
    labels: texts(at(selector, 'matchLabels')),
    expressions: each(list(at(selector, 'matchExpressions')), (one) => {
      const key = text(at(one, 'key'));
      const operator = OPERATORS.find((known) => known === at(one, 'operator'));
      if (key === null || operator === undefined) return null;
      return { key, operator, values: each(list(at(one, 'values')), text) };
    }),
  };
}
