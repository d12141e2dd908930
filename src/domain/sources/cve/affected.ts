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
  for (const [index, container] of containers.entries()) {
    for (const entry of container.affected) rows.push(...rowsOf(entry));
    // Where both are given they say the same, and the list of the kernel's is wrong: its ranges for one branch each cover all branches before.
    if (!container.affected.some(hasVersions) && container.cpeApplicability.length > 0) {
      const where = `containers[${index}].cpeApplicability`;
      rows.push(...affectedOf(container.cpeApplicability, where));
    }
  }
  return distinct(rows);
}

/** Containers repeat each other. Compared in full only where the names are the same. */
function distinct(rows: readonly Affected[]): Affected[] {
  const byName = new Map<string, Affected[]>();
  return rows.filter((row) => {
    const name = `${row.ecosystem}\n${row.vendor ?? ''}\n${row.name}\n${row.versions?.scheme ?? ''}\n${row.note ?? ''}`;
    const known = byName.get(name);
    if (known === undefined) {
      byName.set(name, [row]);
      return true;
    }
    const said = JSON.stringify(row.versions);
    if (known.some(({ versions }) => JSON.stringify(versions) === said)) return false;
    known.push(row);
    return true;
  });
}

function hasVersions({ versions }: CveAffected): boolean {
  return versions.some(({ version, lessThan, lessThanOrEqual }) => {
    return !saysNothing(version) || lessThan !== undefined || lessThanOrEqual !== undefined;
  });
}

function rowsOf(entry: CveAffected): Affected[] {
  const name = named(entry.product) ?? named(entry.packageName);
  const vendor = named(entry.vendor);
  if (name === undefined) return [];
  const note = noteOf(entry, name);
  const rows = statementsOf(entry).map((said) => rowOf('cve', vendor, name, note, said));
  const [first] = rows;
  return first === undefined ? [] : [...rows, ...rowsByCpe(entry, name, first)];
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
function rowsByCpe(entry: CveAffected, name: string, said: Affected): Affected[] {
  if (entry.packageName !== undefined || entry.cpes.length === 0) return [];
  const names = new Map<string, { vendor: string; name: string }>();
  for (const text of entry.cpes) {
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

function statementsOf(entry: CveAffected): Said[] {
  const { versions, defaultStatus } = entry;
  const git = versions.filter(isGit);
  if (git.length === 0) return [statementOf(versions, defaultStatus, schemeOf(versions))];
  const said = statementOf(git, defaultStatus, 'git');
  if (git.length === versions.length) return [said];
  const others = versions.filter((version) => !isGit(version));
  return [statementOf(others, defaultStatus, schemeOf(others)), said];
}

function isGit({ versionType }: CveVersion): boolean {
  return typeof versionType === 'string' && schemeOfType(versionType) === 'git';
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
function schemeOf(versions: readonly CveVersion[]): Scheme {
  let scheme: Scheme | undefined;
  for (const { versionType } of versions) {
    if (typeof versionType !== 'string') continue;
    const named = schemeOfType(versionType);
    if (scheme !== undefined && scheme !== named) return 'generic';
    scheme = named;
  }
  if (scheme !== 'semver') return scheme ?? 'generic';
  return versions.every(isSemver) ? 'semver' : 'generic';
}

function isSemver({ version, lessThan, lessThanOrEqual }: CveVersion): boolean {
  return isSemverEnd(version) && isSemverEnd(lessThan) && isSemverEnd(lessThanOrEqual);
}

function isSemverEnd(text: string | null | undefined): boolean {
  return text === undefined || text === null || text === '*' || text === '0' || SEMVER_LIKE.test(text);
}

function statementOf(
  versions: readonly CveVersion[],
  defaultStatus: string | undefined,
  scheme: Scheme,
): Said {
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
function readVersion(statement: VersionStatement, entry: CveVersion): void {
  const { version, status, lessThan, lessThanOrEqual, changes } = entry;
  const to = lessThan ?? lessThanOrEqual ?? null;
  if (to === null) {
    if (saysNothing(version)) return;
    addRange(
      statement,
      status,
      isEverything(version) ? {} : { min: version, max: version, maxInclusive: true },
    );
    return;
  }
  let from = version;
  let now = status;
  for (const change of changes ?? []) {
    const range = lower(from);
    range.max = change.at;
    addRange(statement, now, range);
    from = change.at;
    now = change.status;
  }
  const range = lower(from);
  if (to !== '*') {
    range.max = to;
    if (typeof lessThan !== 'string') range.maxInclusive = true;
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
  if (ranges.length > 64 || !ranges.some((known) => isSame(known, range))) ranges.push(range);
}

function isSame(a: VersionRange, b: VersionRange): boolean {
  return a.max === b.max && a.min === b.min && a.maxInclusive === b.maxInclusive;
}

/** "0" and "unspecified" before an end mean from the first version on. */
function lower(from: string): VersionRange {
  return from === '0' || from === '*' || saysNothing(from) ? {} : { min: from };
}

function isEverything(version: string): boolean {
  if (version.length > 12) return false;
  const word = version.trim().toLowerCase();
  return word === '*' || word === 'all' || word === 'all versions';
}
