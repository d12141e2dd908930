import { plainText } from '../document.ts';
import { DocumentProblem } from '../source.ts';
import type { PackageStatus } from './package-status.ts';

/** A file of the CVE tracker, cut into its sections. Grammar: README of ubuntu-cve-tracker, as people really write it. */
export interface UctFile {
  /** "Candidate", "PublicDate" …: the rest of the line and the indented lines below it. */
  fields: Map<string, string[]>;
  /** Lines of `Patches_<package>:`, with the package. */
  patches: { name: string; line: string }[];
  statuses: (PackageStatus & { line: number })[];
}

const FIELD = /^([A-Z][A-Za-z-]{1,40})\s*:(.*)$/s;
/** Patches_linux:, Tags_linux_trusty:, Priority_linux:, Assigned-to_linux: */
const PACKAGE_FIELD = /^([A-Z][A-Za-z-]{1,40})_([^\s:]{1,120})\s*:(.*)$/s;
const STATUS =
  /^([a-z][a-z0-9./-]{0,60})_([A-Za-z0-9][A-Za-z0-9.+-]{0,120})\s*:\s*([A-Za-z-]{0,40})\s*(.*)$/s;

const MAX_LINES = 200_000;

/**
 * Reads the lines of a file. Blank lines end no section: some files have them inside one. A line at the margin that is
 * none of the three kinds is a `bad-grammar` with its number.
 */
export function readSections(key: string, text: string): UctFile {
  const file: UctFile = { fields: new Map(), patches: [], statuses: [] };
  let add: (line: string) => void = () => {};
  const lines = text.split('\n');
  if (lines.length > MAX_LINES)
    throw new DocumentProblem('too-large', key, `${key} has ${lines.length} lines`);
  for (const [index, raw] of lines.entries()) {
    const line = raw.trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    if (/^\s/.test(line)) {
      add(line);
      continue;
    }
    const next = readMargin(line, index + 1, file);
    if (next === null)
      throw new DocumentProblem(
        'bad-grammar',
        `line ${index + 1}`,
        `${key}, line ${index + 1} is neither a field nor a package's status: ${plainText(line, 120)}`,
      );
    add = next;
  }
  return file;
}

/** Reads a line at the margin; answers who takes the indented lines below it, null if it is no such line. */
function readMargin(line: string, number: number, file: UctFile): ((line: string) => void) | null {
  const [, field, value = ''] = FIELD.exec(line) ?? [];
  if (field !== undefined) {
    const lines = file.fields.get(field) ?? [];
    file.fields.set(field, lines);
    if (value.trim() !== '') lines.push(value.trim());
    return (more) => lines.push(more);
  }
  const [, section, name = ''] = PACKAGE_FIELD.exec(line) ?? [];
  if (section !== undefined)
    return (more) => {
      if (section === 'Patches') file.patches.push({ name, line: more });
    };
  const [, release, source = '', status = '', remark = ''] = STATUS.exec(line) ?? [];
  if (release === undefined) return null;
  file.statuses.push({ release, name: source, status, remark: inBrackets(remark), line: number });
  return () => {};
}

/** "(2.4.18-2ubuntu3.3)" without its brackets; people add spaces and forget the closing one. */
function inBrackets(text: string): string {
  const whole = text.trim();
  const inner = whole.startsWith('(') ? whole.slice(1) : whole;
  return (inner.endsWith(')') ? inner.slice(0, -1) : inner).trim();
}
