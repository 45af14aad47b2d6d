import type { ActionsBlock, Button } from '@slack/types';
import type { Operation } from '../../domain/operation.js';
import { countOf } from './card-steps.js';
import { actions, button } from './parts.js';

/** What can be done with an operation in its state. Every button carries its id, and nothing else. */
export function cardButtons(operation: Operation): ActionsBlock {
  const { state } = operation;
  if (state === 'pending')
    return actions(
      approve(operation),
      ...withReason(operation),
      deny(operation),
      ...emergency(operation),
      cancel(operation),
      details(operation),
    );
  if (state === 'approved') return actions(cancel(operation), details(operation));
  if (state === 'unknown' && operation.waitsForPerson !== undefined)
    return actions(closing(operation), details(operation));
  const stoppable = state === 'running' && operation.cancelRequestedAt === undefined;
  return stoppable ? actions(stop(operation), details(operation)) : actions(details(operation));
}

/** For a list of what waits: the same buttons, as few as can be. */
export function listButtons(operation: Operation): ActionsBlock {
  return actions(approve(operation), deny(operation), details(operation));
}

function details({ id }: Operation) {
  return button({ action: 'operation.details', text: 'Details', value: id });
}

function approve({ id, plan, observeOnly }: Operation) {
  if (observeOnly)
    return button({ action: 'operation.approve', text: 'Approve (changes are off)', value: id });
  const text = plan.backup ? 'Approve' : 'Approve without backup';
  const backup = plan.backup ? '' : ' There is no backup.';
  return button({
    action: 'operation.approve',
    text,
    value: id,
    style: 'primary',
    confirm: {
      title: `Approve on ${plan.cluster}?`,
      text: `${plan.title}: ${countOf(plan.steps)} steps on ${plan.cluster}.${backup}`,
      yes: text,
      no: 'Back',
      style: 'primary',
    },
  });
}

/** Where everybody stands still, Approve itself asks for the reason. */
function withReason({ id, plan, observeOnly }: Operation): readonly Button[] {
  if (observeOnly || plan.standstill !== null) return [];
  return [button({ action: 'operation.review', text: 'Approve with reason', value: id })];
}

/** Offered where the policy names somebody for it and nothing can be written; who else presses it is refused. */
function emergency({ id, plan, policy, before, observeOnly }: Operation): readonly Button[] {
  const { users, groups } = policy.emergency;
  const full = before?.alarms?.some((alarm) => alarm.startsWith('NOSPACE')) === true;
  if (observeOnly || plan.runbook !== 'fix' || !full || users.length + groups.length === 0) return [];
  const text = 'Emergency: approve alone';
  return [button({ action: 'operation.emergency', text, value: id, style: 'danger' })];
}

function deny({ id }: Operation) {
  return button({ action: 'operation.deny', text: 'Deny', value: id, style: 'danger' });
}

function cancel({ id }: Operation) {
  return button({ action: 'operation.cancel', text: 'Cancel', value: id });
}

function stop({ id, plan }: Operation) {
  return button({
    action: 'operation.cancel',
    text: 'Stop after this step',
    value: id,
    confirm: {
      title: `Stop on ${plan.cluster}?`,
      text: 'The step at work is finished; the steps after it are not done. The cluster may be left half mended.',
      yes: 'Stop after this step',
      no: 'Go on',
      style: 'danger',
    },
  });
}

function closing({ id, plan }: Operation) {
  return button({
    action: 'operation.cancel',
    text: 'Close it',
    value: id,
    confirm: {
      title: `Close it on ${plan.cluster}?`,
      text: 'Look at the cluster first: whether the last act was done is not known. Closing lets others start again.',
      yes: 'Close it',
      no: 'Back',
      style: 'danger',
    },
  });
}
