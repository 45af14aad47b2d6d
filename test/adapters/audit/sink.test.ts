import { describe, expect, it } from '@jest/globals';
import { Sink } from '../../../src/adapters/audit/sink.js';
import type { AuditEntry } from '../../../src/domain/audit.js';

function entry(seq: number): AuditEntry {
  return { chain: 'c', seq, prev: '', mac: '', at: 0, event: 'step.done' };
}

/** A place that takes entries while it is open; time passes when the test says so. */
function place(most: number) {
  const state = {
    open: true,
    atOnce: Infinity,
    written: [] as number[],
    writes: [] as number[],
    late: [] as number[],
    logged: [] as unknown[],
  };
  let wake = (): void => undefined;
  const note = (fields: unknown, message: string): void => void state.logged.push({ fields, message });
  const sink = new Sink({
    name: 'the place',
    most,
    write: async (entries) => {
      if (!state.open) throw new Error('closed');
      const taken = entries.slice(0, state.atOnce).map(({ seq }) => seq);
      state.written.push(...taken);
      state.writes.push(taken.length);
      return taken.length;
    },
    late: ({ seq }) => void state.late.push(seq),
    log: { info: note, warn: note, error: note },
    clock: {
      now: () => 0,
      pause: (_ms, signal) =>
        new Promise((resolve) => {
          wake = resolve;
          signal?.addEventListener('abort', () => resolve());
        }),
    },
  });
  return { state, sink, aSecondLater: () => wake() };
}

describe('a place for entries', () => {
  it('tells of each late entry once, and writes all of them in order when it can', async () => {
    const { state, sink, aSecondLater } = place(100);
    state.open = false;
    await Promise.all([1, 2].map((seq) => sink.put(entry(seq))));
    await sink.put(entry(3));
    aSecondLater();
    await sink.close();
    expect(state).toMatchObject({ written: [], late: [1, 2, 3] });
    state.open = true;
    await sink.close();
    expect(state).toMatchObject({ written: [1, 2, 3], late: [1, 2, 3] });
  });

  it('gives the oldest up when too many wait, and says so once, and how many in the end', async () => {
    const { state, sink } = place(2);
    state.open = false;
    for (const seq of [1, 2, 3, 4]) await sink.put(entry(seq));
    expect(state.logged).toEqual([
      { fields: { chain: 'c', seq: 1 }, message: 'the place will lack the oldest entries' },
    ]);
    state.open = true;
    await sink.close();
    expect(state.written).toEqual([3, 4]);
    expect(state.logged.at(-1)).toMatchObject({ fields: { lost: 2 } });
  });

  it('takes along what came meanwhile, a hundred at most', async () => {
    const { state, sink } = place(1000);
    const all = Array.from({ length: 250 }, (_, index) => index + 1);
    await Promise.all(all.map((seq) => sink.put(entry(seq))));
    expect(state.written).toEqual(all);
    expect(state.writes).toEqual([1, 100, 100, 49]);
  });

  it('goes on behind what was written where only a part could be', async () => {
    const { state, sink } = place(1000);
    state.atOnce = 2;
    await Promise.all([1, 2, 3, 4, 5, 6].map((seq) => sink.put(entry(seq))));
    expect(state.written).toEqual([1, 2, 3, 4, 5, 6]);
    expect(state.writes).toEqual([1, 2, 2, 1]);
  });

  it('keeps nobody waiting while it is closed', async () => {
    const { state, sink } = place(100);
    state.open = false;
    await sink.put(entry(1));
    await expect(sink.put(entry(2))).resolves.toBeUndefined();
    await sink.close();
    expect(state.logged.at(-1)).toEqual({
      fields: { missing: 2 },
      message: 'the place lacks the newest entries',
    });
  });
});
