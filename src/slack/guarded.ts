import { TargetError } from '../domain/errors.js';
import type { Ids, Log } from '../domain/ports.js';
import { said, type Reply } from './asking.js';
import { mishapMessage, unreachableMessage } from './blocks/refusal.js';

/** Nobody is left without an answer: Redis away is said, a bug gets a reference. */
export async function guarded<T>(
  deps: { readonly log: Log; readonly ids: Ids },
  work: () => Promise<T>,
): Promise<T | Reply> {
  try {
    return await work();
  } catch (error) {
    const reference = deps.ids.next().slice(0, 8);
    deps.log.error({ reference, err: error }, 'a command or a click failed');
    const away = error instanceof TargetError && error.target === 'redis';
    return said(away ? unreachableMessage('My memory (Redis)') : mishapMessage(reference));
  }
}
