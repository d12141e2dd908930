import {
  asList,
  asObject,
  asString,
  cweIds,
  type JsonObject,
  optionalObject,
  optionalString,
  parseIds,
  scoreVector,
} from '#base/formats';
import { type Scheme, schemeNamed, type VersionRange, type VersionStatement } from '#base/versions';
import { compose, fixedRow, type Reference, ratingBy, rebuiltIn } from '../compose.ts';
import { plainText } from '../document.ts';
import { readDate, readRecord, splitRecords } from '../json-records.ts';
import {
  type Affected,
  type CvssScore,
  DocumentProblem,
  type Link,
  type ParsedReport,
  type SourceFormat,
} from '../source.ts';
import { foldBinaries, plainEvr } from './rpm.ts';

/** What is read of an OSV record (OpenSSF OSV schema 1.7). Strings are as the record has them. */
export interface OsvRecord {
  id: string;
  summary: string;
  details: string;
  aliases: readonly string[];
  upstream: readonly string[];
  related: readonly string[];
  published: string | null;
  modified: string | null;
  withdrawn: string | null;
  severity: readonly OsvSeverity[];
  affected: readonly OsvAffected[];
  references: readonly { type: string; url: string }[];
  weaknesses: readonly string[];
  /** database_specific.severity: GitHub's word, among others. */
  rating: string | undefined;
  /** Nothing but an id and a date: a line of an index. */
  bare: boolean;
}

interface OsvSeverity {
  type: string;
  score: string;
}

export interface OsvAffected {
  /** As a whole, with the release that may stand behind a colon: "Debian:12". Empty where only commits are named. */
  ecosystem: string;
  name: string;
  purl: string | undefined;
  ranges: readonly OsvRange[];
  versions: readonly string[];
  severity: readonly OsvSeverity[];
  /** ecosystem_specific.availability, urgency and the like: what narrows it. */
  specific: JsonObject;
}

interface OsvRange {
  type: string;
  repo: string | undefined;
  events: readonly { introduced?: string; fixed?: string; lastAffected?: string }[];
}

/**
 * Reads a parsed record.
 *
 * @throws JsonFieldError with the path of the first field that is missing or of the wrong type
 */
export function readOsv(value: unknown): OsvRecord {
  const root = asObject(value, '(root)');
  const specific = optionalObject(root.database_specific, 'database_specific');
  return {
    id: asString(root.id, 'id'),
    summary: optionalString(root.summary, 'summary') ?? '',
    details: optionalString(root.details, 'details') ?? '',
    aliases: strings(root.aliases, 'aliases'),
    upstream: strings(root.upstream, 'upstream'),
    related: strings(root.related, 'related'),
    published: readDate(optionalString(root.published, 'published'), 'published'),
    modified: readDate(optionalString(root.modified, 'modified'), 'modified'),
    withdrawn: readDate(optionalString(root.withdrawn, 'withdrawn'), 'withdrawn'),
    severity: readSeverity(root.severity, 'severity'),
    affected: asList(root.affected, 'affected').map((entry, index) =>
      readAffected(asObject(entry, 'affected[]', index), `affected[${index}]`),
    ),
    references: asList(root.references, 'references').map((entry, index) => {
      const { type, url } = asObject(entry, 'references[]', index);
      return {
        type: optionalString(type, 'references[].type', index) ?? 'WEB',
        url: asString(url, 'references[].url', index),
      };
    }),
    weaknesses: asList(specific.cwe_ids, 'database_specific.cwe_ids').flatMap((id) =>
      typeof id === 'string' ? cweIds(id) : [],
    ),
    rating: typeof specific.severity === 'string' ? specific.severity : undefined,
    bare: Object.keys(root).every((name) => name === 'id' || name === 'modified'),
  };
}

function strings(value: unknown, where: string): string[] {
  return asList(value, where).map((text, index) => asString(text, `${where}[]`, index));
}

function readSeverity(value: unknown, where: string): OsvSeverity[] {
  return asList(value, where).map((entry, index) => {
    const { type, score } = asObject(entry, `${where}[]`, index);
    return {
      type: asString(type, `${where}[].type`, index),
      score: asString(score, `${where}[].score`, index),
    };
  });
}

function readAffected(entry: JsonObject, where: string): OsvAffected {
  const named = optionalObject(entry.package, `${where}.package`);
  return {
    ecosystem: optionalString(named.ecosystem, `${where}.package.ecosystem`) ?? '',
    name: optionalString(named.name, `${where}.package.name`) ?? '',
    purl: optionalString(named.purl, `${where}.package.purl`),
    ranges: asList(entry.ranges, `${where}.ranges`).map((range, index) =>
      readRange(asObject(range, `${where}.ranges[]`, index), `${where}.ranges[${index}]`),
    ),
    versions: strings(entry.versions, `${where}.versions`),
    severity: readSeverity(entry.severity, `${where}.severity`),
    specific: optionalObject(entry.ecosystem_specific, `${where}.ecosystem_specific`),
  };
}

