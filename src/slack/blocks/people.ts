import type { Operation } from '../../domain/operation.js';

/** Everybody who has had a hand in it, by user id: whom the engine's sentences may name. */
export function peopleIn({ proposer, cancelledBy, paused, reviews }: Operation): readonly string[] {
  const others = [cancelledBy, paused?.by, ...reviews.map((review) => review.by)];
  return [proposer, ...others].flatMap((one) => one?.userId ?? []);
}
