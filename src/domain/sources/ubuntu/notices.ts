import { z } from 'zod';
import { sliceJsonArray } from '#base/formats';
import { checkFile, jsonMembers, jsonString, readJson } from '../document.ts';
import { isWebUrl } from '../links.ts';
import type { Affected, ParsedReport, RawDocument, SourceFile, SourceFormat } from '../source.ts';
import { readApiDate } from './api-date.ts';
import { fixedPackage, noticeId, noticeReport, PackageName, ReleaseName } from './usn.ts';

/** ubuntu.com/security/notices.json, a page of it (`{notices: […], offset, …}`), or one notice alone. */
export const notices: SourceFormat = {
  name: 'notices',
  recognises: (path, head) =>
    !/"schema_version"/.test(head) &&
    (/(?:^|\/)security\/notices(?:\/(?:USN|LSN)-\d+-\d+)?\.json(?:\?|$)/.test(path) ||
      /^(?:ï»¿)?\s*\{\s*(?:"(?:limit|offset|total_results)"\s*:\s*\d+\s*,\s*){0,3}"notices"\s*:\s*\[/.test(
        head,
      ) ||
      /"instructions"\s*:[\s\S]*"is_hidden"\s*:|"id"\s*:\s*"(?:USN|LSN)-\d+-\d+"\s*,\s*"instructions"/.test(
        head,
      )),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  const key = jsonString(path, bytes, 'id');
  if (key !== null) {
    yield { key, bytes };
    return;
  }
  for (const notice of jsonMembers(path, sliceJsonArray(bytes, ['notices'])))
    yield { key: jsonString(path, notice, 'id') ?? path, bytes: notice };
}

const Package = z.object({
  name: PackageName,
  is_source: z.boolean().optional(),
  version: z.string().nullish(),
  source_link: z.string().nullish(),
  pocket: z.string().nullish(),
});
type Package = z.infer<typeof Package>;

const Entry = z.object({
  id: z.string(),
  title: z.string(),
  published: z.unknown().optional(),
  summary: z.string().nullish(),
  description: z.string().nullish(),
  cves: z.array(z.object({ id: z.string() })).nullish(),
  cves_ids: z.array(z.string()).nullish(),
  references: z.array(z.string()).nullish(),
  related_notices: z.array(z.union([z.string(), z.object({ id: z.string() })])).nullish(),
  release_packages: z.record(ReleaseName, z.array(Package)).nullish(),
});

function parse(document: RawDocument): ParsedReport {
  const entry = readJson(document, Entry);
  const id = noticeId(entry.id, 'id');
  const references = entry.references ?? [];
  return noticeReport({
    id,
    title: entry.title,
    description: entry.description ?? entry.summary ?? '',
    published: readApiDate(id, 'published', entry.published),
    modified: null,
    vulnerabilities: [...(entry.cves_ids ?? []), ...(entry.cves ?? []).map((cve) => cve.id)],
    affected: Object.entries(entry.release_packages ?? {}).flatMap(([release, packages]) =>
      sourcePackages(release, packages),
    ),
    references: references.filter(isWebUrl),
    related: (entry.related_notices ?? []).map((notice) => (typeof notice === 'string' ? notice : notice.id)),
  });
}

/**
 * The source packages of a release. Notices before 2009 or so list binary packages only, and without versions: their
 * names stand for want of better ones, and say so.
 */
function sourcePackages(release: string, packages: readonly Package[]): Affected[] {
  const rows = new Map<string, Affected>();
  for (const { name, version, is_source, pocket } of packages)
    if (is_source === true) rows.set(name, fixedPackage(name, release, version ?? '', pocketNote(pocket)));
  if (rows.size > 0) return [...rows.values()];
  for (const each of packages) {
    const source = /\/\+source\/([A-Za-z0-9][A-Za-z0-9.+-]*)/.exec(each.source_link ?? '')?.[1];
    const name = source ?? each.name;
    const note = source === undefined ? 'name of a binary package' : pocketNote(each.pocket);
    if (!rows.has(name)) rows.set(name, fixedPackage(name, release, each.version ?? '', note));
  }
  return [...rows.values()];
}

/** Pockets other than these two are for subscribers. */
function pocketNote(pocket: string | null | undefined): string {
  return pocket == null || pocket === '' || pocket === 'security' || pocket === 'updates'
    ? ''
    : `in ${pocket}`;
}
