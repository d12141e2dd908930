import { parseIds, parseMailDate } from '#base/formats';
import { compose, ratingBy } from '../compose.ts';
import { plainText, readText } from '../document.ts';
import { sliceXml } from '../forms/xml-slices.ts';
import { childrenOf, parseXml, textOf } from '../forms/xml-tree.ts';
import { DocumentProblem, type ParsedReport, type RawDocument, type SourceFormat } from '../source.ts';
import { alasId, alasUrl, type Line } from './ids.ts';

/** alas.rss of a line: what is new, long before the repository's list; packages without versions. */
export const alasRss: SourceFormat = {
  name: 'rss',
  recognises: (_path, head) =>
    /<rss\b/.test(head) && /Amazon Linux [^<]{0,40}Security Bulletins|alas\.aws\.amazon\.com/.test(head),
  split: (file) =>
    sliceXml(file, {
      root: 'rss',
      entry: 'item',
      key: (head) => /<title>\s*(ALAS[\w.-]{3,60})/.exec(head)?.[1] ?? null,
    }),
  parse,
};

function parse(document: RawDocument): ParsedReport {
  const item = parseXml(document.key, readText(document));
  const text = (name: string) => textOf(childrenOf(item, name)[0]);
  const title = text('title');
  const [, id, severity, packages = ''] = /^(ALAS[\w.-]{3,80}) \(([\w-]{1,20})\): (.*)$/.exec(title) ?? [];
  if (id === undefined)
    throw new DocumentProblem(
      'bad-id',
      'item/title',
      `"${plainText(title, 60)}" names no advisory of Amazon Linux`,
    );
  const address = text('link') || text('guid');
  const line = lineOf(address);
  const key = alasId(id, line, 'item/title');
  const date = (name: string) => {
    const written = text(name);
    const read = parseMailDate(written);
    if (written !== '' && read === null)
      throw new DocumentProblem(
        'bad-date',
        `item/${name}`,
        `${key}: "${plainText(written, 60)}" is not a date`,
      );
    return read;
  };
  return compose({
    key,
    kind: 'advisory',
    title: packages,
    published: date('pubDate'),
    modified: date('lastBuildDate'),
    url: alasUrl(key),
    severity: ratingBy(severity),
    vulnerabilities: parseIds(text('description')),
    affected: packages
      .split(/[\s,]+/)
      .filter((name) => name !== '')
      .map((name) => ({
        ecosystem: 'amazon',
        name: plainText(name, 300),
        release: line === '1' ? 'al1' : `al${line}`,
      })),
  });
}

/** The folder of the page: `/AL2/`; the first line's pages are in none. */
function lineOf(address: string): Line {
  const found = /\/AL(2022|2023|2)\//.exec(address)?.[1];
  return found === '2' || found === '2022' || found === '2023' ? found : '1';
}
