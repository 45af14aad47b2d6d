import { describe, expect, it } from '@jest/globals';
import { isTerminal, type Operation } from '../../src/domain/operation.js';
import type { ChangeResult, Signer } from '../../src/domain/ports.js';
import { reviewed, type Submitted } from '../../src/engine/decision.js';
import { MINUTE, NOW } from '../facts.js';
import { everyState, pendingFix, standstill, withApprovals } from '../operations.js';

const signer: Signer = { sign: (text) => `signed ${String(text.length)}`, verify: () => true };
const LATE = NOW + 29 * MINUTE + 1;

/** U2's approval, now, of an operation that U1 has proposed. */
function submit(operation: Operation, changes: Partial<Submitted> = {}): ChangeResult {
  const actor = { teamId: 'T1', userId: 'U2' };
  const request = { operationId: operation.id, actor, verdict: 'approve' as const, channel: 'C0PLATFORM' };
  const more = { now: NOW, token: 'fresh', outsideWindow: false, windows: [] };
  return reviewed(operation, { ...request, ...more, ...changes }, signer);
}

const by = (userId: string, teamId = 'T1') => ({ actor: { teamId, userId } });
const deny = { verdict: 'deny' as const };
const alone = { ...pendingFix().policy, approvals: 1 };

describe('a review that does not count', () => {
  it.each<[string, Operation, Partial<Submitted>, RegExp]>([
    ['the same person approved already', withApprovals(pendingFix(), 1), {}, /already reviewed/],
    ['the same person approved and now denies', withApprovals(pendingFix(), 1), deny, /already reviewed/],
    ['the proposer approves', pendingFix(), by('U1'), /own proposal/],
    ['its time has passed', pendingFix(), { now: LATE }, /time for approvals has passed/],
    ['its time has passed for a denial too', pendingFix(), { ...deny, now: LATE }, /time for approvals/],
    [
      'it was approved already',
      pendingFix({ state: 'approved' }),
      {},
      /approved already, and about to start/,
    ],
    ['it runs', pendingFix({ state: 'running' }), deny, /approved already, and runs/],
    [
      'the standstill was not confirmed',
      pendingFix({ plan: standstill() }),
      {},
      /confirm that all clients stand still for about 8 s/,
    ],
    [
      'the standstill was declined',
      pendingFix({ plan: standstill() }),
      { standstillConfirmed: false },
      /confirm/,
    ],
  ])('because %s', (_cause, operation, changes, words) => {
    const result = submit(operation, changes);
    expect(result).toEqual({ ok: false, reason: expect.stringMatching(words) });
  });

  it.each(Object.entries(everyState()).filter(([, operation]) => isTerminal(operation)))(
    'because the operation has ended: %s',
    (_name, operation) => {
      const verdicts = [by('U9'), { ...by('U9'), ...deny }].map((changes) => submit(operation, changes).ok);
      expect(verdicts).toEqual([false, false]);
    },
  );
});

describe('a review that counts', () => {
  it('is written down with the plan that was reviewed, and waits for the second one', () => {
    const result = submit(pendingFix(), { viaGroup: 'S1', reason: 'looks right' });
    expect(result).toMatchObject({
      ok: true,
      notAfter: pendingFix().approveBy,
      operation: {
        state: 'pending',
        reviews: [
          {
            by: { teamId: 'T1', userId: 'U2' },
            verdict: 'approve',
            planHash: pendingFix().planHash,
            at: NOW,
            viaGroup: 'S1',
            reason: 'looks right',
          },
        ],
      },
    });
    expect(result.ok && result.operation.token).toBeUndefined();
    expect(result.ok && result.operation.signature).toBeDefined();
  });

  it('approves when it makes the quorum full, with one token, a signature and a time to start', () => {
    const result = submit(withApprovals(pendingFix(), 1), by('U3'));
    expect(result).toMatchObject({
      ok: true,
      operation: { state: 'approved', token: 'fresh', startBy: NOW + 10 * MINUTE },
    });
    expect(result.ok && result.operation.signature).toMatch(/^signed/);
    expect(result.ok && result.operation.reviews).toHaveLength(2);
  });

  it.each<[string, Operation, Partial<Submitted>]>([
    ['one approval is enough', pendingFix({ policy: alone }), {}],
    ['at the very last moment', pendingFix({ policy: alone }), { now: NOW + 29 * MINUTE }],
    ['the proposer may', pendingFix({ policy: { ...alone, selfApproval: true } }), by('U1')],
    ['somebody of the same id in another team proposed', pendingFix({ policy: alone }), by('U1', 'T2')],
    [
      'the standstill was confirmed',
      pendingFix({ policy: alone, plan: standstill() }),
      { standstillConfirmed: true },
    ],
  ])('approves where %s', (_case, operation, changes) => {
    expect(submit(operation, changes)).toMatchObject({ ok: true, operation: { state: 'approved' } });
  });

  it.each<[string, Operation, Partial<Submitted>]>([
    ['at once', pendingFix(), deny],
    ['also after an approval', withApprovals(pendingFix(), 1), { ...by('U3'), ...deny }],
    ['also by the proposer', pendingFix(), { ...by('U1'), ...deny }],
    ['without confirming a standstill', pendingFix({ plan: standstill() }), deny],
  ])('ends the operation where one denies it, %s', (_case, operation, changes) => {
    const result = submit(operation, changes);
    const who = changes.actor?.userId ?? 'U2';
    const summary = `Denied by <@${who}>. Nothing was touched.`;
    expect(result).toMatchObject({ ok: true, operation: { state: 'denied', conclusion: { summary } } });
    expect(result.ok && result.operation.token).toBeUndefined();
  });

  it('does not make the proposer’s own approval one of two where others have to approve', () => {
    const first = submit(withApprovals(pendingFix(), 1), by('U1'));
    expect(first.ok).toBe(false);
  });
});
