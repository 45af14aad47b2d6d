import type { ExecutorDeps } from '../../../src/engine/executor.js';
import type { Witness } from './etcd.js';

type Async<A extends readonly unknown[], R> = (...args: A) => Promise<R>;

/**
 * Everything that outlives the process, told just before it happens and just after: between two of these the process only
 * reads and thinks, so that a death there leaves the world as a death at the earlier one does.
 */
export function told<D extends ExecutorDeps>(deps: D, tell: Witness): D {
  const around =
    <A extends readonly unknown[], R>(what: string, effect: Async<A, R>): Async<A, R> =>
    async (...args) => {
      await tell(`before ${what}`);
      const result = await effect(...args);
      await tell(`after ${what}`);
      return result;
    };
  const { operations, locks, spent, backups, outbox, jobs, audit } = deps;
  return {
    ...deps,
    operations: {
      ...operations,
      swap: around('swap', operations.swap),
      replicated: around('replicated', operations.replicated),
    },
    locks: { ...locks, acquire: around('lock', locks.acquire), beat: around('beat', locks.beat) },
    backups: { ...backups, save: around('backup file', backups.save) },
    spent: { spend: around('spent mark', spent.spend) },
    outbox: { put: around('outbox', outbox.put) },
    jobs: { ...jobs, run: around('job', jobs.run), watch: around('watch job', jobs.watch) },
    audit: { record: around('audit', audit.record) },
  };
}

/** After these the next effect begins at once: a death there is the one before that next effect. */
const LIKE_THE_NEXT: ReadonlySet<string> = new Set([
  'replicated',
  'beat',
  'outbox',
  'audit',
  'job',
  'watch job',
]);

export function isPoint(effect: string): boolean {
  return !(effect.startsWith('after ') && LIKE_THE_NEXT.has(effect.slice('after '.length)));
}
