import { blockValue, type Allocation, type Block } from './block.js';
import { DatastoreError, type Datastore } from './documents.js';
import { endpointName, endpointValue } from './values.js';

/*
 * The order of Calico's plugin: the handle, the block, at last the pod's endpoint; back the other way round. Each is a
 * write of its own, so that any of them can be the first that is refused.
 */

export async function store(datastore: Datastore, allocation: Allocation): Promise<void> {
  const { block, handle, pod } = allocation;
  await claim(datastore, block);
  const handleDocument = { block: { [block.cidr]: 1 }, deleted: false };
  await write(allocation, 'handle', () =>
    datastore.put({ kind: 'handle', id: handle, value: handleDocument }),
  );
  await write(allocation, 'block', () => writeBlock(datastore, allocation, 'yes'));
  await write(allocation, 'endpoint', () =>
    datastore.put({
      ...{ kind: 'endpoint', namespace: pod.namespace, name: endpointName(pod) },
      value: endpointValue(allocation),
    }),
  );
}

export async function giveBack(datastore: Datastore, allocation: Allocation): Promise<void> {
  const { block, handle, pod, ordinal, stored } = allocation;
  if (stored.endpoint !== 'no') {
    await datastore.remove({ kind: 'endpoint', namespace: pod.namespace, name: endpointName(pod) });
    stored.endpoint = 'no';
  }
  if (stored.block !== 'no') {
    await writeBlock(datastore, allocation, 'no');
  }
  if (stored.handle !== 'no') await datastore.remove({ kind: 'handle', id: handle });
  block.allocations.delete(ordinal);
  block.free.push(ordinal);
}

async function claim(datastore: Datastore, block: Block): Promise<void> {
  if (block.isClaimed) return;
  const value = { state: 'confirmed', deleted: false };
  await datastore.put({ kind: 'affinity', node: block.node, cidr: block.cidr, value });
  block.isClaimed = true;
}

type Part = keyof Allocation['stored'];

async function write({ stored }: Allocation, part: Part, work: () => Promise<void>): Promise<void> {
  if (stored[part] === 'yes') return;
  try {
    await work();
    stored[part] = 'yes';
  } catch (error) {
    if (!(error instanceof DatastoreError && error.definite)) stored[part] = 'sent';
    throw error;
  }
}

/** The whole block with or without this allocation: one write after the other, from what the datastore holds by then. */
function writeBlock(datastore: Datastore, allocation: Allocation, held: 'yes' | 'no'): Promise<void> {
  const { block } = allocation;
  const written = block.turn.then(async () => {
    const others = [...block.allocations.values()].filter(
      (other) => other !== allocation && other.stored.block === 'yes',
    );
    const all = held === 'yes' ? [...others, allocation] : others;
    block.sequenceNumber++;
    await datastore.put({ kind: 'block', cidr: block.cidr, value: blockValue(block, all) });
    allocation.stored.block = held;
  });
  block.turn = written.catch(() => {});
  return written;
}
