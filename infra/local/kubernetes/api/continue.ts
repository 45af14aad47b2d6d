import { badRequest } from './status.js';

/** Where a list goes on, and the revision that it shows. */
export interface Continue {
  /** −1: an expired list goes on with what there is now. */
  revision: number;
  key: string;
}

const VERSION = 'meta.k8s.io/v1';

/** Opaque to clients. The zero byte makes it the first key after the one that was sent last. */
export function writeContinue({ revision, key }: Continue): string {
  const token = { v: VERSION, rv: revision, start: `${key}\u0000` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

export function readContinue(text: string): Continue {
  const invalid = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
  let token: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString()) as typeof token;
  } catch (error) {
    throw invalid((error as Error).message);
  }
  const { v, rv, start } = token;
  if (v !== VERSION || typeof rv !== 'number' || typeof start !== 'string') throw invalid('unknown version');
  return { revision: rv, key: start };
}
