import { compareText } from './bundle.ts';

/** A report as far as its name tells who speaks. */
interface Named {
  /** Id of the source that it came from: `oracle`. */
  source: string;
  key: string;
  vulnerabilities: readonly string[];
  /** How many packages it names. */
  packages: number;
}

/** On whose word a report rests. */
export interface Witness {
  /** "DSA", "RHSA": whose bundling it is. */
  source: string;
  /** Place, in the list that was given, of the report that this one repeats; null for a word of its own. */
  rebuildOf: number | null;
}

/** Errata of Red Hat and of those who rebuild its packages, who keep the number: CentOS, Oracle, AlmaLinux, Rocky. */
const FAMILY = /^(RH|CE|EL|AL|RL)(?:SA|BA|EA)-(\d{4})[:-]0*(\d{1,6})(?![\w])/;

/**
 * Whose bundling each report is, in the order given. An erratum of a rebuild (ELSA-2017-2478) says what Red Hat's of that number says,
 * so all of one number that share a vulnerability are one witness, Red Hat's where it is there, else the one that names fewest packages
 * (sources, where others list what is built from them), else the first of them by name.
 * Oracle numbers errata of its own kernel, too: where nothing is shared they are words of their own. Does not depend on the order.
 */
export function witnesses(reports: readonly Named[]): Witness[] {
  const families = new Map<string, number[]>();
  for (const [index, { key }] of reports.entries()) {
    const [, , year, number] = FAMILY.exec(key) ?? [];
    if (year === undefined || number === undefined) continue;
    const family = `${year}:${number}`;
    families.set(family, [...(families.get(family) ?? []), index]);
  }
  const originals = new Map<number, number>();
  for (const members of families.values()) {
    const named = members
      .flatMap((index) => {
        const report = reports[index];
        return report === undefined ? [] : [{ index, report }];
      })
      .sort(
        (a, b) =>
          Number(b.report.key.startsWith('RH')) - Number(a.report.key.startsWith('RH')) ||
          a.report.packages - b.report.packages ||
          compareText(a.report.key, b.report.key) ||
          compareText(a.report.source, b.report.source),
      );
    const [original, ...others] = named;
    if (original === undefined) continue;
    const theirs = new Set(original.report.vulnerabilities);
    for (const { index, report } of others)
      if (report.vulnerabilities.some((id) => theirs.has(id))) originals.set(index, original.index);
  }
  return reports.map((report, index) => {
    const rebuildOf = originals.get(index) ?? null;
    return { source: publisherOf(reports[rebuildOf ?? index] ?? report), rebuildOf };
  });
}

/**
 * The word that a report's id begins with, for one source may publish several kinds of advisories with a bundling each (DSA and DLA);
 * the source itself where ids are numbers without a word. openSUSE Leap takes the updates of SUSE's enterprise system as they are.
 */
function publisherOf({ source, key }: Named): string {
  const word = /^(?:openSUSE|[A-Z]{2,})/.exec(key)?.[0];
  return word === undefined ? source : word === 'openSUSE' ? 'SUSE' : word;
}

/** Sources whose reports are upstream's own releases, with what each of them mends. */
const RELEASES: ReadonlySet<string> = new Set(['mozilla', 'chrome']);

/** Whether a report of this source is a release of upstream, which decides how its product's flaws are grouped. */
export function isRelease(source: string): boolean {
  return RELEASES.has(source);
}
