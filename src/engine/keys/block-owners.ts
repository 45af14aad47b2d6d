import { TargetError } from '../../domain/errors.js';
import { afterPrefix, type Keyspace } from '../../domain/keyspace.js';
import { AFFINITIES, ownersIn, type BlockOwners } from '../../domain/keyspace-names.js';

const MOST = 5000;
const READ_MS = 5000;

/** Which nodes Calico's blocks belong to, told by other keys alone; nothing where they can't be read. */
export async function blockOwners(keyspace: Keyspace): Promise<BlockOwners> {
  const from = Buffer.from(AFFINITIES);
  const query = { from, end: afterPrefix(from), limit: MOST, revision: null, keysOnly: true };
  try {
    const { entries } = await keyspace.page(query, READ_MS);
    return ownersIn(entries.map(({ key }) => key.toString()));
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return new Map();
  }
}
