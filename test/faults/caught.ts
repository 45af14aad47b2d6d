import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { LocalMember } from '../../infra/local/etcd.js';
import { until } from '../../infra/local/until.js';

export interface Caught {
  /** Once it was caught: in the middle, as the half-written file beside the database says. */
  inTheMiddle(): Promise<void>;
  close(): void;
}

/** Does something to a member as soon as it writes the file that its next defragmentation makes. */
export function catchDefragmenting(member: LocalMember, meddle: () => void): Caught {
  const folder = join(member.dataDir, 'member', 'snap');
  let caught = false;
  const watcher = watch(folder, (_event, name) => {
    if (caught || !name?.startsWith('db.tmp') || !existsSync(join(folder, name))) return;
    caught = true;
    meddle();
  });
  return {
    async inTheMiddle() {
      await until(() => caught, { what: `${member.name} defragments`, everyMs: 5, timeoutMs: 30_000 });
      if (!readdirSync(folder).some((name) => name.startsWith('db.tmp')))
        throw new Error(`${member.name} was caught too late`);
    },
    close: () => watcher.close(),
  };
}
