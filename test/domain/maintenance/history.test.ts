import { describe, expect, it } from '@jest/globals';
import { lastBackupOf, paceOf } from '../../../src/domain/maintenance/history.js';
import type { Operation, StepRecord } from '../../../src/domain/operation.js';
import { NOW } from '../../facts.js';
import { pendingFix, succeededFix } from '../../operations.js';

function withSteps(...steps: readonly StepRecord[]): Operation {
  return { ...pendingFix(), steps };
}

/** Of so many bytes, which took so many milliseconds. */
function defragment(sizeBytes: number | null, tookMs: number, patch: Partial<StepRecord> = {}): StepRecord {
  return {
    step: { id: 's1', kind: 'defragment', memberId: '1', label: 'Defragment m1' },
    state: 'done',
    begunAt: NOW,
    endedAt: NOW + tookMs,
    evidence: { sizeBytes },
    ...patch,
  };
}

function backup(endedAt: number, patch: Partial<StepRecord> = {}): StepRecord {
  const step = { id: 's1', kind: 'backup', directory: '/b', keep: 3, label: 'Back up' } as const;
  return { step, state: 'done', begunAt: endedAt - 9000, endedAt, ...patch };
}

describe('the pace of earlier defragmentations', () => {
  it.each<[string, readonly Operation[], ReturnType<typeof paceOf>]>([
    ['is not known without any', [], null],
    ['is that of the only one', [withSteps(defragment(10_000, 2000))], { bytesPerSecond: 5000, runs: 1 }],
    [
      'is the one in the middle',
      [withSteps(defragment(9000, 1000), defragment(1000, 1000)), withSteps(defragment(4000, 1000))],
      { bytesPerSecond: 4000, runs: 3 },
    ],
    [
      'is between the two in the middle',
      [withSteps(defragment(2000, 1000), defragment(6000, 1000))],
      { bytesPerSecond: 4000, runs: 2 },
    ],
    ['leaves out what took less than a second', [withSteps(defragment(10_000, 999))], null],
    ['leaves out what failed', [withSteps(defragment(10_000, 2000, { state: 'failed' }))], null],
    ['leaves out what has no size', [withSteps(defragment(null, 2000))], null],
    ['leaves out what has no beginning', [withSteps(defragment(9, 2000, { begunAt: undefined }))], null],
    ['leaves out what has no end', [withSteps(defragment(9, 2000, { endedAt: undefined }))], null],
    ['leaves out what has no evidence', [withSteps(defragment(9, 2000, { evidence: undefined }))], null],
  ])('%s', (_what, operations, pace) => {
    expect(paceOf(operations)).toEqual(pace);
  });

  it('is read from an operation as it is kept', () => {
    expect(paceOf([succeededFix()])?.runs).toBe(3);
  });
});

describe('the last backup', () => {
  it.each<[string, readonly Operation[], number | null]>([
    ['is not known without any', [withSteps(defragment(9, 2000))], null],
    ['is the newest of them', [withSteps(backup(5)), withSteps(backup(9)), withSteps(backup(7))], 9],
    ['is none that failed', [withSteps(backup(5), backup(9, { state: 'failed' }))], 5],
    ['is none that has no end', [withSteps(backup(5, { endedAt: undefined }))], null],
  ])('%s', (_what, operations, at) => {
    expect(lastBackupOf(operations)).toBe(at);
  });
});
