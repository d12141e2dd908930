/**
 * One line for an issue in LWN's manner: "openssl: denial of service", and "chromium: multiple vulnerabilities" where its flaws are of
 * several kinds or too few of them are known. `kinds`: for each vulnerability of the issue its kind, or null where it is not known
 * ({@link flawOf}). Several products are named in order, at most three of them.
 */
export function issueTitle(products: string | readonly string[], kinds: readonly (string | null)[]): string {
  return `${namesOf(typeof products === 'string' ? [products] : products)}: ${kindOfIssue(kinds)}`;
}

function namesOf(products: readonly string[]): string {
  const named = [...new Set(products)];
  return named.length > 3
    ? `${named.slice(0, 3).join(', ')} and ${named.length - 3} more`
    : named.join(', ') || 'unknown product';
}

function kindOfIssue(kinds: readonly (string | null)[]): string {
  const known = kinds.filter((kind) => kind !== null);
  const [kind, other] = new Set(known);
  if (kind !== undefined && other === undefined && 2 * known.length >= kinds.length) return kind;
  return kinds.length > 1 ? 'multiple vulnerabilities' : 'unspecified vulnerability';
}

/**
 * The kind of a flaw in the words that distributions use ("buffer overflow", "denial of service"), from its CWE ids ("CWE-416";
 * cwe.mitre.org, view 1003) where one of them is specific enough, else from words at the beginning of its title and description. Null
 * where none of them tells. Only words of ours come out: nothing of `text` is copied.
 */
export function flawOf(weaknesses: readonly string[], text: string): string | null {
  for (const weakness of weaknesses) {
    const kind = KIND_BY_CWE.get(weakness.toUpperCase());
    if (kind !== undefined) return kind;
  }
  return kindInText(text);
}

const KINDS: readonly (readonly [kind: string, cwes: string])[] = [
  ['buffer overflow', '119 120 121 122 124 131 680 787 788 805'],
  ['out-of-bounds read', '125 126 127'],
  ['use after free', '416 672 825'],
  ['double free', '415'],
  ['integer overflow', '190 191 128 192 681'],
  ['uninitialized memory', '456 457 665 824 908 909'],
  ['type confusion', '704 843'],
  ['format string flaw', '134'],
  ['denial of service', '369 399 400 401 404 476 617 674 770 772 774 775 789 834 835 1333'],
  ['information disclosure', '200 201 203 208 209 212 226 532 538 552 668'],
  ['privilege escalation', '250 264 265 266 269 271 273 274'],
  ['access restriction bypass', '275 276 281 284 285 639 732 862 863'],
  ['authentication bypass', '287 288 290 294 302 304 305 306 384 613 640'],
  ['certificate verification', '295 296 297 298 299'],
  ['signature verification', '345 347 354'],
  ['weak cryptography', '310 320 321 323 326 327 328 331 780 916'],
  ['predictable random numbers', '330 332 334 335 336 337 338 340'],
  ['cross-site scripting', '79 80'],
  ['cross-site request forgery', '352'],
  ['SQL injection', '89'],
  ['command injection', '77 78 88'],
  ['code execution', '94 95 96 98 502 913 915 1321'],
  ['directory traversal', '22 23 36 73'],
  ['symlink attack', '59 61 377 378 379'],
  ['race condition', '362 367 421'],
  ['XML external entities', '611'],
  ['XML entity expansion', '776'],
  ['open redirect', '601'],
  ['server-side request forgery', '918'],
  ['HTTP request smuggling', '444'],
  ['HTTP header injection', '93 113'],
  ['unrestricted file upload', '434'],
  ['hard-coded credentials', '259 798'],
  ['credentials disclosure', '255 256 257 312 319 522 523'],
  ['untrusted search path', '426 427 428'],
  ['origin validation', '346 940 942'],
  ['spoofing', '451 1021'],
];

const KIND_BY_CWE: ReadonlyMap<string, string> = new Map(
  KINDS.flatMap(([kind, cwes]) => cwes.split(' ').map((cwe) => [`CWE-${cwe}`, kind] as const)),
);

