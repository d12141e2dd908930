import { parseDayMonthYear, parseIds } from '#base/formats';
import type { Announcement } from './announcement.ts';
import { readShared } from './shared-data.ts';

/** An entry of the security tracker's lists of advisories, as far as it is facts. */
export interface DebianAdvisory extends Announcement {
  list: 'DSA' | 'DLA';
  /** As the list writes it, "22 Jun 2017". */
  written: string;
  name: string;
  subject: string;
  /** "[jessie] - apache2 2.4.10-10+deb8u9" */
  fixes: string[];
}

const LISTS = ['DSA', 'DLA'] as const;
const HEADER = /^\[(\d{1,2} \w{3} \d{4})\] ((?:DSA|DLA)-\d+-\d+) (\S+) - (.*)$/;
const SUBJECTS = ['security update', 'regression update', 'new upstream version', 'update'];
const FIX = /^\[[a-z]+\] - [a-z0-9][a-z0-9.+-]+ (?:\d[A-Za-z0-9.+~:-]*|<[a-z-]+>)/;

/** Every advisory of Debian's two lists. Notes of people are left out. */
export function readDebian(data: string): DebianAdvisory[] {
  return LISTS.flatMap((list) =>
    readList(list, readShared(data, `feeds/debian/security-tracker/data/${list}/list`)),
  );
}

function readList(list: 'DSA' | 'DLA', text: string): DebianAdvisory[] {
  const found: DebianAdvisory[] = [];
  for (const line of text.split('\n')) {
    const [, written = '', id, name = '', subject = ''] = HEADER.exec(line) ?? [];
    if (id !== undefined) {
      const day = parseDayMonthYear(written) ?? '';
      const known = SUBJECTS.includes(subject) ? subject : 'security update';
      found.push({
        id,
        source: 'debian',
        list,
        written,
        day,
        name,
        subject: known,
        vulnerabilities: [],
        fixes: [],
      });
      continue;
    }
    const last = found.at(-1);
    const inner = line.trim();
    if (last === undefined || !/^\s/.test(line)) continue;
    if (inner.startsWith('{'))
      last.vulnerabilities = [...new Set([...last.vulnerabilities, ...parseIds(inner)])];
    const fix = FIX.exec(inner)?.[0];
    if (fix !== undefined) last.fixes.push(fix);
  }
  return found;
}

/** The two lists in the tracker's own grammar, newest first as they are. */
export function printDebianList(advisories: readonly DebianAdvisory[]): string {
  return advisories
    .map(({ written, id, name, subject, vulnerabilities, fixes }) =>
      [
        `[${written}] ${id} ${name} - ${subject}`,
        ...(vulnerabilities.length > 0 ? [`\t{${vulnerabilities.join(' ')}}`] : []),
        ...fixes.map((fix) => `\t${fix}`),
      ].join('\n'),
    )
    .map((entry) => `${entry}\n`)
    .join('');
}
