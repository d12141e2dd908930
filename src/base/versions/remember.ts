/** How many answers a generation holds. Two generations of 256-byte texts stay below some 100 MB at the very worst. */
const GENERATION = 65_536;

/**
 * A function of a text that remembers its answers, in bounded memory: when the young generation is full the old one
 * is forgotten, so texts in use stay and a flood of others cannot grow the process. `read` must be pure.
 */
export function remember<T>(read: (text: string) => T): (text: string) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return (text) => {
    const known = young.get(text);
    if (known !== undefined) return known;
    const answer = old.get(text) ?? read(text);
    if (young.size >= GENERATION) {
      old = young;
      young = new Map();
    }
    young.set(text, answer);
    return answer;
  };
}
