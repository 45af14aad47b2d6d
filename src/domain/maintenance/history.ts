import type { Operation, StepRecord } from '../operation.js';
import type { Pace } from '../runbook.js';

/** Shorter ones measure how often we look, not how fast the disk is. */
const LEAST_MS = 1000;

/** How fast a cluster's earlier defragmentations were, over the physical size before; null: none was long enough. */
export function paceOf(operations: readonly Operation[]): Pace | null {
  const paces = doneSteps(operations)
    .flatMap(bytesPerSecondOf)
    .sort((a, b) => a - b);
  if (paces.length === 0) return null;
  const [low, high] = [paces[Math.ceil(paces.length / 2) - 1], paces[Math.floor(paces.length / 2)]];
  return { bytesPerSecond: ((low ?? 0) + (high ?? 0)) / 2, runs: paces.length };
}

/** When the newest backup among these operations was finished; null: none was. */
export function lastBackupOf(operations: readonly Operation[]): number | null {
  const ends = doneSteps(operations).flatMap(({ step, endedAt }) =>
    step.kind === 'backup' && endedAt !== undefined ? [endedAt] : [],
  );
  return ends.length === 0 ? null : Math.max(...ends);
}

function doneSteps(operations: readonly Operation[]): readonly StepRecord[] {
  return operations.flatMap(({ steps }) => steps).filter(({ state }) => state === 'done');
}

function bytesPerSecondOf({ step, begunAt, endedAt, evidence }: StepRecord): readonly number[] {
  const sizeBytes = evidence?.['sizeBytes'];
  if (step.kind !== 'defragment' || typeof sizeBytes !== 'number' || sizeBytes <= 0) return [];
  const tookMs = (endedAt ?? 0) - (begunAt ?? 0);
  return begunAt === undefined || tookMs < LEAST_MS ? [] : [(sizeBytes / tookMs) * 1000];
}
