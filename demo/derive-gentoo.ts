import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { parseAdvisoryIds, parseId, parseIds } from '#base/formats';
import { isPlainAddress } from './addresses.ts';
import type { Announcement } from './announcement.ts';
import { flawKind } from './flaw-words.ts';
import { byId } from './order.ts';
import { unpacked } from './packing.ts';

/** The facts of a GLSA. */
export interface Glsa extends Announcement {
  product: string;
  announced: string;
  revised: string;
  revision: string;
  bugs: string[];
  access: string;
  impact: string;
  packages: {
    name: string;
    arch: string;
    ranges: { kind: string; range: string; slot: string; version: string }[];
  }[];
  references: { url: string; text: string }[];
}

/** Every GLSA of the archive. */
export async function readGentoo(data: string): Promise<Glsa[]> {
  const path = 'feeds/gentoo/glsa-all.tar.gz';
  const files = await unpacked({ path, bytes: readFileSync(join(data, path)) });
  return files
    .filter((file) => /\/glsa-\d{6}-\d{2}\.xml$/.test(file.path))
    .map(({ bytes }) => readGlsa(bytes.toString('utf8')))
    .sort((a, b) => byId(a.id, b.id));
}

function readGlsa(xml: string): Glsa {
  const glsa: Glsa = {
    ...{
      id: '',
      source: 'gentoo',
      day: '',
      vulnerabilities: [],
      product: '',
      announced: '',
      revised: '',
      revision: '1',
    },
    ...{ bugs: [], access: '', impact: '', packages: [], references: [] },
  };
  const vulnerabilities: string[] = [];
  let text = '';
  let attributes: Record<string, string> = {};
  const parser = new SaxesParser({});
  parser.on('opentag', (tag) => {
    text = '';
    attributes = tag.attributes as Record<string, string>;
    if (tag.name === 'glsa') glsa.id = `GLSA-${attributes.id ?? ''}`;
    if (tag.name === 'impact') glsa.impact = attributes.type ?? '';
    if (tag.name === 'package')
      glsa.packages.push({ name: attributes.name ?? '', arch: attributes.arch ?? '*', ranges: [] });
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.on('closetag', ({ name }) => {
    const value = text.replace(/\s+/g, ' ').trim();
    if (name === 'product') glsa.product = value;
    if (name === 'announced') glsa.announced = value;
    if (name === 'revised') Object.assign(glsa, { revised: value, revision: attributes.count ?? '1' });
    if (name === 'bug') glsa.bugs.push(value);
    if (name === 'access') glsa.access = value;
    if (name === 'vulnerable' || name === 'unaffected')
      glsa.packages.at(-1)?.ranges.push({
        kind: name,
        range: attributes.range ?? '',
        slot: attributes.slot ?? '*',
        version: value,
      });
    if (name === 'uri') {
      vulnerabilities.push(...parseIds(value));
      const url = attributes.link ?? '';
      const named = parseId(value) ?? parseAdvisoryIds(value)[0]?.id;
      const known = glsa.references.some((each) => each.url === url);
      if (isPlainAddress(url) && !known) glsa.references.push({ url, text: named ?? url });
    }
    text = '';
  });
  parser.write(xml).close();
  return { ...glsa, day: glsa.announced.slice(0, 10), vulnerabilities: [...new Set(vulnerabilities)] };
}

/** A GLSA with nothing but facts. Its title is composed: the product and the kind of flaw, where there is but one. */
export function printGlsa(glsa: Glsa, weaknesses: (id: string) => readonly string[]): string {
  const { id, product, announced, revised, revision, bugs, access, impact, packages, references } = glsa;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<glsa id="${id.slice('GLSA-'.length)}">`,
    `  <title>${escapeXml(`${product}: ${kindOf(glsa, weaknesses)}`)}</title>`,
    `  <product type="ebuild">${escapeXml(product)}</product>`,
    `  <announced>${announced}</announced>`,
    `  <revised count="${revision}">${revised}</revised>`,
    ...bugs.map((bug) => `  <bug>${bug}</bug>`),
    ...(access === '' ? [] : [`  <access>${escapeXml(access)}</access>`]),
    '  <affected>',
    ...packages.flatMap(({ name, arch, ranges }) => [
      `    <package name="${escapeXml(name)}" auto="yes" arch="${escapeXml(arch)}">`,
      ...ranges.map(({ kind, range, slot, version }) => {
        const inSlot = slot === '*' ? '' : ` slot="${escapeXml(slot)}"`;
        return `      <${kind} range="${range}"${inSlot}>${escapeXml(version)}</${kind}>`;
      }),
      '    </package>',
    ]),
    '  </affected>',
    `  <impact type="${escapeXml(impact)}"/>`,
    '  <references>',
    ...references.map(({ url, text }) => `    <uri link="${escapeXml(url)}">${escapeXml(text)}</uri>`),
    '  </references>',
    '</glsa>',
    '',
  ].join('\n');
}

function kindOf({ vulnerabilities }: Glsa, weaknesses: (id: string) => readonly string[]): string {
  const kinds = new Set(vulnerabilities.map((id) => flawKind(weaknesses(id))));
  const [kind] = kinds;
  if (kinds.size === 1 && kind) return kind;
  return vulnerabilities.length === 1 ? 'a vulnerability' : 'several vulnerabilities';
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
