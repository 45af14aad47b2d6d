import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Signer } from '../domain/ports.js';

/** HMAC-SHA-256 with the key that all roles share and Redis does not know. */
export function makeSigner(key: string): Signer {
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  return {
    sign,
    verify(text, signature) {
      const [expected, given] = [Buffer.from(sign(text)), Buffer.from(signature)];
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}
