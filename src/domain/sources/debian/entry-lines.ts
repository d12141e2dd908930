import { parseId, placeholderIds } from '#base/formats';
import { plainText } from '../document.ts';
import type { Affected, Severity } from '../source.ts';
import { DocumentProblem } from '../source.ts';
import { fixedIn, isDebVersion } from './deb-version.ts';

/** What the indented lines of an entry say. Grammar: doc/security-team.d.o/security_tracker in the tracker's repository. */
export interface EntryLines {
  /** Vulnerabilities and advisories between braces, as written. */
  references: string[];
  packages: PackageLine[];
  /** NOTE and TODO lines without those words, in order. */
  notes: string[];
  todos: string[];
  notForUs: string | null;
  reserved: boolean;
  rejected: boolean;
}

export interface PackageLine {
  affected: Affected;
  urgency: Urgency | null;
  /** Numbers in Debian's bug tracker. */
  bugs: string[];
}

const URGENCIES = ['unimportant', 'low', 'medium', 'high'] as const;
type Urgency = (typeof URGENCIES)[number];

/** Longer lines than this are no notes of people. */
const MAX_LINE = 100_000;

/** Reads the indented lines of an entry. Throws `bad-grammar` with the line (1 is the header) that fits nowhere. */
export function readEntryLines(key: string, lines: readonly string[]): EntryLines {
  const entry: EntryLines = {
    references: [],
    packages: [],
    notes: [],
    todos: [],
    notForUs: null,
    reserved: false,
    rejected: false,
  };
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    const fits = line === '' || (line.length <= MAX_LINE && readLine(line, entry));
    if (!fits)
      throw new DocumentProblem(
        'bad-grammar',
        `line ${index + 2}`,
        `${key}, line ${index + 2} fits no rule of the lists: ${plainText(line, 120)}`,
      );
  }
  return entry;
}

function readLine(line: string, entry: EntryLines): boolean {
  if (line.startsWith('{')) return readReferences(line, entry);
  if (/^(?:\[[^\]]{0,80}\]\s*)?-/.test(line)) return readPackage(line, entry);
  const word = /^(NOTE|TODO|NOT-FOR-US)\s*:\s*(.*)$/s.exec(line);
  const text = word?.[2] ?? '';
  if (/^(?:NOTE:\s*)?reserved$/i.test(line)) entry.reserved = true;
  else if (/^(?:NOTE:\s*)?rejected$/i.test(line)) entry.rejected = true;
  else if (word?.[1] === 'NOTE') entry.notes.push(text);
  else if (word?.[1] === 'TODO') entry.todos.push(text);
  else if (word?.[1] === 'NOT-FOR-US') entry.notForUs = text;
  else return false;
  return true;
}

function readReferences(line: string, entry: EntryLines): boolean {
  const inner = /^\{([^{}]*)\}$/.exec(line)?.[1];
  if (inner === undefined) return false;
  const words = inner.split(/[\s,]+/).filter((word) => word !== '');
  if (!words.every(isReference)) return false;
  entry.references = entry.references.concat(words);
  return true;
}

function isReference(word: string): boolean {
  return (
    /^(?:DSA-\d+(?:-\d+)?|(?:DLA|DTSA|ELA)-\d+-\d+|VU#\d+|TEMP-\d+-[0-9A-Za-z]+)$/.test(word) ||
    parseId(word) !== null ||
    placeholderIds(word)[0] === word
  );
}

const PACKAGE =
  /^(?:\[([a-z][a-z0-9-]{0,40})\]\s*)?-\s+([A-Za-z0-9][A-Za-z0-9.+-]{0,120})(?:\s+(?:<([a-z-]{1,30})>|([^\s<(]\S{0,200})))?(?:\s*\((.*)\))?$/s;

function readPackage(line: string, entry: EntryLines): boolean {
  const match = PACKAGE.exec(line);
  if (match === null) return false;
  const [, release, name = '', tag, version, remark = ''] = match;
  const status = tag === undefined ? versionStatus(version) : TAGS.get(tag);
  if (status === undefined) return false;
  const parts = remark.split(/;\s+/).map((part) => part.trim());
  const bugs = parts.flatMap((part) => /^bug #(\d{1,9})$/.exec(part)?.[1] ?? []);
  const urgency = URGENCIES.find((word) => parts.includes(word)) ?? null;
  const said = parts.filter(
    (part) => !/^bug (?:#\d{1,9}|filed)$/.test(part) && !URGENCIES.some((word) => word === part),
  );
  const note = plainText([status.note, ...said].filter(Boolean).join('; '), 500);
  entry.packages.push({
    urgency,
    bugs,
    affected: {
      ecosystem: 'debian',
      name,
      ...(release !== undefined && { release }),
      ...status.says,
      ...(note !== '' && { note }),
    },
  });
  return true;
}

interface Status {
  says: Pick<Affected, 'status' | 'fixed' | 'versions'>;
  /** What our word does not say by itself. */
  note?: string;
}

/** Tags in the place of a version. `itp` is software that is not in Debian yet, which says nothing of being hit. */
const TAGS: ReadonlyMap<string, Status> = new Map<string, Status>([
  ['not-affected', { says: { status: 'not_affected' } }],
  ['unfixed', { says: { status: 'affected' } }],
  ['removed', { says: { status: 'affected' }, note: 'removed from the archive' }],
  ['no-dsa', { says: { status: 'affected' }, note: 'no advisory' }],
  ['ignored', { says: { status: 'wont_fix' } }],
  ['postponed', { says: { status: 'postponed' } }],
  ['end-of-life', { says: { status: 'wont_fix' }, note: 'end of life' }],
  ['undetermined', { says: { status: 'under_investigation' } }],
  ['itp', { says: {}, note: 'not packaged yet' }],
]);

/** A line with neither tag nor version is unfixed (PackageNote in the tracker's own reader). */
function versionStatus(version: string | undefined): Status {
  if (version === undefined) return { says: { status: 'affected' } };
  if (!isDebVersion(version))
    return { says: { status: 'fixed' }, note: `the list has ${version} for a version` };
  return { says: { status: 'fixed', fixed: version, versions: fixedIn(version) } };
}

/**
 * The highest urgency of an entry. `unimportant` means that Debian's binary package is not hit in practice, and often
 * only stands beside "not affected"; elsewhere the same file may be built, so that it counts as low and not as none.
 */
export function severityOf(urgencies: Iterable<string | null>): { severity?: Severity; severityAs?: string } {
  const said = new Set(urgencies);
  const word = URGENCIES.findLast((each) => said.has(each));
  return word === undefined ? {} : { severity: word === 'unimportant' ? 'low' : word, severityAs: word };
}
