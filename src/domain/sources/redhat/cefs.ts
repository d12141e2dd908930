import { parseIds, parseIsoDate } from '#base/formats';
import { compose, fixedRow, ratingBy, rebuiltIn } from '../compose.ts';
import { checkFile, plainText, readText } from '../document.ts';
import { splitNvr } from '../forms/rpm.ts';
import { childrenOf, parseXml, textOf } from '../forms/xml-tree.ts';
import { urlsIn } from '../links.ts';
import {
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';

const ENTRY = /<(CE[SBE]A-\d{4}-{1,2}\d{3,6})\b/g;

/** errata.latest.xml of CEFS: announcements of CentOS, each an element that is called by its id. No CVEs: Red Hat's advisory has them. */
export const cefs: SourceFormat = {
  name: 'cefs',
  recognises: (_path, head) => /<opt>/.test(head) && /<CE[SBE]A-\d{4}-/.test(head),
  namedByReport: true,
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  if (bytes.lastIndexOf('</opt>') < 0)
    throw new DocumentProblem('truncated', path, `${path} ends before </opt>`);
  let at = 0;
  for (const { index: start, 1: name = '' } of bytes.toString('latin1').matchAll(ENTRY)) {
    if (start < at) continue;
    const close = `</${name}>`;
    const end = bytes.indexOf(close, start);
    if (end < 0) throw new DocumentProblem('truncated', `byte ${start}`, `${path}: ${name} does not end`);
    at = end + close.length;
    yield { key: idOf(name), bytes: bytes.subarray(start, at) };
  }
}

/** CEFS writes two hyphens where the colon is due, which no name of an element may have. */
function idOf(name: string): string {
  return name.replace(/^(CE[SBE]A-\d{4})-{1,2}/, '$1:');
}

function parse(document: RawDocument): ParsedReport {
  const root = parseXml(document.key, readText(document));
  const key = idOf(root.name);
  const field = (name: string) => {
    const text = root.attributes.get(name)?.trim() ?? '';
    return text === 'Not available' ? '' : text;
  };
  const written = field('issue_date');
  const published = parseIsoDate(written);
  if (published === null)
    throw new DocumentProblem('bad-date', '@issue_date', `${key}: "${plainText(written, 60)}" is not a date`);
  const release = textOf(childrenOf(root, 'os_release')[0]);
  const packages = childrenOf(root, 'packages').map(textOf);
  const sources = packages.filter((name) => name.endsWith('.src.rpm'));
  const references = urlsIn(field('references'));
  return compose({
    key,
    kind: 'advisory',
    title: field('synopsis').replace(/^(?:[A-Z][a-z]+ )?CentOS /, ''),
    description: field('description'),
    published,
    url: references.find((url) => url.includes('lists.centos.org')) ?? null,
    severity: ratingBy(field('severity')),
    vulnerabilities: parseIds(`${field('notes')} ${field('description')}`),
    affected: (sources.length > 0 ? sources : packages).flatMap((name) => {
      const nvr = splitNvr(name);
      if (nvr === null) return [];
      return [
        fixedRow(
          { ecosystem: 'centos', name: nvr.name, release: release === '' ? undefined : `el${release}` },
          rebuiltIn('rpm', nvr.evr),
        ),
      ];
    }),
    links: references.map((url) => ({ url })),
  });
}
