import { plainFields } from './managed.js';
import { makeMeta, stamp, type KubeObject } from './object.js';

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface BudgetStatus {
  disruptionsAllowed: number;
  currentHealthy: number;
  desiredHealthy: number;
  expectedPods: number;
  observedGeneration?: number;
}

export interface Budget extends KubeObject {
  readonly spec: {
    minAvailable?: number | string;
    maxUnavailable?: number | string;
    selector?: LabelSelector;
    unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow';
  };
  readonly status: BudgetStatus;
}

export interface NewBudget {
  namespace: string;
  name: string;
  spec: Budget['spec'];
}

export function makeBudget({ namespace, name, spec }: NewBudget, createdAt: number): Budget {
  const managedFields = plainFields('policy/v1', stamp(createdAt));
  return {
    metadata: makeMeta({ namespace, name, createdAt, annotations: {}, generation: 1, managedFields }),
    spec,
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  };
}

/** What the disruption controller writes, from how many pods there are and how many of them are well. */
export function budgetStatus(
  spec: Budget['spec'],
  expectedPods: number,
  currentHealthy: number,
): BudgetStatus {
  const { minAvailable, maxUnavailable } = spec;
  const desiredHealthy =
    maxUnavailable === undefined
      ? scaled(minAvailable ?? 0, expectedPods)
      : Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods));
  const spare = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  return { disruptionsAllowed: spare, currentHealthy, desiredHealthy, expectedPods, observedGeneration: 1 };
}

function scaled(value: number | string, of: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) / 100) * of);
}
