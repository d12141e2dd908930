import { parseIds, parseIsoDate } from '#base/formats';
import { compose, fixedRow, ratingBy, rebuiltIn } from '../compose.ts';
import { plainText, readText } from '../document.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFormat,
} from '../source.ts';
import { evrOf, foldBinaries, sourceName } from './rpm.ts';
import { sliceXml } from './xml-slices.ts';
import { childrenOf, elementsOf, parseXml, textOf, type XmlElement } from './xml-tree.ts';

/** One `<update>` of the updateinfo.xml of a repository of rpms (libsolv, createrepo_c). */
export interface Update {
  id: string;
  type: string;
  status: string;
  title: string;
  summary: string;
  description: string;
  release: string;
  severity: string;
  issued: string;
  updated: string;
  references: readonly UpdateReference[];
  packages: readonly UpdatePackage[];
}

interface UpdateReference {
  href: string;
  id: string;
  type: string;
  title: string;
}

export interface UpdatePackage {
  name: string;
  /** epoch:version-release. */
  evr: string;
  arch: string;
  /** Name of the source package where the file tells it. */
  source: string | null;
  /** "nodejs:18" */
  module: string | null;
  /** `short` of the collection that it is in. */
  collection: string;
}

/** How a distribution's own lists differ from the others. */
export interface UpdateDialect {
  name: string;
  /** Whether a list is this one's, from the beginning of its file. */
  ours(path: string, head: string): boolean;
  ecosystem: string;
  /** The report's key; throws where it is no id of this source. */
  keyOf(update: Update): string;
  urlOf(key: string): string;
  releaseOf(update: Update, pkg: UpdatePackage): string | undefined;
  /** Texts with the ids of what it fixes; references as such are read anyway. */
  textsOf?(update: Update): readonly string[];
}

const ENTRY = 'update';

/** The form of such lists: a document for each update. */
export function updateinfoFormat(dialect: UpdateDialect): SourceFormat {
  return {
    name: dialect.name,
    recognises: (path, head) => /<updates\b/.test(head) && dialect.ours(path, head),
    split: (file) =>
      sliceXml(file, {
        root: 'updates',
        entry: ENTRY,
        key: (head) => /<id>\s*([^<\s]{3,100})\s*<\/id>/.exec(head)?.[1] ?? null,
      }),
    parse: (document) => reportOf(readUpdate(document), dialect),
  };
}

function readUpdate(document: RawDocument): Update {
  const root = parseXml(document.key, readText(document));
  if (root.name !== ENTRY)
    throw new DocumentProblem(
      'wrong-type',
      plainText(root.name, 60) || '(root)',
      `${document.key} is no <update>`,
    );
  const text = (name: string) => textOf(childrenOf(root, name)[0]);
  const id = text('id');
  if (id === '') throw new DocumentProblem('missing-field', 'update/id', `${document.key} has no <id>`);
  const date = (name: string) => childrenOf(root, name)[0]?.attributes.get('date')?.trim() ?? '';
  return {
    id,
    type: root.attributes.get('type') ?? '',
    status: root.attributes.get('status') ?? '',
    title: text('title'),
    summary: text('summary'),
    description: blockText(childrenOf(root, 'description')[0]),
    release: text('release'),
    severity: text('severity'),
    issued: date('issued'),
    updated: date('updated'),
    references: elementsOf(childrenOf(root, 'references')[0], 'reference').map(({ attributes }) => ({
      href: attributes.get('href') ?? '',
      id: attributes.get('id') ?? '',
      type: attributes.get('type') ?? '',
      title: attributes.get('title') ?? '',
    })),
    packages: elementsOf(childrenOf(root, 'pkglist')[0], 'collection').flatMap(readCollection),
  };
}

/** Line breaks of a description are its author's. */
function blockText(element: XmlElement | undefined): string {
  return (element?.children ?? [])
    .map((child) => (typeof child === 'string' ? child : textOf(child)))
    .join('')
    .trim();
}

