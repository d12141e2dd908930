import { rebuiltIn } from '../compose.ts';
import { plainText } from '../document.ts';
import { foldBinaries, splitNvr } from '../forms/rpm.ts';
import type { Affected } from '../source.ts';

/**
 * A product of SUSE as the name of a release: `leap15.3`, `tumbleweed`, `sles15-sp3`, `sle15-sp3` for modules and extensions,
 * `manager-server4.2`; any other in its own words.
 */
export function releaseOf(product: string): string {
  const name = product.trim().replace(/\s+/g, ' ').slice(0, 200);
  const leap = /^openSUSE Leap (?:(Micro) )?(\d[\w.]*)/.exec(name);
  if (leap !== null) return `leap${leap[1] === undefined ? '' : '-micro'}${leap[2]}`;
  if (/^openSUSE Tumbleweed/.test(name)) return 'tumbleweed';
  const old = /^openSUSE (\d[\w.]*)/.exec(name);
  if (old !== null) return `opensuse${old[1]}`;
  const micro = /^SUSE Linux (?:Enterprise )?Micro (\d[\w.]*)/.exec(name);
  if (micro !== null) return `slem${micro[1]}`;
  const enterprise =
    /^SUSE Linux Enterprise (.*?) ?(\d{1,2}(?:\.\d)?)(?: (SP\d))?((?:-[A-Z]{2,10}){0,3})$/.exec(name);
  if (enterprise !== null) {
    const [, line = '', version, pack, stream = ''] = enterprise;
    const short = LINES.find(([words]) => words.test(line))?.[1] ?? 'sle';
    return `${short}${version}${pack === undefined ? '' : `-${pack.toLowerCase()}`}${stream.toLowerCase()}`;
  }
  return name;
}

const LINES: readonly (readonly [RegExp, string])[] = [
  [/^Server$|^Server for SAP|^Server for/, 'sles'],
  [/^Desktop$/, 'sled'],
];

const STATUS: ReadonlyMap<string, NonNullable<Affected['status']>> = new Map<
  string,
  NonNullable<Affected['status']>
>([
  ['fixed', 'fixed'],
  ['first fixed', 'fixed'],
  ['recommended', 'fixed'],
  ['known affected', 'affected'],
  ['first affected', 'affected'],
  ['last affected', 'affected'],
  ['known not affected', 'not_affected'],
  ['under investigation', 'under_investigation'],
]);

/** A component of a product, as CSAF and CVRF write both: "openSUSE Leap 15.3:bind-9.16.6-12.44.1.x86_64". */
export interface Component {
  product: string;
  component: string;
}

/** What stands before the first colon is the product, unless the document's tree says otherwise. */
export function componentIn(id: string): Component | null {
  const colon = id.indexOf(':');
  return colon <= 0 ? null : { product: id.slice(0, colon), component: id.slice(colon + 1) };
}

/**
 * Rows for one vulnerability: packages as name and version, one row for each release, with binaries folded to what they are
 * built from as far as names tell.
 */
export function rowsOf(
  statuses: readonly { status: string; components: Iterable<Component> }[],
  text: string,
  vulnerability?: string,
): Affected[] {
  const rows = new Map<string, Affected>();
  for (const { status, components } of statuses) {
    const ours = STATUS.get(status.toLowerCase().replaceAll('_', ' '));
    if (ours === undefined) continue;
    for (const { product, component } of components) {
      const row = rowOf(product, component, ours, vulnerability);
      rows.set(`${row.release} ${row.name} ${row.status} ${row.fixed}`, row);
    }
  }
  return foldBinaries([...rows.values()], text);
}

function rowOf(
  product: string,
  component: string,
  status: NonNullable<Affected['status']>,
  vulnerability?: string,
): Affected {
  const nvr = splitNvr(component);
  const evr = status === 'fixed' ? nvr?.evr : undefined;
  return {
    ecosystem: 'suse',
    name: plainText((nvr?.name ?? component) || '-', 300),
    release: plainText(releaseOf(product), 100),
    status,
    ...(vulnerability !== undefined && { vulnerability }),
    ...(evr !== undefined && { fixed: evr, versions: rebuiltIn('rpm', evr) }),
  };
}

/** Rows that are the same for every vulnerability of a report are said once, of all. */
export function together(byVulnerability: readonly (readonly Affected[])[]): Affected[] {
  if (byVulnerability.length < 2) return byVulnerability.flatMap((rows) => rows.map(ofAll));
  const counts = new Map<string, number>();
  for (const row of byVulnerability.flat()) {
    const key = JSON.stringify(ofAll(row));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const said = new Set<string>();
  return byVulnerability.flat().flatMap((row) => {
    const key = JSON.stringify(ofAll(row));
    if (counts.get(key) !== byVulnerability.length) return [row];
    if (said.has(key)) return [];
    said.add(key);
    return [ofAll(row)];
  });
}

function ofAll({ vulnerability: _, ...row }: Affected): Affected {
  return row;
}

/** The page of an announcement: "suse-su-20190048-2". */
export function announcementUrl(id: string): string {
  const year = /-(\d{4}):\d+(?:-\d+)?$/.exec(id)?.[1];
  if (year === undefined) return 'https://www.suse.com/support/update/';
  return `https://www.suse.com/support/update/announcement/${year}/${id.toLowerCase().replace(':', '')}/`;
}

/**
 * Ids of announcements: `SUSE-SU-2017:1446-1`, `openSUSE-SU-…`, `SUSE-RU-…` (recommended), images (`SUSE-IU-…`), and what the
 * generator wrote when a page was refused (`SUSE-SU-403`).
 */
export const ANNOUNCEMENT =
  /^(?:open)?SUSE-[A-Z]{2}-(?:\d{4}:\d{1,6}(?:-\d{1,3})?|\d{3}(?: ?Forbidden)?(?:-\d+)?)$/;
