import { atomKey, type Bundle, compareText, compareVulnerabilities } from './bundle.ts';

/** Somebody's word that one version of upstream closes a vulnerability. */
export interface FixStatement {
  /** Canonical product name. */
  product: string;
  version: string;
  /** Canonical id. */
  vulnerability: string;
  /** When the vulnerability became public: ISO 8601; only the day counts. */
  published: string;
}

/** What belongs to one release becomes public within this time of its first flaw; what comes later is another story. */
const TOGETHER_DAYS = 45;
/** Larger ones are no release: no issue is to have more than a hundred. */
const MOST = 100;
const DAY = 86_400_000;
const PREFIX = 'release:';

/**
 * The releases of upstream that close several vulnerabilities, as witnesses for grouping ({@link Bundle.witness}): one for each product and version,
 * and one more for what became public later than 45 days after the first of them. Dated by the first. Does not depend on the order of the statements.
 */
export function fixReleases(statements: readonly FixStatement[]): Bundle[] {
  const releases = new Map<string, { product: string; version: string; days: Map<string, string> }>();
  for (const { product, version, vulnerability, published } of statements) {
    const key = atomKey({ product, vulnerability: version });
    const release = releases.get(key) ?? { product, version, days: new Map() };
    releases.set(key, release);
    const day = published.slice(0, 10);
    const known = release.days.get(vulnerability);
    if (known === undefined || day < known) release.days.set(vulnerability, day);
  }
  return [...releases.values()]
    .flatMap(({ product, version, days }) =>
      stories(days).map(({ day, vulnerabilities }, index): Bundle => {
        const id = `${PREFIX}${product}:${version}${index === 0 ? '' : `#${day}`}`;
        return {
          id,
          source: 'upstream',
          published: day,
          products: [product],
          vulnerabilities,
          witness: true,
        };
      }),
    )
    .filter(({ vulnerabilities: { length } }) => length > 1 && length <= MOST)
    .sort((a, b) => compareText(a.id, b.id));
}

/** Cuts what one version closes wherever it became public too late to be of the same story. */
function stories(days: ReadonlyMap<string, string>): { day: string; vulnerabilities: string[] }[] {
  const cut: { day: string; vulnerabilities: string[] }[] = [];
  const ordered = [...days].sort(
    ([a, x], [b, y]) => compareText(x, y) || compareVulnerabilities(a, b) || compareText(a, b),
  );
  for (const [vulnerability, day] of ordered) {
    const last = cut.at(-1);
    if (last !== undefined && Date.parse(day) - Date.parse(last.day) <= TOGETHER_DAYS * DAY)
      last.vulnerabilities.push(vulnerability);
    else cut.push({ day, vulnerabilities: [vulnerability] });
  }
  return cut;
}

/** "apache2 2.4.26" for the id of a release that {@link fixReleases} made; null for any other id. */
export function releaseNamed(id: string): string | null {
  if (!id.startsWith(PREFIX)) return null;
  const [name = ''] = id.slice(PREFIX.length).split('#');
  const at = name.lastIndexOf(':');
  return `${name.slice(0, at)} ${name.slice(at + 1)}`;
}

/** What comes before a release, or is none: "4.12~rc6", "3.5.0 alpha3", "2.0~git20170101". */
const BEFORE =
  /~|\d(?:rc|a|b|alpha|beta|pre|dev)\d*$|alpha|beta|snapshot|[+.-](?:rc|pre|dev|git|svn|bzr|hg|cvs)/i;
const VERSION = /^\d[\da-z]*(?:[._+][\da-z]+)*$/i;

/**
 * The releases of upstream that a tracker's remark names: `2.2.33` and `2.4.26` in "2.2.33, 2.4.26". Left out is what has an
 * epoch or a revision (`2.4.25-4`): a distribution's upload, which may carry a patch that no release has yet; and what comes before
 * a release, for what is fixed in a candidate and in the tree of the day is everything since the last one.
 */
export function upstreamVersions(said: string): string[] {
  const words = said.slice(0, 500).split(/[\s,;/()]+/);
  return [
    ...new Set(
      words.filter((word, index) => {
        const whole = /^(?:alpha|beta|rc|pre)/i.test(words[index + 1] ?? '') ? `${word}~` : word;
        return VERSION.test(word) && !BEFORE.test(whole) && word.length <= 40 && !isDate(word);
      }),
    ),
  ];
}

/** A day without marks between its parts, as those write it who take the tree of the day. */
function isDate(word: string): boolean {
  return /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$/.test(word);
}