function readCollection(collection: XmlElement): UpdatePackage[] {
  const short = collection.attributes.get('short') ?? textOf(childrenOf(collection, 'name')[0]);
  const stream = childrenOf(collection, 'module')[0]?.attributes;
  const module =
    stream?.get('name') === undefined ? null : `${stream.get('name')}:${stream.get('stream') ?? ''}`;
  return childrenOf(collection, 'package').flatMap(({ attributes }) => {
    const name = attributes.get('name')?.trim() ?? '';
    const version = attributes.get('version')?.trim() ?? '';
    if (name === '' || version === '') return [];
    return [
      {
        name,
        evr: evrOf(attributes.get('epoch')?.trim(), version, attributes.get('release')?.trim() ?? ''),
        arch: attributes.get('arch') ?? '',
        source: sourceName(attributes.get('src')),
        module,
        collection: short,
      },
    ];
  });
}

/** Null for an update that mends no flaw: they are most of such a list. */
function reportOf(update: Update, dialect: UpdateDialect): ParsedReport | null {
  const key = dialect.keyOf(update);
  const named = update.references.filter(({ type }) => type === 'cve').map(({ id, href }) => id || href);
  const others = update.references.flatMap(({ type, title }) => (type === 'cve' ? [] : [title]));
  const vulnerabilities = [...named, ...others, ...(dialect.textsOf?.(update) ?? [])].flatMap(parseIds);
  if (update.type !== 'security' && vulnerabilities.length === 0) return null;
  const published = dateOf(key, 'issued', update.issued);
  return compose({
    key,
    kind: 'advisory',
    title: update.title || update.summary,
    description: update.description,
    published,
    modified: update.updated === '' ? null : dateOf(key, 'updated', update.updated),
    url: dialect.urlOf(key),
    severity: /^none$/i.test(update.severity) ? undefined : ratingBy(update.severity),
    vulnerabilities,
    affected: rowsOf(update, dialect),
    links: update.references.map(({ href, title, type }) => ({
      url: href,
      ...(title !== '' && !/^(?:CVE|RH[SBE]A|AL[SBE]A)-/.test(title) && { note: title }),
      ...(type === 'bugzilla' && { kind: 'bug' as const }),
    })),
    cited: update.references.map(({ id }) => id),
  });
}

/** Days, times with and without seconds, and (createrepo) seconds since 1970. */
function dateOf(key: string, name: string, written: string): string {
  if (written === '') throw new DocumentProblem('missing-field', `update/${name}`, `${key} has no <${name}>`);
  const date = /^\d{9,10}$/.test(written)
    ? `${new Date(Number(written) * 1000).toISOString().slice(0, 19)}Z`
    : parseIsoDate(written);
  if (date === null)
    throw new DocumentProblem(
      'bad-date',
      `update/${name}`,
      `${key}: "${plainText(written, 60)}" is not a date`,
    );
  return date;
}

function rowsOf(update: Update, dialect: UpdateDialect): Affected[] {
  const rows = (packages: readonly UpdatePackage[]) =>
    packages.map((pkg) =>
      fixedRow(
        {
          ecosystem: dialect.ecosystem,
          name: pkg.source ?? pkg.name,
          release: dialect.releaseOf(update, pkg),
        },
        rebuiltIn('rpm', pkg.evr),
        pkg.module === null ? '' : `module ${pkg.module}`,
      ),
    );
  // Where sources are named they are the packages. A binary may have another version than its source: the one that bears
  // the source's name tells it, and where none does, all of them.
  const bySource = update.packages.filter(({ source }) => source !== null);
  const unnamed = update.packages.filter(({ source }) => source === null);
  const named = new Set(bySource.flatMap(({ name, source }) => (name === source ? [name] : [])));
  const telling = bySource.filter(({ name, source }) => name === source || !named.has(source ?? ''));
  return [...rows(telling), ...foldBinaries(rows(unnamed), update.title)];
}
