import { type CveAffected, type CveContainer, type CveVersion, parseCpe } from '#base/formats';
import {
  type Scheme,
  saysNothing,
  schemeNamed,
  type VersionRange,
  type VersionStatement,
} from '#base/versions';
import { affectedOf } from '../nvd/configurations.ts';
import type { Affected } from '../source.ts';

/**
 * What the containers of a record say of versions, by the rules of the CVE record format ("Product and Version Encodings"):
 * a range runs from `version` to `lessThan` or `lessThanOrEqual`, `changes` cut it in pieces, and `defaultStatus` holds
 * for whatever no range names (`unknown` where it is left out).
 *
 * Rows are `cve` with vendor and product as they were written; one for the versions and one for git commits, where there
 * are both. A CPE name adds a row of its own where it calls the product something else.
 *
 * @throws JsonFieldError where `cpeApplicability` is not what it should be
 */
export function affectedByCna(containers: readonly CveContainer[]): Affected[] {
  const rows: Affected[] = [];
  for (let index = 0; index < containers.length; index++) {
    const { affected, cpeApplicability } = containers[index] as CveContainer;
    let versioned = false;
    for (let at = 0; at < affected.length; at++)
      if (addRows(rows, affected[at] as CveAffected)) versioned = true;
    // Where both are given they say the same, and the list of the kernel's is wrong: its ranges for one branch each cover all branches before.
    if (!versioned && cpeApplicability.length > 0)
      rows.push(...affectedOf(cpeApplicability, `containers[${index}].cpeApplicability`));
  }
  return distinct(rows);
}

/** Containers repeat each other. */
function distinct(rows: readonly Affected[]): Affected[] {
  const kept: Affected[] = [];
  // Of a long list repetitions are kept rather than looked for among all.
  for (const row of rows)
    if (kept.length > 200 || !kept.some((known) => isSameRow(known, row))) kept.push(row);
  return kept;
}

/** Compared in full only where the names are the same. */
function isSameRow(a: Affected, b: Affected): boolean {
  return (
    a.name === b.name &&
    a.ecosystem === b.ecosystem &&
    a.vendor === b.vendor &&
    a.note === b.note &&
    a.versions?.scheme === b.versions?.scheme &&
    JSON.stringify(a.versions) === JSON.stringify(b.versions)
  );
}

/** An entry of `versions` with every field in its place: those of records come in a dozen shapes, each of which costs whoever reads it. */
interface Entry {
  version: string;
  status: string;
  /** Null where it names no type, or none that we know. */
  scheme: Scheme | null;
  lessThan: string | null;
  lessThanOrEqual: string | null;
  changes: readonly { at: string; status: string }[] | null;
}

function entryOf({ version, status, versionType, lessThan, lessThanOrEqual, changes }: CveVersion): Entry {
  return {
    version,
    status,
    scheme: typeof versionType === 'string' ? schemeOfType(versionType) : null,
    lessThan: lessThan ?? null,
    lessThanOrEqual: lessThanOrEqual ?? null,
    changes: changes ?? null,
  };
}

function saysVersion({ version, lessThan, lessThanOrEqual }: Entry): boolean {
  return lessThan !== null || lessThanOrEqual !== null || !isSilent(version);
}

/** Answers with whether the entry names any version. */
function addRows(rows: Affected[], entry: CveAffected): boolean {
  const versions = entry.versions.map(entryOf);
  const name = named(entry.product) ?? named(entry.packageName);
  if (name !== undefined) {
    const vendor = named(entry.vendor);
    const note = noteOf(entry, name);
    let first: Affected | undefined;
    for (const said of statementsOf(versions, entry.defaultStatus)) {
      const row = rowOf('cve', vendor, name, note, said);
      first ??= row;
      rows.push(row);
    }
    if (first !== undefined && entry.packageName === undefined && entry.cpes.length > 0)
      rows.push(...rowsByCpe(entry.cpes, name, first));
  }
  return versions.some(saysVersion);
}

/** As saysNothing, which no digit begins: most versions begin with one. */
function isSilent(version: string): boolean {
  const first = version.charCodeAt(0);
  return !(first >= 0x30 && first <= 0x39) && saysNothing(version);
}

/** The parts that are there; records come by the hundred thousand, and spreading costs more than asking. */
function rowOf(
  ecosystem: string,
  vendor: string | undefined,
  name: string,
  note: string,
  said: Said,
): Affected {
  const row: Affected = { ecosystem, name };
  if (vendor !== undefined) row.vendor = vendor;
  if (note !== '') row.note = note;
  if (said.status !== undefined) row.status = said.status;
  if (said.versions !== undefined) row.versions = said.versions;
  return row;
}

function named(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || saysNothing(trimmed) ? undefined : trimmed.slice(0, 300);
}

/** Names of CPE, where they are other words for the product. With a package named, they are the platform that it is for (Red Hat). */
function rowsByCpe(cpes: readonly string[], name: string, said: Affected): Affected[] {
  const names = new Map<string, { vendor: string; name: string }>();
  for (const text of cpes) {
    const cpe = parseCpe(text);
    if (cpe === null || cpe.part === 'h' || plain(cpe.product) === plain(name)) continue;
    names.set(`${cpe.vendor}:${cpe.product}`, { vendor: cpe.vendor, name: cpe.product });
  }
  // A list of many is a list of systems that it is part of.
  if (names.size > 3) return [];
  return [...names.values()].map((cpe) => ({ ...said, ecosystem: 'cpe', ...cpe }));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '-');
}

const MAX_NOTE = 500;

