import { fixedIn, isDebVersion } from '../debian/deb-version.ts';
import { plainText } from '../document.ts';
import type { Affected } from '../source.ts';

/** One line "xenial_apache2: released (2.4.18-2ubuntu3.3)", or the same thing from the API. */
export interface PackageStatus {
  /** "xenial", "trusty/esm", "upstream", "devel", "product". */
  release: string;
  name: string;
  /** A word of the CVE tracker's README, section "Package Status". */
  status: string;
  /** What stands between the brackets: a version or a remark. */
  remark: string;
}

const STATUSES: ReadonlyMap<string, Affected['status']> = new Map<string, Affected['status']>([
  ['needs-triage', 'under_investigation'],
  ['needed', 'affected'],
  ['active', 'affected'],
  ['pending', 'affected'],
  ['released', 'fixed'],
  ['released-esm', 'fixed'],
  ['not-affected', 'not_affected'],
  ['ignored', 'wont_fix'],
  ['deferred', 'postponed'],
]);

/**
 * A line of the tracker in our words; null for `DNE`, a package that the release does not have;
 * undefined where the word is none of the tracker's.
 */
export function readStatus({ release, name, status, remark }: PackageStatus): Affected | null | undefined {
  if (status === 'DNE') return null;
  if (!STATUSES.has(status)) return undefined;
  const word = STATUSES.get(status);
  const said = plainText(remark, 500);
  const row: Affected = { ecosystem: 'ubuntu', name, release, ...(word !== undefined && { status: word }) };
  if (!isDebVersion(said)) {
    const note = [NOTES.get(status) ?? '', said].filter((part) => part !== '').join('; ');
    return note === '' ? row : { ...row, note: plainText(note, 500) };
  }
  const note = NOTES.get(status);
  const noted = note === undefined ? row : { ...row, note };
  // "not-affected (1.2-3)": fixed in that version before it came into this release.
  if (status === 'not-affected')
    return {
      ...noted,
      note: `since ${said}`,
      versions: { scheme: 'deb', affected: [], unaffected: [{ min: said }], otherwise: 'unknown' },
    };
  // "deferred (2012-01-01)" is a date, and the others carry remarks that may look like a version.
  if (word !== 'fixed' && status !== 'pending') return { ...noted, note: said };
  return { ...noted, fixed: said, versions: fixedIn(said) };
}

/** What our word does not say by itself. */
const NOTES: ReadonlyMap<string, string> = new Map([
  ['pending', 'update pending'],
  ['released-esm', 'extended maintenance only'],
]);
