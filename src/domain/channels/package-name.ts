import { parseDrvName } from '#base/versions';

/** A prefix that nixpkgs' builders put before upstream's name. */
interface Prefix {
  language: string;
  pattern: RegExp;
  /**
   * Attribute sets that are built so. Given where a package may be called like this upstream as well (`node-webkit`,
   * `ruby-mine`): then only the attribute can tell.
   */
  sets?: RegExp;
}

/** As `buildPythonPackage`, `buildPerlPackage`, `buildGoPackage` … name what they build, in nixpkgs 15.09 to 19.09. */
const PREFIXES: readonly Prefix[] = [
  { language: 'python', pattern: /^(?:python|pypy)\d[\d.]*m?-/ },
  { language: 'perl', pattern: /^perl(?:\d[\d.]*)?-/ },
  { language: 'ruby', pattern: /^ruby\d[\d.]*-/ },
  { language: 'r', pattern: /^r-/ },
  { language: 'haskell', pattern: /^ghc\d[\d.]*-/ },
  { language: 'lua', pattern: /^lua(?:jit)?\d[\d.]*-/ },
  { language: 'ocaml', pattern: /^ocaml\d[\d.]*-/ },
  { language: 'ocaml', pattern: /^ocaml-/, sets: /^ocamlPackages/ },
  { language: 'coq', pattern: /^coq\d[\d.]*-/ },
  { language: 'go', pattern: /^go\d[\d.]*-/ },
  { language: 'vim', pattern: /^vimplugin-/ },
  { language: 'tmux', pattern: /^tmuxplugin-/ },
  { language: 'php', pattern: /^php\d*-/, sets: /^php\d*Packages/ },
  { language: 'node', pattern: /^node-/, sets: /^nodePackages/ },
  { language: 'lisp', pattern: /^lisp-/, sets: /^lispPackages/ },
  { language: 'emacs', pattern: /^emacs-/, sets: /^emacs\w*Packages/ },
];

/** Attribute sets of languages whose packages also go without a prefix. */
const SETS: readonly (readonly [RegExp, string])[] = [
  [/^(?:python|pypy)\w*Packages\./, 'python'],
  [/^perl\w*Packages\./, 'perl'],
  [/^ruby\w*Packages\w*\./, 'ruby'],
  [/^rPackages\./, 'r'],
  [/^haskell\w*Packages\.|^haskell\.packages\./, 'haskell'],
  [/^lua\w*Packages\./, 'lua'],
  [/^ocaml\w*Packages\w*\./, 'ocaml'],
  [/^coqPackages\w*\./, 'coq'],
  [/^php\w*Packages[\w-]*\./, 'php'],
  [/^nodePackages\w*\./, 'node'],
  [/^lispPackages\w*\./, 'lisp'],
  [/^emacs\w*Packages\w*\./, 'emacs'],
  [/^vimPlugins\./, 'vim'],
];

/** What a package is called outside nixpkgs. */
export interface PackageIdentity {
  /** Upstream's name in lower case, without what nixpkgs puts before it: `requests`, `@angular/cli`. */
  name: string;
  version: string;
  /**
   * Whose library it is: `python`, `perl`, `ruby`, `r`, `haskell`, `node` … Null for everything else. Names are only
   * unique inside a language: R's `curl` is not curl.
   */
  language: string | null;
}

/** The name for matching of a `pname`; the attribute, where it is known, tells `node-webkit` from a library of Node's. */
export function packageName(pname: string, attr?: string): string {
  return splitName(pname, attr).name;
}

/**
 * Name, version and language of a package. Mends what splitting a derivation name gets wrong: a version that begins with
 * a letter (`grafana-v4.1.2`), and a prefix that has a version itself (`luajit-2.1.0-beta3-lpeg-1.0`).
 */
export function identify(one: { attr: string; pname: string; version: string }): PackageIdentity {
  let { pname, version } = one;
  const inner =
    pname === 'luajit'
      ? /^[\d.]+(?:-(?:beta|rc)\d+)?-((?!beta|rc\d)[A-Za-z].*)$/.exec(version)?.[1]
      : undefined;
  if (inner !== undefined) {
    const parsed = parseDrvName(inner);
    pname = `luajit2-${parsed.name}`;
    version = parsed.version;
  }
  const lettered = version === '' ? /^(.+)-v(\d[^-]*)$/.exec(pname) : null;
  if (lettered !== null) {
    pname = lettered[1] ?? pname;
    version = lettered[2] ?? version;
  }
  return { ...splitName(pname, one.attr), version };
}

function splitName(pname: string, attr = ''): { name: string; language: string | null } {
  const prefix = PREFIXES.find(
    ({ pattern, sets }) => pattern.test(pname) && (sets === undefined || sets.test(attr)),
  );
  const bare = prefix === undefined ? pname : pname.replace(prefix.pattern, '');
  return {
    // `-unstable` says that nixpkgs took a commit, not what it is called. Scopes of npm have no other spelling in a store path.
    name: bare
      .replace(/-unstable$/, '')
      .replace(/^_at_(.+?)_slash_/, '@$1/')
      .toLowerCase(),
    language: prefix?.language ?? SETS.find(([set]) => set.test(attr))?.[1] ?? null,
  };
}