/** Words of a kind, the more telling kinds first: "buffer overflow that lets attackers cause a denial of service" is an overflow. */
const WORDS: readonly (readonly [kind: string, words: RegExp])[] = [
  ['cross-site request forgery', /\bcross[- ]site request forgery|\bcsrf\b/],
  ['server-side request forgery', /\bserver[- ]side request forgery|\bssrf\b/],
  ['cross-site scripting', /\bcross[- ]site scripting|\bxss\b/],
  ['SQL injection', /\bsql injection/],
  ['command injection', /\b(?:shell |os )?command injection|\bexecute arbitrary (?:shell |os )?commands?\b/],
  ['XML external entities', /\bxml external entit|\bxxe\b/],
  ['directory traversal', /\b(?:directory|path) traversal/],
  ['symlink attack', /\bsymlink|\binsecure temporary file/],
  ['HTTP request smuggling', /\brequest smuggling/],
  ['HTTP header injection', /\bcrlf injection|\bresponse splitting|\bheader injection/],
  ['open redirect', /\bopen redirect/],
  ['use after free', /\buse[- ]after[- ]free/],
  ['double free', /\bdouble[- ]free/],
  ['out-of-bounds read', /\bout[- ]of[- ]bounds (?:memory )?read|\bbuffer over-?read/],
  [
    'buffer overflow',
    /\b(?:buffer|heap|stack)(?:[- ]based)?(?: buffer)? (?:over|under)flow|\bout[- ]of[- ]bounds write/,
  ],
  ['integer overflow', /\binteger (?:over|under)flow|\bsignedness error/],
  ['type confusion', /\btype confusion/],
  ['format string flaw', /\bformat string/],
  ['uninitialized memory', /\buninitiali[sz]ed/],
  ['memory corruption', /\bmemory corruption|\bmemory safety/],
  ['race condition', /\brace condition/],
  [
    'certificate verification',
    /\b(?:certificate|hostname) (?:verification|validation)|\bverify (?:x\.509|tls|ssl)? ?certificates?/,
  ],
  ['signature verification', /\bsignature (?:verification|validation|bypass)/],
  ['authentication bypass', /\b(?:bypass|bypassing) (?:of )?(?:the )?authentication|\bauthentication bypass/],
  ['sandbox escape', /\bsandbox (?:escape|bypass)|\bescape (?:from )?the sandbox/],
  ['same-origin bypass', /\bsame[- ]origin/],
  ['side channel', /\bside[- ]channel|\btiming attack/],
  [
    'privilege escalation',
    /\bprivilege escalation|\b(?:gain|elevat\w+|escalat\w+) (?:root |elevated |administrator )?privileges/,
  ],
  ['access restriction bypass', /\b(?:bypass|bypassing) (?:intended )?(?:access|security|acl)\b/],
  ['code execution', /\b(?:code execution|execut\w+ (?:of )?arbitrary (?:\w+ )?code|run arbitrary code)/],
  ['man in the middle', /\bman[- ]in[- ]the[- ]middle/],
  ['spoofing', /\bspoof/],
  [
    'information disclosure',
    /\binformation (?:disclosure|leak)|\bobtain sensitive|\bread arbitrary files?|\bmemory (?:contents )?(?:disclosure|leak to)/,
  ],
  [
    'denial of service',
    /\bdenial[- ]of[- ]service|\b(?:null|nil) (?:pointer|deref)|\binfinite (?:loop|recursion)|\b(?:crash|hang|panic)\b|\b(?:memory|cpu|resource) (?:consumption|exhaustion)|\bdivide[- ]by[- ]zero|\bassertion failure|\bdos\b/,
  ],
];

/** Descriptions say what the flaw is in their first sentences; what comes after may be about other versions and earlier flaws. */
const BEGINNING = 800;

function kindInText(text: string): string | null {
  const beginning = text.slice(0, BEGINNING).toLowerCase().replace(/\s+/g, ' ');
  return WORDS.find(([, words]) => words.test(beginning))?.[0] ?? null;
}
