/**
 * Keeps what `read` gives, for figures that every page shows and that cost more than they change: within `milliseconds`
 * it is given again; up to ten times as old it is still given at once, while a new reading is under way; what is older
 * is waited for. One reading at a time. What cannot be read throws to whoever waits, and is tried again by the next.
 */
export function keep<T>(
  read: () => Promise<T>,
  milliseconds: number,
  clock: () => number = Date.now,
): () => Promise<T> {
  let kept: { value: T; at: number } | null = null;
  let reading: Promise<T> | null = null;
  const refresh = () => {
    reading ??= read()
      .then((value) => {
        kept = { value, at: clock() };
        return value;
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  return async () => {
    const age = kept === null ? Number.POSITIVE_INFINITY : clock() - kept.at;
    if (kept !== null && age < milliseconds) return kept.value;
    if (kept === null || age >= 10 * milliseconds) return refresh();
    // Whoever waits for a later reading hears of an error; this one has its answer.
    refresh().catch(() => {});
    return kept.value;
  };
}
