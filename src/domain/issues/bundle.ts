/** What grouping needs to know of one report: which vulnerabilities of which products it bundles, and when. Plain data. */
export interface Bundle {
  /** Name of the report: "DSA-3896-1". Unique among the bundles of one grouping, and without white space: a report that names no vulnerability is one. */
  id: string;
  /**
   * Who publishes it: "DSA". Two reports of one source tell more about what belongs together than two sources do. Who only
   * rebuilds somebody's packages is that source (`witness-source.ts`).
   */
  source: string;
  /** ISO 8601; only the day counts. Where a source gives no date, the caller takes the day it was first seen. */
  published: string;
  /** Canonical product names, without white space. None: the votes of other reports decide. */
  products: readonly string[];
  /** Canonical vulnerability ids, without white space. None: the report stands for a provisional one of its own. */
  vulnerabilities: readonly string[];
  /**
   * A release of upstream with the flaws that it closes: it decides what belongs together. Those of one product and day are
   * one release (a version, and its branches with long support).
   */
  release?: boolean;
  /** Id of the report that this one repeats for a rebuild of the same packages (ELSA-2017-2478 that of RHSA-2017:2478). */
  rebuildOf?: string;
  /**
   * Not a report, but somebody's word that one release of upstream closes these ({@link fixReleases}): evidence of what
   * belongs together. It makes no atom, opens no issue and is no member of one.
   */
  witness?: boolean;
  /** Its source collects the work of many months in one report (Gentoo's GLSA, point releases). */
  rollup?: boolean;
}

/** What is grouped: one vulnerability in one product. */
export interface Atom {
  product: string;
  /** Canonical vulnerability id, or the id of a report that names none. */
  vulnerability: string;
}

/**
 * A bundle id for each report, in their order: its key, without white space; with its source where two reports would else
 * have the same. Does not depend on the order: of two reports of one key, both bear their source.
 */
export function bundleIds(reports: readonly { source: string; key: string }[]): string[] {
  const plain = reports.map(({ key }) => key.trim().replace(/\s+/g, '_'));
  const count = new Map<string, number>();
  for (const id of plain) count.set(id, (count.get(id) ?? 0) + 1);
  return reports.map(({ source, key }, index) => {
    const id = plain[index] ?? key;
    // A source has each key once: with its marks kept apart, the key tells.
    return count.get(id) === 1
      ? id
      : `${source}:${key.replace(/[\s%]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)}`;
  });
}

/** One string for an atom, "apache2 CVE-2017-3167", as keys of maps and in stored tables. Neither part holds white space. */
export function atomKey(atom: Atom): string {
  return `${atom.product} ${atom.vulnerability}`;
}

/** The atom of an {@link atomKey}. */
export function atomOfKey(key: string): Atom {
  const at = key.indexOf(' ');
  return { product: key.slice(0, at), vulnerability: key.slice(at + 1) };
}

/** Order by code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order of vulnerability ids as people count: CVE-2017-9788 before CVE-2017-12613. */
export function compareVulnerabilities(a: string, b: string): number {
  const [x, y] = [a.lastIndexOf('-'), b.lastIndexOf('-')];
  return compareText(a.slice(0, x), b.slice(0, y)) || a.length - x - (b.length - y) || compareText(a, b);
}

/** By product, then by vulnerability. */
export function compareAtoms(a: Atom, b: Atom): number {
  return compareText(a.product, b.product) || compareVulnerabilities(a.vulnerability, b.vulnerability);
}
