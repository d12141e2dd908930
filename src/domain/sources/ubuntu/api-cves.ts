import { z } from 'zod';
import { oneLine, parseId, scoreVector, sliceJsonArray } from '#base/formats';
import { titleWith } from '../debian/notes.ts';
import { checkFile, jsonMembers, jsonString, plainText, readJson } from '../document.ts';
import { isWebUrl, uniqueLinks, urlsIn } from '../links.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { readOptionalDate } from './api-date.ts';
import { readStatus } from './package-status.ts';
import { patchLinks } from './patches.ts';
import { bugLinks, citedIn, referenceLinks, severityFrom, stateOf } from './uct.ts';
import { PackageName, ReleaseName } from './usn.ts';

/** ubuntu.com/security/cves.json: what the CVE tracker says, as pages of JSON. */
export const apiCves: SourceFormat = {
  name: 'api-cves',
  recognises: (path, head) =>
    /(?:^|\/)security\/cves\.json(?:\?|$)/.test(path) ||
    (/^(?:ï»¿)?\s*\{\s*(?:"(?:limit|offset|total_results)"\s*:\s*\d+\s*,\s*){0,3}"cves"\s*:\s*\[/.test(
      head,
    ) &&
      /"(?:ubuntu_description|packages|codename|priority)"\s*:/.test(head)),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  for (const entry of jsonMembers(path, sliceJsonArray(bytes, ['cves'])))
    yield { key: jsonString(path, entry, 'id') ?? path, bytes: entry };
}

const Status = z.object({
  release_codename: ReleaseName,
  status: z.string(),
  description: z.string().nullish(),
});

const Entry = z.object({
  id: z.string(),
  description: z.string().nullish(),
  ubuntu_description: z.string().nullish(),
  mitigation: z.string().nullish(),
  notes: z.array(z.object({ author: z.string(), note: z.string() })).nullish(),
  priority: z.string().nullish(),
  status: z.string().nullish(),
  published: z.unknown().optional(),
  updated_at: z.unknown().optional(),
  impact: z.object({ baseMetricV3: z.object({ cvssV3: z.object({ vectorString: z.string() }) }) }).nullish(),
  packages: z.array(z.object({ name: PackageName, statuses: z.array(Status) })),
  patches: z.record(z.string(), z.array(z.string())).nullish(),
  references: z.array(z.string()).nullish(),
  bugs: z.array(z.string()).nullish(),
  notices_ids: z.array(z.string()).nullish(),
});
type Entry = z.infer<typeof Entry>;

function parse(document: RawDocument): ParsedReport {
  const entry = readJson(document, Entry);
  const id = parseId(entry.id);
  if (id === null) throw new DocumentProblem('bad-id', 'id', `"${plainText(entry.id, 60)}" is not a CVE id`);
  const description = plainText(entry.description ?? '');
  const affected = readPackages(id, entry);
  const references = (entry.references ?? []).flatMap(urlsIn);
  const score = scoreVector(entry.impact?.baseMetricV3.cvssV3.vectorString ?? '');
  const text = describe(description, entry);
  return {
    key: id,
    kind: 'tracker',
    title: oneLine(plainText(titleWith(affected, description)) || id, 300),
    ...(text !== '' && { description: text }),
    published: readOptionalDate(id, 'published', entry.published),
    modified: readOptionalDate(id, 'updated_at', entry.updated_at),
    url: `https://ubuntu.com/security/${id}`,
    ...(entry.status === 'rejected' ? { state: 'rejected' as const } : stateOf(description)),
    ...severityFrom(entry.priority ?? ''),
    cvss: score === null ? [] : [score],
    vulnerabilities: [id],
    aliases: [],
    affected,
    links: uniqueLinks([
      ...Object.entries(entry.patches ?? {}).flatMap(([name, lines]) =>
        lines.flatMap((line) => patchLinks(name, line)),
      ),
      ...referenceLinks(references.filter(isWebUrl)),
      ...bugLinks((entry.bugs ?? []).flatMap(urlsIn)),
    ]),
    cites: citedIn([...(entry.notices_ids ?? []), ...references]),
    weaknesses: [],
  };
}

function readPackages(id: string, { packages }: Entry): Affected[] {
  return packages.flatMap(({ name, statuses }) =>
    statuses.flatMap(({ release_codename: release, status, description }) => {
      const row = readStatus({ release, name, status, remark: description ?? '' });
      if (row === undefined)
        throw new DocumentProblem(
          'bad-grammar',
          `packages.${plainText(name, 60)}`,
          `${id}: "${plainText(status, 60)}" is no status of a package`,
        );
      return row ?? [];
    }),
  );
}

function describe(description: string, { ubuntu_description, notes, mitigation }: Entry): string {
  const said = (notes ?? []).map(({ author, note }) => `${author}> ${note}`).join('\n');
  const parts = [description, ubuntu_description ?? '', said, mitigation ?? ''].map((part) => part.trim());
  return plainText(parts.filter((part) => part !== '').join('\n\n'));
}
