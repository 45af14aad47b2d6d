/** Work on the same thing is done one after the other. */
export function makeTurns(): <T>(what: string, work: () => Promise<T>) => Promise<T> {
  const turns = new Map<string, Promise<unknown>>();
  return (what, work) => {
    const result = (turns.get(what) ?? Promise.resolve()).then(work);
    const turn = result
      .catch(() => {})
      .then(() => {
        if (turns.get(what) === turn) turns.delete(what);
      });
    turns.set(what, turn);
    return result;
  };
}
