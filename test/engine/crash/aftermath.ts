import { OUTBOX_KEY } from '../../../src/adapters/redis/operations.js';
import { isTerminal } from '../../../src/domain/operation.js';
import { execute } from '../../../src/engine/execute.js';
import * as scenes from './scene.js';
import { broken, type Aftermath, type Death } from './verdict.js';

export interface Found {
  /** The states at the death and in the end: "running → failed". */
  readonly course: string;
  /** What should hold and does not. */
  readonly broken: readonly string[];
}

/** A process has died: what it left, what others make of it, and what anybody can start afterwards. */
export async function afterDeath(scene: scenes.Scene): Promise<Found> {
  const death: Death = {
    operation: await scenes.operationNow(scene),
    calls: await scenes.callsOf(scene),
  };
  await scenes.goSilent(scene);
  const aftermath = await aftermathOf(scene);
  const course = `${death.operation.state} → ${aftermath.operation.state}`;
  return { course, broken: broken(death, aftermath) };
}

async function aftermathOf(scene: scenes.Scene): Promise<Aftermath> {
  let heldUntilTheEnd = true;
  const operation = await scenes.settle(scene, async () => {
    const { state } = await scenes.operationNow(scene);
    const held = (await scenes.holderOf(scene)) === 'op1' && !(await scenes.isFree(scene));
    if (state !== 'approved' && !held) heldUntilTheEnd = false;
  });
  const calls = await scenes.callsOf(scene);
  const cardVersion = Number(await scene.redis.hget(OUTBOX_KEY, 'operation op1'));
  const freeAfterwards = (await scenes.holderOf(scene)) === null && isTerminal(operation);
  const callsLater = await triedAgain(scene);
  return { operation, calls, heldUntilTheEnd, freeAfterwards, cardVersion, callsLater };
}

/** More jobs for it; then somebody writes its record back as it was when it had been approved, and queues it again. */
async function triedAgain(scene: scenes.Scene): Promise<readonly string[]> {
  for (let time = 0; time < 3; time++) await execute(scene.executor, 'op1');
  await scenes.writeBack(scene, scene.approved);
  await execute(scene.executor, 'op1');
  return scenes.callsOf(scene);
}
