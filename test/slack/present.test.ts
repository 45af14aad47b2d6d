import { describe, expect, it } from '@jest/globals';
import type { Operation } from '../../src/domain/operation.js';
import { presentOperation } from '../../src/slack/present.js';
import { MINUTE, NOW } from '../facts.js';
import { approvedFix, fixAt, heldStates, pendingFix, withApprovals } from '../operations.js';

const CARD = 'operation:op-7Qm2xV';

function shown(operation: Operation, now = NOW, alertsChannel: string | null = 'C0ALERTS') {
  return presentOperation(operation, { now, alertsChannel });
}

const others = (operation: Operation, now = NOW) =>
  shown(operation, now)
    .map(({ marker }) => marker)
    .filter((marker) => marker !== CARD);

describe('a reminder', () => {
  const reminded = (count: number, changes: Partial<Operation> = {}): Operation =>
    pendingFix({ remindedAt: Array.from({ length: count }, () => NOW), ...changes });

  it.each<[string, Operation, number, readonly string[]]>([
    ['none while none is due', pendingFix(), NOW, []],
    ['the first', reminded(1), NOW, [`${CARD}:reminder:0`]],
    ['only the newest of those that are due at once', reminded(2), NOW, [`${CARD}:reminder:1`]],
    ['none once the time is over', reminded(2), NOW + 30 * MINUTE, []],
    ['none once it is approved', { ...approvedFix(), remindedAt: [NOW] }, NOW, []],
    ['none once it runs', { ...fixAt(0), remindedAt: [NOW] }, NOW, []],
  ])('%s', (_what, operation, now, markers) => {
    expect(others(operation, now)).toEqual(markers);
  });

  it('calls those who can still approve, and nobody else', () => {
    const operation = { ...withApprovals(pendingFix(), 1), remindedAt: [NOW] };
    const message = shown(operation, operation.approveBy - 10 * MINUTE)[1]?.message;
    expect(JSON.stringify(message?.blocks)).toContain(
      '⏳ *10 min left to approve*: <@U3> <!subteam^S1> – 1 of 2 approvals so far',
    );
    expect(JSON.stringify(message)).not.toMatch(/<@U1>|<@U2>/);
    expect(message?.text).toBe('⏳ 10 min left to approve: Make room in calico-prod');
  });

  it('does not call the proposer who may approve as well', () => {
    const policy = { ...pendingFix().policy, approvers: { users: ['U1', 'U2'], groups: [] } };
    const [, reminder] = shown(pendingFix({ policy, remindedAt: [NOW] }));
    expect(JSON.stringify(reminder?.message.blocks)).toMatch(/approve\*: <@U2> –/);
  });

  it('stands under the card, is drawn once, and goes before what nobody waits for', () => {
    const [, reminder] = shown(reminded(1, { place: { channel: 'C1' } }));
    expect(reminder).toMatchObject({ to: { channel: 'C1', root: CARD }, version: 1, yields: false });
  });
});

describe('an emergency approval', () => {
  const alone = heldStates()['succeeded-emergency']!;

  it('is announced in the alerts channel: who, where, what and why', () => {
    const announced = shown(alone).find(({ marker }) => marker === `${CARD}:emergency`);
    expect(announced).toMatchObject({ to: { channel: 'C0ALERTS' }, version: 1 });
    const words = JSON.stringify(announced?.message.blocks);
    for (const said of ['<@U5>', 'calico-prod', 'Make room', 'nobody else answers', '<#C0PLATFORM>'])
      expect(words).toContain(said);
  });

  it('is announced nowhere where no such channel is configured', () => {
    expect(shown(alone, NOW, null).map(({ marker }) => marker)).not.toContain(`${CARD}:emergency`);
  });

  it('is none of the others', () => {
    expect(others(approvedFix())).toEqual([]);
  });
});