function readRange(range: JsonObject, where: string): OsvRange {
  return {
    type: asString(range.type, `${where}.type`),
    repo: optionalString(range.repo, `${where}.repo`),
    events: asList(range.events, `${where}.events`).map((value, index) => {
      const event = asObject(value, `${where}.events[]`, index);
      const introduced = optionalString(event.introduced, `${where}.events[].introduced`, index);
      const fixed = optionalString(event.fixed, `${where}.events[].fixed`, index);
      const lastAffected = optionalString(event.last_affected, `${where}.events[].last_affected`, index);
      return {
        ...(introduced !== undefined && { introduced }),
        ...(fixed !== undefined && { fixed }),
        ...(lastAffected !== undefined && { lastAffected }),
      };
    }),
  };
}

/** How a source's own records in OSV differ from the others. */
export interface OsvDialect {
  /** Name of the form. */
  name: string;
  /** Whether a file of it is this one's, from the beginning of the file. That it is OSV at all is asked before. */
  ours(path: string, head: string): boolean;
  /** What a record of that id is; null for ids that say nothing that is kept. Throws for one that is no id of this source. */
  kindOf(id: string): ParsedReport['kind'] | null;
  /** The report's key for an id, where it is not the id as it is. */
  keyOf?(id: string): string;
  /** Where a person reads it. */
  urlOf(id: string): string | null;
  /** The namespace of package names, and the release, from what a record calls its ecosystem. */
  placeOf(affected: OsvAffected): { ecosystem: string; release?: string | undefined };
  /** A fix is of what was built anew: it does not tell that anything before was affected. */
  rebuilt?: boolean;
  /** Packages are binaries, of which many belong to one source. */
  binaries?: boolean;
}

/** What an OSV record has near its beginning, in whatever order its fields stand. */
const FIELDS = /"(?:schema_version|affected|modified|aliases|upstream)"\s*:/;

/** The id of a record in the beginning of its file, at any depth; for telling whose it is. */
export function osvIdIn(path: string, head: string): string | null {
  const named = /(?:^|[/\\])([^/\\]{3,100})\.(?:json|ya?ml)$/.exec(path)?.[1];
  if (named !== undefined && /-\d/.test(named)) return named;
  return /"id"\s*:\s*"([^"]{3,100})"/.exec(head)?.[1] ?? null;
}

