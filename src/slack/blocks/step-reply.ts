import type { Operation } from '../../domain/operation.js';
import { duration } from '../../domain/units.js';
import { escape, prose } from './escape.js';
import { STEP_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { section } from './parts.js';

/** One reply in the thread for one step that ended. */
export function stepReply(operation: Operation, index: number): Message {
  const record = operation.steps[index];
  if (record === undefined) throw new RangeError(`operation has no step ${String(index)}`);
  const { step, state, begunAt, endedAt, result } = record;
  const took = begunAt !== undefined && endedAt !== undefined ? ` · ${duration(endedAt - begunAt)}` : '';
  const title = `${STEP_MARK[state]} *${escape(step.label)}*${took}`;
  const text = result === undefined ? title : `${title}\n${prose(result, 1000)}`;
  return compose({ verdict: `${STEP_MARK[state]} ${step.label}`, headline: false, body: [section(text)] });
}
