import { z } from 'zod';
import type { VersionRange } from '#base/versions';
import { isDebVersion } from '../debian/deb-version.ts';
import { checkFile, plainText, readJson } from '../document.ts';
import { isWebUrl } from '../links.ts';
import type { Affected, ParsedReport, RawDocument, SourceFile, SourceFormat } from '../source.ts';
import { readApiDate, readOptionalDate } from './api-date.ts';
import { noticeId, noticeReport, PackageName } from './usn.ts';

const FILE_NAME = /(?:^|\/)osv\/(?:usn|lsn)\/((?:USN|LSN)-\d+-\d+)\.json$/;

/** osv/usn/USN-3340-1.json of canonical/ubuntu-security-notices: a notice in OSV 1.7. */
export const osvUsn: SourceFormat = {
  name: 'osv-usn',
  recognises: (path, head) =>
    FILE_NAME.test(path) ||
    (/"schema_version"\s*:/.test(head) &&
      /"id"\s*:\s*"(?:USN|LSN)-\d/.test(head) &&
      !/"@context"/.test(head)),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  const named = /"id"\s*:\s*"((?:USN|LSN)-\d+-\d+)"/.exec(bytes.toString('latin1', 0, 4096))?.[1];
  yield { key: FILE_NAME.exec(path)?.[1] ?? named ?? path, bytes };
}

const Event = z.object({
  introduced: z.string().optional(),
  fixed: z.string().optional(),
  last_affected: z.string().optional(),
});

const Package = z.object({
  package: z.object({ ecosystem: z.string(), name: PackageName, purl: z.string().optional() }),
  ranges: z.array(z.object({ type: z.string(), events: z.array(Event) })).optional(),
  ecosystem_specific: z.object({ availability: z.string().optional() }).nullish(),
});
type Package = z.infer<typeof Package>;

const Entry = z.object({
  id: z.string(),
  summary: z.string().optional(),
  details: z.string().optional(),
  upstream: z.array(z.string()).optional(),
  related: z.array(z.string()).optional(),
  published: z.unknown().optional(),
  modified: z.unknown().optional(),
  withdrawn: z.unknown().optional(),
  affected: z.array(Package).optional(),
  references: z.array(z.object({ type: z.string(), url: z.string() })).optional(),
});

function parse(document: RawDocument): ParsedReport {
  const entry = readJson(document, Entry);
  const id = noticeId(entry.id, 'id');
  const withdrawn = readOptionalDate(id, 'withdrawn', entry.withdrawn);
  const related = entry.related ?? [];
  return noticeReport({
    id,
    title: entry.summary ?? '',
    description: entry.details ?? '',
    published: readApiDate(id, 'published', entry.published),
    modified: readOptionalDate(id, 'modified', entry.modified),
    ...(withdrawn !== null && { withdrawn: `withdrawn on ${withdrawn}` }),
    // Until 2025 the CVEs stood in `related`.
    vulnerabilities: [...(entry.upstream ?? []), ...related],
    affected: (entry.affected ?? []).map(readPackage),
    references: (entry.references ?? []).map(({ url }) => url).filter(isWebUrl),
    related,
  });
}

function readPackage({ package: named, ranges = [], ecosystem_specific }: Package): Affected {
  const affected = ranges
    .filter(({ type }) => type === 'ECOSYSTEM')
    .flatMap(({ events }) => readEvents(events));
  const fixes = affected.flatMap(({ max, maxInclusive }) => (max === undefined || maxInclusive ? [] : [max]));
  const [fixed] = fixes;
  const availability = ecosystem_specific?.availability ?? '';
  const note = availability === 'No subscription required' ? '' : plainText(availability, 500);
  return {
    ecosystem: 'ubuntu',
    name: named.name,
    release: releaseOf(named),
    status: fixes.length > 0 ? 'fixed' : 'affected',
    ...(fixes.length === 1 && fixed !== undefined && { fixed }),
    ...(affected.length > 0 && {
      versions: {
        scheme: 'deb' as const,
        affected,
        unaffected: fixes.length === 1 && fixed !== undefined ? [{ min: fixed }] : [],
        otherwise: 'unknown' as const,
      },
    }),
    ...(note !== '' && { note }),
  };
}

/** Events in order: each `introduced` opens a range ("0" from the first version on), `fixed` or `last_affected` closes it. */
function readEvents(events: readonly z.infer<typeof Event>[]): VersionRange[] {
  const ranges: VersionRange[] = [];
  let open: VersionRange | null = null;
  for (const { introduced, fixed, last_affected } of events) {
    if (introduced !== undefined) {
      if (open !== null) ranges.push(open);
      open = isDebVersion(introduced) && introduced !== '0' ? { min: introduced } : {};
    }
    const end = fixed ?? last_affected;
    if (end === undefined || open === null || !isDebVersion(end)) continue;
    ranges.push({ ...open, max: end, ...(fixed === undefined && { maxInclusive: true }) });
    open = null;
  }
  if (open !== null) ranges.push(open);
  return ranges;
}

/** "xenial" from the package URL; "14.04:LTS" of the ecosystem where it has no code name. */
function releaseOf({ ecosystem, purl = '' }: Package['package']): string {
  const distro = /[?&]distro=([^&#]{1,60})/.exec(purl)?.[1];
  return plainText(distro ?? ecosystem.replace(/^Ubuntu:/, ''), 60);
}
