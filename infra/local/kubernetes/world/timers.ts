/** Everything that is to happen later, so that the end of the simulation ends it all. */
export interface Timers {
  after(ms: number, work: () => void): () => void;
  every(ms: number, work: () => void): () => void;
  stop(): void;
}

export function makeTimers(): Timers {
  const running = new Set<NodeJS.Timeout>();
  let stopped = false;

  function keep(timer: NodeJS.Timeout): () => void {
    // A forgotten simulation must not keep the program alive.
    timer.unref();
    running.add(timer);
    return () => {
      clearTimeout(timer);
      running.delete(timer);
    };
  }

  return {
    after(ms, work) {
      if (stopped) return () => {};
      const timer = setTimeout(() => {
        running.delete(timer);
        work();
      }, ms);
      return keep(timer);
    },
    every: (ms, work) => (stopped ? () => {} : keep(setInterval(work, ms))),
    stop() {
      stopped = true;
      running.forEach(clearTimeout);
      running.clear();
    },
  };
}
