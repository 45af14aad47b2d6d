import type { Deliveries, Delivery, Expected } from '../deliveries.js';
import type { Acked } from './types.js';

const endsWithinMs = 10_000;

/** Does something that sends the bot an envelope, and tells how that ended. */
export type Follow = (matches: (delivery: Delivery) => boolean, act: () => unknown) => Promise<Acked>;

export function followDeliveries(deliveries: Deliveries): Follow {
  return async (matches, act) => {
    const expected = deliveries.expect(matches);
    try {
      await act();
    } catch (error) {
      expected.cancel();
      throw error;
    }
    const { ackMs = 0, ackBody, failed } = await inTime(expected);
    return {
      ackMs,
      ...(ackBody === undefined ? {} : { ackBody }),
      ...(failed === undefined ? {} : { failed }),
    };
  };
}

async function inTime({ ended, cancel }: Expected): Promise<Delivery> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('local-slack sent the bot nothing')), endsWithinMs);
  });
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
    cancel();
  }
}

/** Without the proxy nobody sees the envelope; local-slack's control API answers once the bot has acked. */
export const followControl: Follow = async (_matches, act) => {
  const begun = performance.now();
  await act();
  return { ackMs: performance.now() - begun };
};
