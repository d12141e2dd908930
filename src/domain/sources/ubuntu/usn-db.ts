import { z } from 'zod';
import { sliceJsonObject } from '#base/formats';
import { checkFile, jsonMembers, plainText, readJson } from '../document.ts';
import { isWebUrl } from '../links.ts';
import {
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { fixedPackage, noticeId, noticeReport, PackageName, ReleaseName } from './usn.ts';

/** usn-db/database-all.json: every notice since 2004, by its number without "USN-". */
export const usnDb: SourceFormat = {
  name: 'usn-db',
  recognises: (path, head) =>
    (/(?:^|\/)database(?:-all)?(?:\.sample)?\.json(?:\.bz2)?$/.test(path) && !head.startsWith('BZh')) ||
    /^(?:ï»¿)?\s*\{\s*"\d{1,6}-\d{1,4}"\s*:\s*\{/.test(head),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  let count = 0;
  for (const { key, bytes } of jsonMembers(file.path, sliceJsonObject(file.bytes, []))) {
    count++;
    yield { key: /^\d/.test(key) ? `USN-${key}` : key, bytes };
  }
  if (count === 0) throw new DocumentProblem('empty', '(root)', `${file.path} has no notice`);
}

const Entry = z.object({
  id: z.string().optional(),
  title: z.string(),
  summary: z.string().optional(),
  isummary: z.string().optional(),
  description: z.string().optional(),
  /** Seconds since 1970. */
  timestamp: z.unknown().optional(),
  cves: z.array(z.string()).optional(),
  releases: z.record(
    ReleaseName,
    z.object({ sources: z.record(PackageName, z.object({ version: z.string() })).optional() }),
  ),
});

function parse(document: RawDocument): ParsedReport {
  const entry = readJson(document, Entry);
  const id = noticeId(document.key, '(key)');
  if (entry.id !== undefined && noticeId(entry.id, 'id') !== id)
    throw new DocumentProblem('bad-id', 'id', `${id} says that it is ${plainText(entry.id, 60)}`);
  const listed = entry.cves ?? [];
  return noticeReport({
    id,
    title: entry.title,
    description: [entry.isummary ?? '', entry.description ?? ''].map((part) => part.trim()).join('\n\n'),
    published: readTimestamp(id, entry.timestamp),
    modified: null,
    vulnerabilities: listed.filter((item) => !isWebUrl(item)),
    affected: Object.entries(entry.releases).flatMap(([release, { sources = {} }]) =>
      Object.entries(sources).map(([name, { version }]) => fixedPackage(name, release, version)),
    ),
    references: listed.filter(isWebUrl),
    related: [],
  });
}

function readTimestamp(id: string, timestamp: unknown): string {
  if (timestamp === undefined)
    throw new DocumentProblem('missing-field', 'timestamp', `${id} has no "timestamp"`);
  // Before the first notice of 2004, or past the year 2100, it is not seconds.
  if (typeof timestamp !== 'number' || !(timestamp > 1_000_000_000 && timestamp < 4_200_000_000))
    throw new DocumentProblem(
      'bad-date',
      'timestamp',
      `${id}: ${plainText(JSON.stringify(timestamp), 60)} is not a time in seconds`,
    );
  return `${new Date(timestamp * 1000).toISOString().slice(0, 19)}Z`;
}
