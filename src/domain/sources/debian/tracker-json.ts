import { z } from 'zod';
import { oneLine, parseId, sliceJsonObject } from '#base/formats';
import { checkFile, jsonMembers, plainText, readJson } from '../document.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { fixedIn, isDebVersion } from './deb-version.ts';
import { severityOf } from './entry-lines.ts';
import { bugLink, titleWith } from './notes.ts';

/** /tracker/data/json: package → vulnerability → state in each release. A document is one package with one vulnerability. */
export const trackerJson: SourceFormat = {
  name: 'tracker-json',
  recognises: (path, head) =>
    /(?:^|\/)tracker\/data\/json$/.test(path) ||
    /^(?:ï»¿)?\s*\{\s*"[^"\\\n]{1,120}"\s*:\s*\{\s*"(?:CVE-\d{4}-|TEMP-\d)[^"\\\n]{1,40}"\s*:\s*\{/.test(
      head,
    ),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  let count = 0;
  for (const entry of jsonMembers(file.path, entries(file.bytes))) {
    count++;
    yield entry;
  }
  if (count === 0) throw new DocumentProblem('empty', '(root)', `${file.path} names no package`);
}

function* entries(bytes: Buffer): Generator<RawDocument> {
  for (const { key: name, bytes: vulnerabilities } of sliceJsonObject(bytes, []))
    for (const { key, bytes: entry } of sliceJsonObject(vulnerabilities, []))
      yield { key: `${name}/${key}`, bytes: entry };
}

const Release = z.object({
  status: z.enum(['open', 'resolved', 'undetermined']),
  /** The version with the fix in this line of packages; "0" where it was never hit. */
  fixed_version: z.string().optional(),
  urgency: z.string().optional(),
  nodsa: z.string().optional(),
  nodsa_reason: z.string().nullish(),
});
type Release = z.infer<typeof Release>;

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const Entry = z.object({
  description: z.string().optional(),
  scope: z.string().optional(),
  debianbug: z.union([z.number().int().positive(), z.string().regex(/^\d{1,9}$/)]).nullish(),
  /** An empty list stands for none: seen for a package that left the archive. */
  releases: z.preprocess((value) => (isEmptyList(value) ? {} : value), z.record(z.string(), Release)),
});

function parse(document: RawDocument): ParsedReport {
  const [, name, vulnerability] = /^([A-Za-z0-9][A-Za-z0-9.+-]*)\/([A-Za-z0-9-]+)$/.exec(document.key) ?? [];
  const id = parseId(vulnerability ?? '');
  if (
    name === undefined ||
    vulnerability === undefined ||
    (id === null && !vulnerability.startsWith('TEMP-'))
  )
    throw new DocumentProblem(
      'bad-id',
      '(key)',
      `"${plainText(document.key, 120)}" is not a package with a CVE or a TEMP id`,
    );
  const entry = readJson(document, Entry);
  const releases = Object.entries(entry.releases);
  const affected = releases.map(([release, state]) => readRelease(name, release, state));
  const hit = releases.filter(([, { fixed_version }]) => fixed_version !== '0');
  const text = plainText(entry.description ?? '');
  return {
    key: document.key,
    kind: 'tracker',
    title: oneLine(titleWith([{ ecosystem: 'debian', name }], text || vulnerability), 300),
    ...(text !== '' && { description: text }),
    published: null,
    modified: null,
    url: `https://security-tracker.debian.org/tracker/${vulnerability}`,
    ...severityOf(hit.map(([, { urgency = '' }]) => urgency.replace(/\*+$/, ''))),
    cvss: [],
    // TEMP ids are the tracker's own and change when a bug is filed: they name no vulnerability to others.
    vulnerabilities: id === null ? [] : [id],
    aliases: [],
    affected,
    links: entry.debianbug == null ? [] : [bugLink(String(entry.debianbug))],
    cites: [],
    weaknesses: [],
  };
}

function readRelease(name: string, release: string, state: Release): Affected {
  const note = plainText(noteOf(state), 500);
  return {
    ecosystem: 'debian',
    name,
    release: plainText(release, 60),
    ...statusOf(state),
    ...(note !== '' && { note }),
  };
}

function statusOf(state: Release): Pick<Affected, 'status' | 'fixed' | 'versions'> {
  const { status, fixed_version: fixed, urgency } = state;
  if (status === 'undetermined') return { status: 'under_investigation' };
  if (status === 'resolved') {
    if (fixed === '0') return { status: 'not_affected' };
    return fixed !== undefined && isDebVersion(fixed)
      ? { status: 'fixed', fixed, versions: fixedIn(fixed) }
      : { status: 'fixed' };
  }
  if (state.nodsa_reason === 'postponed') return { status: 'postponed' };
  const dropped = state.nodsa_reason === 'ignored' || urgency === 'end-of-life';
  return { status: dropped ? 'wont_fix' : 'affected' };
}

function noteOf({ nodsa, urgency }: Release): string {
  const urgencySays = urgency === 'end-of-life' ? 'end of life' : '';
  return [urgencySays, nodsa ?? ''].filter((part) => part !== '').join('; ');
}
