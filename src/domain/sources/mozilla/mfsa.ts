import {
  asList,
  asObject,
  asString,
  optionalObject,
  optionalString,
  parseIds,
  parseMonthDayYear,
} from '#base/formats';
import { compose, mendedIn, type Reference, ratingBy } from '../compose.ts';
import { checkFile, plainText, readText } from '../document.ts';
import { readYaml } from '../forms/yaml.ts';
import { readFields } from '../json-records.ts';
import { urlsIn } from '../links.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';

const FILE = /(?:^|\/)(mfsa(\d{4})-(\d{2,3}))\.(yml|yaml|md)$/;

/** A release and what it mends: `mfsa2017-15.yml`, with an entry for each CVE. */
export const mfsaYaml: SourceFormat = {
  name: 'mfsa',
  recognises: (path, head) =>
    /\.ya?ml$/.test(path) && (FILE.test(path) || (/^announced:/m.test(head) && /^fixed_in:/m.test(head))),
  namedByReport: true,
  split,
  parse: (document) => readFields(document.key, () => releaseOf(document)),
};

/** Before the end of 2016: a flaw each, as a page with a head in YAML. */
export const mfsaMarkdown: SourceFormat = {
  name: 'mfsa-md',
  recognises: (path, head) => FILE.test(path) && path.endsWith('.md') && /^---\s/.test(head),
  namedByReport: true,
  split,
  parse: (document) => readFields(document.key, () => flawOf(document)),
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  yield {
    key:
      idIn(file.path) ??
      idIn(`/${/^## (mfsa\S{3,30})/.exec(file.bytes.toString('latin1', 0, 100))?.[1] ?? ''}`) ??
      file.path,
    bytes: file.bytes,
  };
}

function idIn(path: string): string | null {
  const [, , year, number] = FILE.exec(path) ?? [];
  return year === undefined ? null : `MFSA${year}-${number}`;
}

/** The id is in the name of the file only: the document's key. */
function ownKey({ key }: RawDocument): string {
  if (/^MFSA\d{4}-\d{2,3}$/.test(key)) return key;
  throw new DocumentProblem(
    'bad-id',
    '(path)',
    `"${plainText(key, 60)}" is not the name of an advisory of Mozilla`,
  );
}

interface Head {
  title: string;
  announced: string;
  impact: string;
  /** "Firefox 54" */
  fixedIn: readonly string[];
}

function headOf(key: string, value: Readonly<Record<string, unknown>>): Head {
  const announced = text(value.announced, 'announced');
  // One has only its month: it counts as the first day, since what comes after is told apart by the day.
  const date =
    parseMonthDayYear(announced) ??
    parseMonthDayYear(announced.replace(/^([A-Za-z]{3,9}),? (\d{4})$/, '$1 1, $2'));
  if (date === null)
    throw new DocumentProblem('bad-date', 'announced', `${key}: "${plainText(announced, 60)}" is not a date`);
  const fixed = value.fixed_in;
  return {
    title: optionalText(value.title, 'title'),
    announced: date,
    impact: optionalText(value.impact, 'impact'),
    fixedIn: (Array.isArray(fixed) ? fixed : [fixed])
      .filter((each) => each != null)
      .map((each) => text(each, 'fixed_in[]')),
  };
}

/** YAML makes numbers of what looks like one. */
function text(value: unknown, where: string): string {
  return typeof value === 'number' ? String(value) : asString(value, where);
}

function optionalText(value: unknown, where: string): string {
  return value === undefined || value === null ? '' : text(value, where);
}

function releaseOf(document: RawDocument): ParsedReport {
  const key = ownKey(document);
  const value = asObject(readYaml(document), '(root)');
  const head = headOf(key, value);
  const advisories = Object.entries(optionalObject(value.advisories, 'advisories')).map(([name, entry]) => {
    const where = `advisories.${name.slice(0, 40)}`;
    const advisory = asObject(entry, where);
    const bugs = asList(advisory.bugs, `${where}.bugs`).flatMap((bug, index) =>
      bugsIn(bug, `${where}.bugs[${index}]`),
    );
    return {
      // Until an id is given: MFSA-TMP-2017-0001.
      ids: parseIds(name),
      title: optionalText(advisory.title, `${where}.title`),
      impact: optionalText(advisory.impact, `${where}.impact`),
      description: optionalString(advisory.description, `${where}.description`) ?? '',
      bugs,
    };
  });
  return compose({
    key,
    kind: 'advisory',
    title: head.title,
    description: advisories
      .map((each) => `${each.ids.join(', ')} ${each.title} (${each.impact})\n${each.description}`)
      .join('\n\n'),
    published: head.announced,
    url: pageOf(key),
    severity: ratingBy(head.impact),
    vulnerabilities: advisories.flatMap(({ ids }) => ids),
    affected: head.fixedIn.flatMap(rowOf),
    links: advisories.flatMap(({ bugs }) => bugs),
  });
}

function flawOf(document: RawDocument): ParsedReport {
  const key = ownKey(document);
  const whole = readText(document);
  const end = whole.indexOf('\n---', 3);
  if (end < 0) throw new DocumentProblem('truncated', 'line 1', `${key}: its head does not end`);
  const head = headOf(key, asObject(readYaml(document, whole.slice(3, end + 1)), '(root)'));
  const body = whole.slice(end + 4);
  return compose({
    key,
    kind: 'advisory',
    title: head.title,
    description: body
      .slice(0, 100_000)
      .replace(/<[^<>]{0,2000}>/g, ' ')
      .replace(/[ \t]+/g, ' '),
    published: head.announced,
    url: pageOf(key),
    severity: ratingBy(head.impact),
    vulnerabilities: parseIds(body),
    affected: head.fixedIn.flatMap(rowOf),
    links: urlsIn(body).map((url) => ({ url })),
  });
}

function pageOf(key: string): string {
  return `https://www.mozilla.org/en-US/security/advisories/${key.toLowerCase()}/`;
}

/** "Firefox ESR 52.2", "Thunderbird 128.4 ESR", "Network Security Services 3.19.2.3"; a product without a version says no more than its name. */
function rowOf(fixedIn: string): Affected[] {
  const [, product = fixedIn, version] =
    /^(.*?)\s+v?(\d[\w.-]{0,40}?)(?:\s+ESR)?$/.exec(fixedIn.trim().slice(0, 200)) ?? [];
  const name = plainText(product, 100).toLowerCase().replace(/\s+/g, '-');
  if (name === '') return [];
  const row: Affected = { ecosystem: 'mozilla', name, status: 'fixed' };
  return [version === undefined ? row : { ...row, fixed: version, versions: mendedIn('generic', version) }];
}

/** Numbers of Bugzilla, several in one string, or an address. */
function bugsIn(value: unknown, where: string): Reference[] {
  const bug = asObject(value, where);
  const written = optionalText(bug.url, `${where}.url`);
  const note = optionalText(bug.desc, `${where}.desc`);
  if (/^https?:/.test(written)) return [{ url: written, kind: 'bug', note }];
  return (written.slice(0, 5000).match(/\b\d{3,8}\b/g) ?? []).map((number) => ({
    url: `https://bugzilla.mozilla.org/show_bug.cgi?id=${number}`,
    kind: 'bug',
    note,
  }));
}
