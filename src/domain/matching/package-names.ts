/** A package of the set, as matching sees it. */
export interface MatchPackage {
  attr: string;
  pname: string;
  /** Normalised: language prefix off, lower case ("requests" for python2.7-requests). */
  name: string;
  /** Canonical product that its name means. */
  product: string;
  version: string;
  patches: readonly string[];
  knownVulnerabilities: readonly string[];
  homepage: string | null;
  sourceUrl: string | null;
}

/**
 * Sets of nixpkgs whose packages belong to the world of a language: a "curl" in there is a binding, not curl. The first
 * component of the attribute decides, or the prefix that nixpkgs puts before the name.
 */
const LANGUAGES: readonly { language: string; attr: RegExp; pname: RegExp | null }[] = [
  { language: 'python', attr: /^(?:python|pypy)[0-9]*Packages\b/, pname: /^(?:python|pypy)[0-9.]*-/ },
  { language: 'perl', attr: /^perl[0-9]*Packages\b/, pname: /^perl(?:[0-9.]+)?-/ },
  {
    language: 'ruby',
    attr: /^(?:ruby|bundler)[A-Za-z0-9_]*Packages?(?:_[0-9_]+)?\b/,
    pname: /^ruby[0-9.]*-/,
  },
  { language: 'haskell', attr: /^haskell(?:ng)?Packages\b/, pname: /^haskell-/ },
  { language: 'r', attr: /^rPackages\b/, pname: /^r-/ },
  { language: 'node', attr: /^nodePackages[A-Za-z0-9_]*\b/, pname: /^node-/ },
  { language: 'ocaml', attr: /^ocamlPackages[A-Za-z0-9_]*\b/, pname: /^ocaml(?:[0-9.]+)?-/ },
  { language: 'lua', attr: /^lua[0-9_]*Packages\b/, pname: /^lua[0-9.]*-/ },
  { language: 'php', attr: /^php[0-9]*Packages\b/, pname: /^php-/ },
  { language: 'erlang', attr: /^beamPackages\b|^erlangPackages\b/, pname: null },
  { language: 'emacs', attr: /^emacs[0-9]*(?:Packages|WithPackages)[A-Za-z0-9]*\b/, pname: /^emacs-/ },
  { language: 'vim', attr: /^vimPlugins\b/, pname: /^vimplugin-/ },
  { language: 'go', attr: /^go[0-9]*Packages\b/, pname: /^go[0-9.]+-/ },
  { language: 'coq', attr: /^coqPackages[A-Za-z0-9_]*\b/, pname: /^coq[0-9.]*-/ },
];

/** The language whose set a package is in, or null for a package that stands for itself. */
export function languageOf(attr: string, pname: string): string | null {
  const found = LANGUAGES.find((entry) => entry.attr.test(attr) || entry.pname?.test(pname) === true);
  return found?.language ?? null;
}

/** One spelling for what different worlds write differently: lower case, `-` for `_`, `+`, `.` and white space. */
export function foldName(name: string): string {
  const folded = name.toLowerCase().replace(/[_\s.+]+/g, '-');
  let [start, end] = [0, folded.length];
  while (folded[start] === '-') start += 1;
  while (end > start && folded[end - 1] === '-') end -= 1;
  return folded.slice(start, end);
}

/** Gentoo's category says where a package is filed, not what it is. */
export function bareName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/**
 * Names under which others may speak of a package, folded: its own, its attribute's last part, each without a version behind
 * it (`openssl_1_0_2` → `openssl`), and with its language before it as distributions do (`python-django`).
 */
export function namesOf({
  attr,
  pname,
  name,
  product,
}: Pick<MatchPackage, 'attr' | 'pname' | 'name' | 'product'>): Set<string> {
  const language = languageOf(attr, pname);
  const last = attr.slice(attr.lastIndexOf('.') + 1);
  const plain = [
    name,
    withoutVersion(last),
    ...(language === null ? [last, withoutVersion(name), product] : []),
  ].map(foldName);
  const prefixed =
    language === null ? [] : plain.flatMap((each) => [`${language}-${each}`, `lib${each}-${language}`]);
  return new Set([...plain, ...prefixed].filter((each) => each.length > 1));
}

/** `openssl_1_0_2` → `openssl`, `php56` stays: digits that touch the name may belong to it (bzip2, mp3info). */
function withoutVersion(name: string): string {
  return name.replace(/[-_]v?\d+(?:[-_.]\d+)*$/, '');
}
