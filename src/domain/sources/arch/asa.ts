import { parseIds, parseIsoDate } from '#base/formats';
import { compose, fixedRow, mendedIn, ratingBy } from '../compose.ts';
import { checkFile, plainText, readText } from '../document.ts';
import { urlsIn } from '../links.ts';
import {
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';

const HEADLINE = /^Arch Linux Security Advisory (ASA-\d{6}-\d{1,3})\s*$/m;

/** The text of an advisory, as the tracker renders it for the mailing list (`/ASA-201701-1/raw`). */
export const asa: SourceFormat = {
  name: 'asa',
  recognises: (path, head) =>
    /^Arch Linux Security Advisory ASA-/m.test(head) ||
    /(?:^|\/)ASA-\d{6}-\d{1,3}(?:\/raw|\.txt)?$/.test(path),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const head = file.bytes.toString('latin1', 0, 4096);
  yield {
    key: HEADLINE.exec(head)?.[1] ?? /ASA-\d{6}-\d{1,3}/.exec(file.path)?.[0] ?? file.path,
    bytes: file.bytes,
  };
}

function parse(document: RawDocument): ParsedReport {
  const text = readText(document);
  const key = HEADLINE.exec(text)?.[1];
  if (key === undefined)
    throw new DocumentProblem('bad-id', 'line 1', `${document.key} names no advisory in its headline`);
  const sections = sectionsOf(text);
  const fields = fieldsOf(sections.get('') ?? '');
  const field = (name: string) => {
    const value = fields.get(name);
    if (value === undefined || value === '')
      throw new DocumentProblem('missing-field', name, `${key} has no "${name}:"`);
    return value;
  };
  const written = field('Date');
  const published = parseIsoDate(written);
  if (published === null)
    throw new DocumentProblem('bad-date', 'Date', `${key}: "${plainText(written, 60)}" is not a date`);
  const name = field('Package');
  // "Upgrade to 2.4.26-1.", and below it the command that does it.
  const fixed = /^Upgrade to (\S{1,100}?)\.?\s*$/m.exec(sections.get('Resolution') ?? '')?.[1];
  const link = urlsIn(fields.get('Link') ?? '')[0];
  const said = ['Summary', 'Description', 'Impact', 'Workaround'].map((title) => sections.get(title) ?? '');
  return compose({
    key,
    kind: 'advisory',
    title: `${name}: ${fields.get('Type') ?? ''}`,
    description: said.filter((part) => part !== '' && part !== 'None.').join('\n\n'),
    published,
    url: `https://security.archlinux.org/${key}`,
    severity: ratingBy(fields.get('Severity')),
    vulnerabilities: parseIds(field('CVE-ID')),
    affected: name
      .split(/[\s,]+/)
      .filter((each) => each !== '')
      .map((each) =>
        fixed === undefined
          ? { ecosystem: 'arch', name: plainText(each, 300), status: 'affected' }
          : fixedRow({ ecosystem: 'arch', name: each }, mendedIn('rpm', fixed)),
      ),
    links: urlsIn(sections.get('References') ?? '')
      .filter((url) => !url.startsWith('https://security.archlinux.org/'))
      .map((url) => ({ url })),
    cited: link === undefined ? [] : [link],
  });
}

/** Parts by their titles, which are underlined by `=`; what comes before the second is under "". */
function sectionsOf(text: string): Map<string, string> {
  const sections = new Map<string, string>();
  const lines = text.replace(/\r/g, '').split('\n');
  let title = '';
  let begin = 0;
  const end = (at: number) => sections.set(title, lines.slice(begin, at).join('\n').trim());
  for (let at = 1; at < lines.length; at++) {
    const above = lines[at - 1] ?? '';
    if (
      !/^={3,200}\s*$/.test(lines[at] ?? '') ||
      above.trim() === '' ||
      above.startsWith('Arch Linux Security')
    )
      continue;
    end(at - 1);
    title = above.trim();
    begin = at + 1;
  }
  end(lines.length);
  return sections;
}

/** "Severity: High"; the list of CVEs may go on in further lines. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^([A-Z][A-Za-z-]{1,20})\s{0,10}:(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      last = name;
      fields.set(name, value.trim());
    } else if (/^\s+\S/.test(line) && last !== '') fields.set(last, `${fields.get(last)} ${line.trim()}`);
  }
  return fields;
}
