/** Runs `task` once every earlier task with the same key has ended, whether it succeeded or failed. */
export type Turns = <T>(key: string, task: () => Promise<T>) => Promise<T>;

/** Makes a queue for each key: one purchase is only ever worked on by one press at a time. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
    last.set(key, turn);
    return turn;
  };
}
