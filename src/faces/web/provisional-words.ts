import type { ProvisionalId } from '#base/formats';

/** What an id is that is nobody's for good, in one sentence; `entries`: how many bear it. */
export function provisionalWords(wanted: ProvisionalId, entries: number): string {
  if (wanted.kind === 'renamed')
    return `${wanted.id} is another database’s name for what it says of ${wanted.of}.`;
  const bear =
    entries === 0
      ? 'no entry that we read bears it'
      : entries === 1
        ? 'one entry that we read bears it'
        : `${entries} entries that we read bear it`;
  if (wanted.kind === 'temporary')
    return `Debian’s tracker calls so what has no number yet, by its bug and a hash of its title; the name changes with the bug: ${bear}.`;
  if (wanted.hash !== null)
    return `An entry of Debian’s list that waits for its number, told from others by a hash of its title: ${bear}.`;
  return `The X stand where a number will be. Such an id is not unique, and what bears it has nothing else in common: ${bear}.`;
}
