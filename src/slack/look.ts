import type { Ids, Log } from '../domain/ports.js';
import { cancelLook, type CancelLook, type CancelLookDeps } from '../engine/keys/cancel-look.js';
import { refused, said, type Reply } from './asking.js';
import { stoppingMessage } from './blocks/look.js';
import { guarded } from './guarded.js';

export interface LookDeps extends CancelLookDeps {
  readonly log: Log;
  readonly ids: Ids;
}

/** A click on *Cancel* under a look that is under way. */
export async function lookCancelled(deps: LookDeps, request: CancelLook): Promise<Reply> {
  return guarded(deps, async () => {
    const verdict = await cancelLook(deps, request);
    return verdict.ok ? said(stoppingMessage()) : refused(verdict);
  });
}