/** One form in which a source publishes records in OSV: a file each, a list, or one a line. */
export function osvFormat(dialect: OsvDialect): SourceFormat {
  return {
    name: dialect.name,
    recognises: (path, head) =>
      /^\ufeff?\s*[[{]/.test(head) &&
      FIELDS.test(head) &&
      !/"@context"|"csaf_version"|"cveMetadata"|"_annotation"/.test(head) &&
      dialect.ours(path, head),
    ...(dialect.keyOf === undefined && { namedByReport: true }),
    split: (file) => splitRecords(file, { id: ['id'], key: (id) => (id === '' ? null : id) }),
    parse: (document) => readRecord(document, (value) => osvReport(readOsv(value), dialect)),
  };
}

/** The report of a record; null for what is no more than a line of an index, or of a kind that is not kept. */
export function osvReport(record: OsvRecord, dialect: OsvDialect): ParsedReport | null {
  if (record.bare) return null;
  const kind = dialect.kindOf(record.id);
  if (kind === null) return null;
  const key = dialect.keyOf?.(record.id) ?? record.id;
  const rows = record.affected.flatMap((affected) => rowsOf(affected, dialect));
  return compose({
    key,
    kind,
    title: record.summary || record.details.slice(0, 300),
    description: record.details,
    published: record.published,
    modified: record.modified,
    url: dialect.urlOf(key),
    withdrawn: record.withdrawn === null ? undefined : `withdrawn on ${record.withdrawn}`,
    severity: ratingOf(record),
    cvss: [...record.severity, ...record.affected.flatMap(({ severity }) => severity)].flatMap(readScore),
    ...subjectsOf(record, kind),
    affected: dialect.binaries === true ? foldBinaries(rows, record.summary) : rows,
    links: [...record.references.map(asReference), ...patchLinks(record)],
    cited: kind === 'advisory' ? record.related : [...record.related, ...record.aliases],
    weaknesses: record.weaknesses,
  });
}

/**
 * A record describes one flaw, under all its names. An advisory contains flaws and is an alias of none: until 2025 they stood
 * in `aliases` or `related`, since then in `upstream`.
 */
function subjectsOf(
  { id, aliases, upstream, related }: OsvRecord,
  kind: ParsedReport['kind'],
): { vulnerabilities: string[]; aliases: string[] } {
  if (kind !== 'record') {
    const own = kind === 'tracker' ? parseIds(id) : [];
    const named = own.length > 0 ? own : [...upstream, ...related, ...aliases].flatMap(parseIds);
    return { vulnerabilities: named, aliases: [] };
  }
  const [own = null] = parseIds(id);
  const names = aliases.flatMap(parseIds);
  const subject = own ?? names[0];
  if (subject === undefined) return { vulnerabilities: upstream.flatMap(parseIds), aliases: [] };
  return { vulnerabilities: [subject], aliases: names.filter((name) => name !== subject) };
}

/** GitHub's word, else Ubuntu's priority, which stands where a score is due. */
function ratingOf({ rating, severity }: OsvRecord): ReturnType<typeof ratingBy> {
  return ratingBy(rating ?? severity.find(({ type }) => type === 'Ubuntu')?.score);
}

function readScore({ type, score }: OsvSeverity): CvssScore[] {
  const read = type.startsWith('CVSS_') ? scoreVector(score) : null;
  return read === null ? [] : [read];
}

const KINDS: ReadonlyMap<string, Link['kind']> = new Map<string, Link['kind']>([
  ['ADVISORY', 'advisory'],
  ['REPORT', 'bug'],
  ['EVIDENCE', 'exploit'],
]);

/** What the record calls a FIX is a patch only where the address is one of a commit. */
function asReference({ type, url }: { type: string; url: string }): Reference {
  return { url, kind: KINDS.get(type) };
}

/** Commits that fix it, where the repository is one whose addresses are known. */
function patchLinks({ affected }: OsvRecord): Reference[] {
  return affected.flatMap(({ ranges }) =>
    ranges.flatMap(({ type, repo, events }) => {
      const base = /^(https:\/\/(?:github\.com|gitlab\.com)\/[\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
        repo ?? '',
      )?.[1];
      if (type !== 'GIT' || base === undefined) return [];
      return events.flatMap(({ fixed }) =>
        fixed !== undefined && /^[0-9a-f]{7,64}$/.test(fixed)
          ? [{ url: `${base}/commit/${fixed}`, kind: 'patch' as const }]
          : [],
      );
    }),
  );
}

/** More than these are a list of everything that there is. */
const MAX_VERSIONS = 300;

function rowsOf(affected: OsvAffected, dialect: OsvDialect): Affected[] {
  const { name, ecosystem, ranges, versions } = affected;
  if (name === '') return [];
  const place = { ...dialect.placeOf(affected), name };
  const ordered = ranges.filter(({ type }) => type === 'ECOSYSTEM' || type === 'SEMVER');
  const scheme: Scheme = schemeNamed(ecosystem);
  const found = ordered.flatMap(({ events }) => rangesOf(events, scheme));
  // Where it only lists versions, each of them is one.
  const listed = ordered.length > 0 || versions.length > MAX_VERSIONS ? [] : versions.map(exactly);
  const hit = [...found, ...listed];
  const fixes = [
    ...new Set(found.flatMap(({ max, maxInclusive }) => (max === undefined || maxInclusive ? [] : [max]))),
  ];
  const [fixed] = fixes;
  const note = noteOf(affected);
  if (dialect.rebuilt === true && fixes.length === 1 && fixed !== undefined)
    return [fixedRow(place, rebuiltIn(scheme, fixed), note)];
  const statement: VersionStatement = {
    scheme,
    affected: hit,
    unaffected: fixes.length === 1 && fixed !== undefined ? [{ min: fixed }] : [],
    otherwise: 'unknown',
  };
  const { release } = place;
  return [
    {
      ecosystem: place.ecosystem,
      name: plainText(name, 300),
      ...(release !== undefined && release !== '' && { release: plainText(release, 100) }),
      status: fixes.length > 0 ? 'fixed' : 'affected',
      ...(fixes.length === 1 && fixed !== undefined && { fixed }),
      ...(hit.length > 0 && { versions: statement }),
      ...(note !== '' && { note }),
    },
  ];
}

function exactly(version: string): VersionRange {
  return { min: version, max: version, maxInclusive: true };
}

/** Events in order: each `introduced` opens a range ("0" from the first version on), `fixed` or `last_affected` closes it. */
export function rangesOf(events: OsvRange['events'], scheme: Scheme): VersionRange[] {
  const spell = scheme === 'rpm' ? plainEvr : (version: string) => version;
  const ranges: VersionRange[] = [];
  let open: VersionRange | null = null;
  for (const { introduced, fixed, lastAffected } of events) {
    if (introduced !== undefined) {
      if (open !== null) ranges.push(open);
      open = introduced === '0' ? {} : { min: spell(introduced) };
    }
    const end = fixed ?? lastAffected;
    if (end === undefined || open === null) continue;
    ranges.push({ ...open, max: spell(end), ...(fixed === undefined && { maxInclusive: true }) });
    open = null;
  }
  if (open !== null) ranges.push(open);
  return ranges;
}

function noteOf({ specific }: OsvAffected): string {
  const parts = ['availability', 'urgency', 'severity', 'section']
    .map((name) => specific[name])
    .filter((value) => typeof value === 'string');
  return plainText(parts.filter((part) => part !== 'No subscription required').join('; '), 500);
}

/** Throws `bad-id`: an id that is none of this source. */
export function foreignId(id: string, whose: string): never {
  throw new DocumentProblem('bad-id', 'id', `id is ${JSON.stringify(id.slice(0, 100))}, no id of ${whose}`);
}