/** What narrows an entry, for who compares: "package=curl; collection=https://…; platforms=Windows". */
function noteOf({ packageName, collection, platforms, modules }: CveAffected, name: string): string {
  const parts: string[] = [];
  if (packageName !== undefined && packageName !== name) parts.push(`package=${packageName}`);
  if (collection !== undefined) parts.push(`collection=${collection}`);
  if (platforms.length > 0) parts.push(`platforms=${platforms.join(',')}`);
  if (modules.length > 0) parts.push(`modules=${modules.join(',')}`);
  const note = parts.join('; ');
  return note.length <= MAX_NOTE ? note : `${note.slice(0, MAX_NOTE - 1)}…`;
}

type Said = Pick<Affected, 'status' | 'versions'>;

function statementsOf(versions: readonly Entry[], defaultStatus: string | undefined): Said[] {
  let git = 0;
  for (const { scheme } of versions) if (scheme === 'git') git++;
  if (git === 0) return [statementOf(versions, defaultStatus, schemeOf(versions))];
  if (git === versions.length) return [statementOf(versions, defaultStatus, 'git')];
  const others = versions.filter(({ scheme }) => scheme !== 'git');
  return [
    statementOf(others, defaultStatus, schemeOf(others)),
    statementOf(
      versions.filter(({ scheme }) => scheme === 'git'),
      defaultStatus,
      'git',
    ),
  ];
}

/** Types that have occurred; there are few, and each is asked for many times. */
const TYPES = new Map<string, Scheme>();

function schemeOfType(type: string): Scheme {
  const known = TYPES.get(type);
  if (known !== undefined) return known;
  const scheme = schemeNamed(type);
  if (TYPES.size < 1000) TYPES.set(type, scheme);
  return scheme;
}

/** What semver's order takes: one to three numbers, and what may follow them. */
const SEMVER_LIKE = /^[vV=]?\d+(?:\.\d+){0,2}(?:[-+][0-9A-Za-z.+-]*|\.\*)?$/;

/** The scheme that the entries name, if they agree; `generic` where they do not, or where what is called semver is none (2.6.16.28). */
function schemeOf(versions: readonly Entry[]): Scheme {
  let agreed: Scheme | null = null;
  for (const { scheme } of versions) {
    if (scheme === null) continue;
    if (agreed !== null && agreed !== scheme) return 'generic';
    agreed = scheme;
  }
  if (agreed !== 'semver') return agreed ?? 'generic';
  return versions.every(isSemver) ? 'semver' : 'generic';
}

function isSemver({ version, lessThan, lessThanOrEqual }: Entry): boolean {
  return isSemverEnd(version) && isSemverEnd(lessThan) && isSemverEnd(lessThanOrEqual);
}

function isSemverEnd(text: string | null): boolean {
  return text === null || text === '*' || text === '0' || SEMVER_LIKE.test(text);
}

function statementOf(versions: readonly Entry[], defaultStatus: string | undefined, scheme: Scheme): Said {
  const statement: VersionStatement = {
    scheme,
    affected: [],
    unaffected: [],
    otherwise: otherwiseOf(defaultStatus),
  };
  for (const version of versions) readVersion(statement, version);
  const { affected, unaffected, otherwise } = statement;
  if (affected.length + unaffected.length > 0 || otherwise === 'unknown') return { versions: statement };
  return { status: otherwise === 'affected' ? 'affected' : 'not_affected', versions: statement };
}

function otherwiseOf(defaultStatus: string | undefined): VersionStatement['otherwise'] {
  return defaultStatus === 'affected' || defaultStatus === 'unaffected' ? defaultStatus : 'unknown';
}

/** Adds the ranges of one entry. One that names no version at all ("n/a") has none. */
function readVersion(statement: VersionStatement, entry: Entry): void {
  const { version, status, lessThan, lessThanOrEqual, changes } = entry;
  const to = lessThan ?? lessThanOrEqual;
  if (to === null) {
    if (isSilent(version)) return;
    addRange(
      statement,
      status,
      isEverything(version) ? {} : { min: version, max: version, maxInclusive: true },
    );
    return;
  }
  let from = version;
  let now = status;
  if (changes !== null)
    for (const change of changes) {
      const range = lower(from);
      range.max = change.at;
      addRange(statement, now, range);
      from = change.at;
      now = change.status;
    }
  const range = lower(from);
  if (to !== '*') {
    range.max = to;
    if (lessThan === null) range.maxInclusive = true;
  }
  addRange(statement, now, range);
}

/** Of versions whose status is `unknown`, the default says nothing either. */
function addRange(statement: VersionStatement, status: string, range: VersionRange): void {
  if (status === 'affected') addOnce(statement.affected, range);
  else if (status === 'unaffected') addOnce(statement.unaffected, range);
  else statement.otherwise = 'unknown';
}

/** Lists are short: looking through them costs less than keeping a set. Of a long one repetitions are kept. */
function addOnce(ranges: VersionRange[], range: VersionRange): void {
  if (ranges.length <= 64) for (const known of ranges) if (isSame(known, range)) return;
  ranges.push(range);
}

function isSame(a: VersionRange, b: VersionRange): boolean {
  return a.max === b.max && a.min === b.min && a.maxInclusive === b.maxInclusive;
}

/** "0" and "unspecified" before an end mean from the first version on. */
function lower(from: string): VersionRange {
  return from === '0' || from === '*' || isSilent(from) ? {} : { min: from };
}

function isEverything(version: string): boolean {
  if (version.length > 12) return false;
  const word = version.trim().toLowerCase();
  return word === '*' || word === 'all' || word === 'all versions';
}
