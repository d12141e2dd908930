/** Order by code units: the same on every machine, whatever its locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order of ids with numbers in them as people count: CVE-2017-9788 before CVE-2017-12613. */
export function byId(a: string, b: string): number {
  return byText(padded(a), padded(b));
}

function padded(id: string): string {
  return id.replace(/\d+/g, (digits) => digits.padStart(8, '0'));
}

/** Texts, each once, in the order of {@link byId}. */
export function sortedIds(ids: Iterable<string>): string[] {
  return [...new Set(ids)].sort(byId);
}
