import { createHash } from 'node:crypto';
import type { Operation } from '../domain/operation.js';
import { substanceOf, type Plan } from '../domain/plan.js';
import type { Signer } from '../domain/ports.js';

/** SHA-256 in hex over what a plan does, not over what it says: see `substanceOf`. */
export function hashOf(plan: Plan): string {
  return createHash('sha256').update(substanceOf(plan)).digest('hex');
}

/**
 * What is signed, from the proposal on and anew with each review: an approval holds for this plan, these reviews and this
 * one-use token, and for nothing else. What is carried out are the records of the steps, in their own order and as far as
 * they are done: so they are signed as well; and the state, because what runs is no longer asked for rights and hours.
 */
function approvalText(operation: Operation): string {
  const reviews = operation.reviews.map((review) => [
    review.by.teamId,
    review.by.userId,
    review.viaGroup,
    review.verdict,
    review.planHash,
    review.emergency === true,
    review.outsideWindow === true,
    review.standstillConfirmed === true,
    // Left out where there is none, so that what was signed before there were any still holds.
    ...(review.outsideViaGroup === undefined ? [] : [review.outsideViaGroup]),
  ]);
  const steps = operation.steps.map((record) => [record.step, record.state]);
  return JSON.stringify([
    operation.id,
    operation.state,
    hashOf(operation.plan),
    operation.plan.baseline,
    operation.policy,
    reviews,
    operation.token,
    operation.proposer,
    operation.createdAt,
    operation.approveBy,
    operation.startBy,
    steps,
  ]);
}

export function signed(operation: Operation, signer: Signer): Operation {
  return { ...operation, signature: signer.sign(approvalText(operation)) };
}

/** Whoever can write to Redis can queue a job, but can't make an approval: the executor checks it here. */
export function isGenuine(operation: Operation, signer: Signer): boolean {
  if (operation.planHash !== hashOf(operation.plan) || operation.signature === undefined) return false;
  if (operation.reviews.some((review) => review.planHash !== operation.planHash)) return false;
  return signer.verify(approvalText(operation), operation.signature);
}
