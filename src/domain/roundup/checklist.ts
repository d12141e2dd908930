/** What is to be done before a round is closed; each round has its own copy, which people change. */
export const CHECKLIST: readonly { key: string; words: string }[] = [
  { key: 'claims', words: 'Ask those who have claimed something whether they still work on it' },
  { key: 'backports', words: 'Propose what was fixed on master for every supported release' },
  { key: 'announce', words: 'Tell users what was fixed' },
  { key: 'thanks', words: 'Thank everybody who took part' },
  { key: 'next', words: 'See to it that somebody leads the next round' },
];

/** The checklist of the next round: the usual one, and what was left undone in this one beyond it. */
export function nextChecklist(
  left: readonly { roundup: number; key: string; words: string; done: boolean }[],
): { key: string; words: string }[] {
  const usual = new Set(CHECKLIST.map(({ key }) => key));
  const carried = left
    .filter(({ done }) => !done)
    .map(({ roundup, key, words }) => ({
      key: usual.has(key) ? `${key}-of-${roundup}`.slice(0, 40) : key,
      words: words.includes('(from roundup ') ? words : `${words} (from roundup ${roundup})`,
    }));
  return [...CHECKLIST, ...carried];
}
