import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPlainAddress } from './addresses.ts';
import { unpacked } from './packing.ts';

/** The facts of one file of Ubuntu's CVE tracker. */
export interface UctFacts {
  id: string;
  /** `active` or `retired`. */
  folder: string;
  /** PublicDate, PublicDateAtUSN, CRD with their values. */
  dates: { name: string; value: string }[];
  references: string[];
  bugs: string[];
  priority: string;
  cvss: string[];
  patches: { name: string; lines: string[] }[];
  statuses: { release: string; name: string; status: string; remark: string }[];
}

/** Releases that people had in 2017; the extended ones repeat them. */
const RELEASES = new Set(['upstream', 'precise', 'trusty', 'xenial', 'yakkety', 'zesty', 'artful', 'devel']);
const VERSIONS = /^\d[\w.+~:-]*(?:,\s*\d[\w.+~:-]*)*$/;

/** By CVE: every file of the archive and beside it. Descriptions, notes and names of people are left behind. */
export async function readUct(data: string): Promise<Map<string, UctFacts>> {
  const folder = join(data, 'feeds/ubuntu/uct');
  const path = 'cve-2016-2018.tar.gz';
  const archived = await unpacked({ path, bytes: readFileSync(join(folder, path)) });
  return new Map(
    [...archived, ...single(folder)].flatMap((file) => {
      const [, folder = '', id] = /([a-z]+)\/(CVE-\d{4}-\d+)$/.exec(file.path) ?? [];
      return id === undefined ? [] : [[id, readFacts(id, folder, file.bytes.toString('utf8'))]];
    }),
  );
}

/** Files that lie beside the archive, as in the tracker's own tree. */
function single(folder: string): { path: string; bytes: Buffer }[] {
  return ['active', 'retired'].flatMap((state) =>
    readdirSync(join(folder, state))
      .sort()
      .map((name) => ({ path: `${state}/${name}`, bytes: readFileSync(join(folder, state, name)) })),
  );
}

function readFacts(id: string, folder: string, text: string): UctFacts {
  const facts: UctFacts = {
    ...{ id, folder, dates: [], references: [], bugs: [], priority: '', cvss: [], patches: [], statuses: [] },
  };
  let section = '';
  for (const line of text.split('\n')) {
    if (/^\s/.test(line)) {
      readIndented(facts, section, line.trim());
      continue;
    }
    const [, name = '', value = ''] = /^([A-Za-z0-9._/+-]+):\s*(.*)$/.exec(line) ?? [];
    section = name;
    if (/^(?:PublicDate|PublicDateAtUSN|CRD)$/.test(name) && /^\d{4}-\d\d-\d\d/.test(value))
      facts.dates.push({ name, value: value.trim() });
    else if (name === 'Priority') facts.priority = /^[a-z]+/.exec(value)?.[0] ?? '';
    else if (name.startsWith('Patches_')) facts.patches.push({ name: name.slice(8), lines: [] });
    else readStatus(facts, line);
  }
  return facts;
}

function readIndented(facts: UctFacts, section: string, line: string): void {
  if (section === 'References' && isPlainAddress(line)) facts.references.push(line);
  if (section === 'Bugs' && isPlainAddress(line)) facts.bugs.push(line);
  const vector = /^nvd: (CVSS:3\.\d\/[A-Z:/]+)/.exec(line)?.[1];
  if (section === 'CVSS' && vector !== undefined) facts.cvss.push(vector);
  if (section.startsWith('Patches_')) {
    const kept = patchLine(line);
    if (kept !== null) facts.patches.at(-1)?.lines.push(kept);
  }
}

/** A label with an address and the version that it is for, or commits of the kernel; without the rest that people write there. */
function patchLine(line: string): string | null {
  const [, label = '', rest = ''] = /^(upstream|debdiff|vendor|other|break-fix):\s*(.*)$/.exec(line) ?? [];
  if (label === 'break-fix')
    return /^(?:-|[0-9a-f]{12,40}|v[\w.-]{1,20}) [0-9a-f|]{12,400}$/.test(rest) ? `${label}: ${rest}` : null;
  const [url = '', ...remark] = rest.split(/\s+/);
  if (label === '' || !isPlainAddress(url)) return null;
  const forVersion = /^\([0-9][\w.-]{0,15}\)$/.exec(remark.join(' '))?.[0];
  return [`${label}: ${url}`, forVersion].filter(Boolean).join(' ');
}

function readStatus(facts: UctFacts, line: string): void {
  const match = /^([a-z]+)_([a-z0-9][a-z0-9.+-]*): ([a-z-]+)(?: \((.*)\))?$/.exec(line);
  if (match === null) return;
  const [, release = '', name = '', status = '', said = ''] = match;
  if (!RELEASES.has(release)) return;
  const remark = VERSIONS.test(said) ? said : /end.of.(?:life|support)/i.test(said) ? 'end of life' : '';
  facts.statuses.push({ release, name, status, remark });
}

/** The file in the tracker's own grammar, with a description composed from facts. */
export function printUct(facts: UctFacts, flaw: string | null): string {
  const { id, dates, references, bugs, priority, cvss, patches, statuses } = facts;
  const names = [...new Set(statuses.map(({ name }) => name))];
  const dated = dates.some(({ name }) => name === 'PublicDate')
    ? dates
    : [...dates, { name: 'PublicDate', value: '' }];
  return [
    ...dated.map(({ name, value }) => `${name}: ${value}`.trimEnd()),
    `Candidate: ${id}`,
    'References:',
    ...references.map((url) => ` ${url}`),
    'Description:',
    ` ${flaw ?? 'kind unknown'}`,
    'Bugs:',
    ...bugs.map((url) => ` ${url}`),
    `Priority: ${priority || 'untriaged'}`,
    ...(cvss.length > 0 ? ['CVSS:', ...cvss.map((vector) => ` nvd: ${vector}`)] : []),
    ...names.flatMap((name) => {
      const lines = patches.filter((each) => each.name === name).flatMap((each) => each.lines);
      return [
        '',
        `Patches_${name}:`,
        ...lines.map((line) => ` ${line}`),
        ...statuses
          .filter((each) => each.name === name)
          .map(
            ({ release, status, remark }) =>
              `${release}_${name}: ${status}${remark === '' ? '' : ` (${remark})`}`,
          ),
      ];
    }),
    '',
  ].join('\n');
}
