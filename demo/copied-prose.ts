import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type SampleFile, unpacked } from './packing.ts';
import { readShared, sharedLines } from './shared-data.ts';

/** As many words in a row as nobody composes by chance. */
export const RUN = 8;

/**
 * Words of a text in order, in lower case. An address is one word, and the marks of JSON and XML part words; `\n` in JSON
 * is white space as well.
 */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/\\[nrt"]/g, ' ')
    .split(/[\s"{}[\]()<>,;=|]+/)
    .map((word) => word.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, ''))
    .filter((word) => word !== '');
}

/** Every run of {@link RUN} words. */
export function* runsOf(words: readonly string[]): Generator<string> {
  for (let at = 0; at + RUN <= words.length; at++) yield words.slice(at, at + RUN).join(' ');
}

/** What people wrote in the shared data, by where it stands: descriptions of NVD, of Ubuntu's tracker, of Gentoo's advisories, of CVE.org. */
export async function* sharedProse(data: string): AsyncGenerator<{ where: string; text: string }> {
  for await (const line of sharedLines(data, 'cve/nvd-1.1-relevant.jsonl.gz')) {
    const { cve } = JSON.parse(line) as {
      cve: { CVE_data_meta: { ID: string }; description: { description_data: { value: string }[] } };
    };
    for (const { value } of cve.description.description_data)
      yield { where: `NVD ${cve.CVE_data_meta.ID}`, text: value };
  }
  for (const { path, bytes } of await archiveOf(data, 'feeds/ubuntu/uct/cve-2016-2018.tar.gz')) {
    yield {
      where: `UCT ${basename(path)}`,
      text: prose(bytes.toString('utf8'), /^(?:Ubuntu-)?(?:Description|Notes):\n((?: .*\n)*)/gm),
    };
  }
  for (const { path, bytes } of await archiveOf(data, 'feeds/gentoo/glsa-all.tar.gz')) {
    const xml = prose(
      bytes.toString('utf8'),
      /<(?:synopsis|background|description|impact|workaround|resolution)\b[^>]*>([\s\S]*?)<\//g,
    );
    yield { where: basename(path), text: xml.replace(/<[^>]*>/g, ' ') };
  }
  for (const file of ['3167', '1000366']) {
    const path = `feeds/cve4/json/CVE-2017-${file}.json`;
    const { description } = JSON.parse(readShared(data, path)) as {
      description: { description_data: { value: string }[] };
    };
    for (const { value } of description.description_data) yield { where: path, text: value };
  }
}

function prose(text: string, pattern: RegExp): string {
  return [...text.matchAll(pattern)].map((match) => match[1]).join('\n');
}

async function archiveOf(data: string, path: string): Promise<SampleFile[]> {
  return await unpacked({ path, bytes: readFileSync(join(data, path)) });
}
