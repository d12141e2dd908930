import { z } from 'zod';
import { oneLine, parseAdvisoryIds, parseIds } from '#base/formats';
import { fixedIn, isDebVersion } from '../debian/deb-version.ts';
import { plainText } from '../document.ts';
import { linkTo, uniqueLinks } from '../links.ts';
import { type Affected, DocumentProblem, type Link, type ParsedReport } from '../source.ts';

/** The name of a package, as Debian Policy 5.6.1 has it (capitals occur in old notices). */
export const PackageName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+-]{0,120}$/);
/** "xenial", "trusty/esm", "esm-infra/bionic". */
export const ReleaseName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/:-]{0,60}$/);

/** What the three forms of an Ubuntu security notice have in common. */
export interface Notice {
  id: string;
  title: string;
  description: string;
  published: string;
  modified: string | null;
  withdrawn?: string;
  /** Strings with CVE ids in them; notices also list bugs of Launchpad there. */
  vulnerabilities: readonly string[];
  affected: Affected[];
  /** Addresses that the notice names, besides its own. */
  references: readonly string[];
  /** Notices that it belongs to. */
  related: readonly string[];
}

/** "USN-3340-1", from "3340-1" or "usn-3340-1". Throws `bad-id`. */
export function noticeId(written: string, where: string): string {
  const [, kind = 'USN', number] = /^(?:(USN|LSN)-)?(\d{1,6}-\d{1,4})$/i.exec(written.trim()) ?? [];
  if (number === undefined)
    throw new DocumentProblem(
      'bad-id',
      where,
      `"${plainText(written, 60)}" is not the id of an Ubuntu security notice`,
    );
  return `${kind.toUpperCase()}-${number}`;
}

/** The report of a notice. LSN are notices of live patches for the kernel. */
export function noticeReport(notice: Notice): ParsedReport {
  const { id } = notice;
  const page = `https://ubuntu.com/security/notices/${id}`;
  const description = plainText(notice.description);
  const vulnerabilities = new Set(notice.vulnerabilities.flatMap(parseIds));
  const links: Link[] = [{ url: page, kind: 'advisory', id }];
  for (const url of notice.references) if (!isOwnPage(url, id)) links.push(linkTo(url));
  return {
    key: id,
    kind: 'advisory',
    title: oneLine(plainText(notice.title) || id, 300),
    ...(description !== '' && { description }),
    published: notice.published,
    modified: notice.modified,
    url: page,
    ...(notice.withdrawn !== undefined && { withdrawn: notice.withdrawn }),
    cvss: [],
    vulnerabilities: [...vulnerabilities],
    aliases: [],
    affected: notice.affected,
    links: uniqueLinks(links),
    cites: citesOf(notice),
    weaknesses: [],
  };
}

function citesOf({ id, related, references }: Notice): string[] {
  const ids = [...related, ...references].flatMap((text) => parseAdvisoryIds(text).map((found) => found.id));
  return [...new Set(ids)].filter((other) => other !== id);
}

/** The notice's own page under any of its addresses, and Ubuntu's page of a CVE, which anybody with the id knows. */
function isOwnPage(url: string, id: string): boolean {
  if (/^https:\/\/ubuntu\.com\/security\/CVE-/.test(url)) return true;
  return url.includes('ubuntu.com/') && parseAdvisoryIds(url).some((found) => found.id === id);
}

/** A source package of a release that a notice fixes. */
export function fixedPackage(name: string, release: string, version: string, note = ''): Affected {
  const said = plainText(note, 500);
  return {
    ecosystem: 'ubuntu',
    name,
    release,
    status: 'fixed',
    ...(isDebVersion(version) && { fixed: version, versions: fixedIn(version) }),
    ...(said !== '' && { note: said }),
  };
}
