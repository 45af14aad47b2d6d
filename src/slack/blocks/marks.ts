import type { Severity } from '../../domain/finding.js';
import type { OperationState, StepState } from '../../domain/operation.js';

/** One mark, one meaning, in every message. */
export const SEVERITY_MARK: Readonly<Record<Severity, string>> = {
  critical: '🔴',
  warning: '🟡',
  unknown: '⚪',
  info: '🔵',
  ok: '🟢',
};

export const STEP_MARK: Readonly<Record<StepState, string>> = {
  planned: '▫️',
  begun: '⏳',
  done: '✅',
  skipped: '⏭',
  failed: '❌',
  unclear: '❓',
};

/** ⏭: it ended without having been carried out. */
export const STATE_MARK: Readonly<Record<OperationState, string>> = {
  pending: '▫️',
  approved: '⏳',
  running: '⏳',
  unknown: '❓',
  succeeded: '✅',
  failed: '❌',
  cancelled: '⏭',
  denied: '⏭',
  expired: '⏭',
  stale: '⏭',
  superseded: '⏭',
};
