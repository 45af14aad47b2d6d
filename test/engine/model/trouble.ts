import { TargetError } from '../../../src/domain/errors.js';

/** What happens to a process at its nth call of a port: just before the call is made, or just after its effect. */
export type Trouble =
  | { readonly is: 'none' }
  | { readonly is: 'death'; readonly at: number; readonly after: boolean }
  /** It does nothing for so many turns of the others, and for 20 s. */
  | { readonly is: 'sleep'; readonly at: number; readonly turns: number }
  /** Redis is away for so many calls. */
  | { readonly is: 'redis'; readonly at: number; readonly calls: number; readonly after: boolean };

/** A process that has died calls nothing any more. */
export class Died extends Error {}

export interface Fragile {
  /** Every function of it fails when its turn has come. `disk`: it is not Redis. */
  wrap<T extends object>(port: T, disk?: 'disk'): T;
}

type Call = (...args: unknown[]) => Promise<unknown>;

/** Ports of one process that meets with this trouble. */
export function fragile(trouble: Trouble, passes: (ms: number) => void): Fragile {
  let count = 0;
  const failure = (disk: boolean): Error | null => {
    if (trouble.is === 'death' && count >= trouble.at) return new Died('the process is gone');
    const away = trouble.is === 'redis' && count >= trouble.at && count < trouble.at + trouble.calls;
    return away && !disk ? new TargetError('unavailable', 'redis', 'away', { retryable: true }) : null;
  };
  const failing =
    (call: Call, disk: boolean): Call =>
    async (...args) => {
      count += 1;
      if (trouble.is === 'sleep' && count === trouble.at) {
        passes(20_000);
        await turns(trouble.turns);
      }
      const error = failure(disk);
      if (error && !isLate(trouble, count)) throw error;
      const result = await call(...args);
      if (error) throw error;
      return result;
    };
  return {
    wrap: (port, disk) => {
      const wrapped = Object.entries(port).map(([name, value]: [string, unknown]) => [
        name,
        typeof value === 'function' ? failing(value as Call, disk === 'disk') : value,
      ]);
      return Object.fromEntries(wrapped) as typeof port;
    },
  };
}

/** The effect is there, and only its answer is lost. */
function isLate(trouble: Trouble, count: number): boolean {
  if (trouble.is === 'redis') return trouble.after;
  return trouble.is === 'death' && trouble.after && count === trouble.at;
}

export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}
