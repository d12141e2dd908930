import type { Context } from './context.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Does long work that may be interrupted: at Ctrl-C it says how things stand, tidies up, and ends the process as the signal
 * does by itself (130 for a shell). What was not committed is rolled back by the database. A second Ctrl-C waits for nothing.
 *
 * @param words how things stand then, for a person
 * @param tidy takes away what would be left over outside of the database
 */
export async function interruptible<T>(
  { progress }: Context,
  { words, tidy }: { words: string; tidy(): Promise<void> },
  work: () => Promise<T>,
): Promise<T> {
  const stop = (signal: NodeJS.Signals) => {
    leave();
    progress.clear();
    process.stderr.write(`muster: ${words}\n`);
    const end = () => process.kill(process.pid, signal);
    tidy().then(end, end);
  };
  const leave = () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work();
  } finally {
    leave();
  }
}
