/** Short words of ours for weaknesses (cwe.mitre.org), so that no sentence of anybody needs to be copied to say what is wrong. */
const KINDS: readonly (readonly [kind: string, cwes: string])[] = [
  ['buffer overflow', '119 120 121 122 787 123'],
  ['out-of-bounds read', '125'],
  ['use after free', '416'],
  ['double free', '415'],
  ['integer overflow', '189 190 191'],
  ['NULL dereference', '476'],
  ['division by zero', '369'],
  ['endless loop', '834 835'],
  ['deep recursion', '674'],
  ['memory leak', '401 772'],
  ['resource exhaustion', '399 400 404 770'],
  ['failed assertion', '617'],
  ['input validation', '20'],
  ['uninitialised memory', '665'],
  ['type confusion', '704'],
  ['array index', '129'],
  ['information disclosure', '200 203 532 668'],
  ['privilege escalation', '264 269'],
  ['access control', '284 732 863 552'],
  ['authentication bypass', '287 290 306 640'],
  ['certificate verification', '295'],
  ['signature verification', '345 347'],
  ['weak cryptography', '310 320 326 331'],
  ['clear text', '311 319'],
  ['hard-coded credentials', '798'],
  ['cross-site scripting', '79'],
  ['request forgery', '352'],
  ['open redirect', '601'],
  ['header injection', '93'],
  ['injection', '74'],
  ['command injection', '77 78'],
  ['code injection', '94'],
  ['SQL injection', '89'],
  ['deserialisation', '502'],
  ['XML external entities', '611'],
  ['directory traversal', '22'],
  ['symlink attack', '59'],
  ['race condition', '362'],
  ['error handling', '388 755'],
  ['calculation', '682'],
];

const BY_CWE: ReadonlyMap<string, string> = new Map(
  KINDS.flatMap(([kind, cwes]) => cwes.split(' ').map((cwe) => [`CWE-${cwe}`, kind] as const)),
);

/** "buffer overflow (CWE-119)" for the first weakness that has a word here, the bare id of the first for the rest; null without any. */
export function flawPhrase(weaknesses: readonly string[]): string | null {
  const ids = weaknesses.filter((id) => /^CWE-\d+$/.test(id));
  const known = ids.find((id) => BY_CWE.has(id));
  if (known !== undefined) return `${BY_CWE.get(known)} (${known})`;
  return ids[0] ?? null;
}

/** The word alone, "buffer overflow"; null where there is none. */
export function flawKind(weaknesses: readonly string[]): string | null {
  return weaknesses.map((id) => BY_CWE.get(id)).find((kind) => kind !== undefined) ?? null;
}
