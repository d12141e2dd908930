import { foreignId, osvFormat, osvIdIn } from '../forms/osv.ts';

/** Debian's zip of OSV: advisories, and a record for each CVE of its packages, both made of the tracker. */
export const debianOsv = osvFormat({
  name: 'osv',
  ours: (path, head) =>
    /^(?:D[SL]A|DTSA|DEBIAN-CVE)-\d/.test(osvIdIn(path, head) ?? '') ||
    /"ecosystem"\s*:\s*"Debian:/.test(head),
  kindOf: (id) => {
    if (/^(?:D[SL]A|DTSA)-\d{1,5}(?:-\d{1,3})?$/.test(id)) return 'advisory';
    return /^(?:DEBIAN-)?CVE-\d{4}-\d{4,19}$/.test(id) ? 'tracker' : foreignId(id, 'Debian');
  },
  // Advisories before 2002 have no revision; those of the tracker's list have.
  keyOf: (id) => (/^(?:D[SL]A|DTSA)-\d+$/.test(id) ? `${id}-1` : id.startsWith('CVE-') ? `DEBIAN-${id}` : id),
  urlOf: (id) => `https://security-tracker.debian.org/tracker/${id.replace(/^DEBIAN-/, '')}`,
  placeOf: ({ ecosystem }) => ({
    ecosystem: 'debian',
    release: codenameOf(/^Debian:(.{1,20})$/.exec(ecosystem)?.[1]),
  }),
});

const CODENAMES: ReadonlyMap<string, string> = new Map([
  ['3.0', 'woody'],
  ['3.1', 'sarge'],
  ['4.0', 'etch'],
  ['5.0', 'lenny'],
  ['6.0', 'squeeze'],
  ['7', 'wheezy'],
  ['8', 'jessie'],
  ['9', 'stretch'],
  ['10', 'buster'],
  ['11', 'bullseye'],
  ['12', 'bookworm'],
  ['13', 'trixie'],
  ['14', 'forky'],
  ['15', 'duke'],
]);

/** Releases go by their code names in every other form. */
export function codenameOf(release: string | undefined): string | undefined {
  return release === undefined ? undefined : (CODENAMES.get(release) ?? release);
}
