import { setTimeout as delay } from 'node:timers/promises';
import type { LocalMember } from '../../infra/local/etcd.js';

const RUNS_MS = 3;
const STANDS_MS = 70;

/** The member runs a small part of the time, so that what takes it a moment can be looked at. Answers how to end that. */
export function slow(member: LocalMember): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stand = (): void => {
    member.pause();
    timer = setTimeout(run, STANDS_MS);
  };
  const run = (): void => {
    member.resume();
    timer = setTimeout(stand, RUNS_MS);
  };
  stand();
  return () => {
    clearTimeout(timer);
    member.resume();
  };
}

/** It stands still again and again, for so long each time, and then runs as before: what it waited for took as long. */
export async function bursts(
  member: LocalMember,
  { times, standsMs }: { readonly times: number; readonly standsMs: number },
): Promise<void> {
  for (let done = 0; done < times; done += 1) {
    member.pause();
    await delay(standsMs);
    member.resume();
    await delay(RUNS_MS);
  }
}
