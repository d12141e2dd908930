import { asList, asObject, asString, type JsonObject, parseIds, sliceJsonArray } from '#base/formats';
import { compose, mendedIn } from '../compose.ts';
import { checkFile, jsonMembers, jsonString, plainText } from '../document.ts';
import { readYaml } from '../forms/yaml.ts';
import { readFields, readRecord } from '../json-records.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';

const NAME = /^[A-Za-z0-9_][\w.+-]{0,120}$/;

/**
 * One repository of one release (`v3.11/main.json`): a document for each package, with what each of its versions mended. There are
 * no ids, dates or severities, and the release stands around the packages: it is in the document's key.
 */
export const secdbJson: SourceFormat = {
  name: 'secdb',
  recognises: (_path, head) => /"distroversion"\s*:/.test(head) && /^\s*\{/.test(head),
  split: splitJson,
  parse: (document) => readRecord(document, (value) => reportOf(document.key, asObject(value, '(root)'))),
};

/** The same in YAML: as it was published until 2020. */
export const secdbYaml: SourceFormat = {
  name: 'secdb-yaml',
  recognises: (_path, head) => /^(?:---\s*\n)?distroversion:[ \t]*\S/.test(head),
  split: splitYaml,
  parse: (document) => {
    const [entry, ...others] = asList(readYaml(document), '(root)');
    if (others.length > 0)
      throw new DocumentProblem('bad-grammar', '(root)', `${document.key} is more than one package`);
    return readFields(document.key, () => reportOf(document.key, asObject(entry, '(root)')));
  },
};

function* splitJson(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  const release = jsonString(path, bytes, 'distroversion') ?? '';
  const repository = jsonString(path, bytes, 'reponame') ?? '';
  const place = placeOf(path, release, repository);
  let number = 0;
  for (const entry of jsonMembers(path, sliceJsonArray(bytes, ['packages']))) {
    number += 1;
    const name = /"name"\s*:\s*"([^"\\]{1,120})"/.exec(entry.toString('utf8', 0, 4096))?.[1];
    yield { key: `${place}/${name ?? `#${number}`}`, bytes: entry };
  }
}

/** A package begins with `  - pkg:`; what stands before the first one is about the repository. */
function* splitYaml(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  const head = bytes.toString('latin1', 0, 4096);
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(\\S{1,60})`, 'm').exec(head)?.[1] ?? '';
  const place = placeOf(path, field('distroversion'), field('reponame'));
  if (bytes[bytes.length - 1] !== 0x0a)
    throw new DocumentProblem('truncated', path, `${path} ends within a line`);
  let number = 0;
  for (let start = startOf(bytes, 0); start >= 0; ) {
    const end = startOf(bytes, start + 1);
    const entry = bytes.subarray(start, end < 0 ? bytes.length : end);
    number += 1;
    const name = /^[ \t]*name:[ \t]*(\S{1,120})/m.exec(entry.toString('utf8', 0, 4096))?.[1];
    yield { key: `${place}/${name ?? `#${number}`}`, bytes: entry };
    start = end;
  }
}

const MARK = /^[ \t]{0,8}- pkg:/;

/** Where the next line begins that begins a package. */
function startOf(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf('- pkg:', from); at >= 0; at = bytes.indexOf('- pkg:', at + 1)) {
    const line = bytes.lastIndexOf(0x0a, at) + 1;
    if (line >= from && MARK.test(bytes.toString('latin1', line, at + 6))) return line;
  }
  return -1;
}

function placeOf(path: string, release: string, repository: string): string {
  if (!/^(?:v\d{1,2}\.\d{1,3}|edge)$/.test(release) || !/^\w{1,30}$/.test(repository))
    throw new DocumentProblem(
      'missing-field',
      'distroversion',
      `${path} does not say of which release and repository it is`,
    );
  return `${release}/${repository}`;
}

function reportOf(key: string, entry: JsonObject): ParsedReport | null {
  const pkg = asObject(entry.pkg, 'pkg');
  const name = asString(pkg.name, 'pkg.name').trim();
  if (!NAME.test(name))
    throw new DocumentProblem(
      'bad-grammar',
      'pkg.name',
      `${key}: ${JSON.stringify(name.slice(0, 60))} is no name of a package`,
    );
  const fixes = asObject(pkg.secfixes, 'pkg.secfixes');
  const [release = ''] = key.split('/', 1);
  const rows = Object.entries(fixes).flatMap(([version, ids]) => rowsOf(name, release, version, ids));
  const vulnerabilities = rows.flatMap(({ vulnerability }) => vulnerability ?? []);
  if (rows.length === 0) return null;
  return compose({
    key,
    kind: 'tracker',
    title: `${name} in Alpine ${release}`,
    published: null,
    url: `https://security.alpinelinux.org/srcpkg/${encodeURIComponent(name)}`,
    vulnerabilities,
    affected: rows,
  });
}

/**
 * One version and what it mended. A string may hold several ids of one flaw ("CVE-2018-7540 XSA-252"), brackets, another list's
 * id alone ("XSA-248"), or nothing but "CVE": what is no id of a vulnerability stays as a remark. Version "0": it never was hit.
 */
function rowsOf(name: string, release: string, version: string, list: unknown): Affected[] {
  // A single one may stand without a list.
  return asList(typeof list === 'string' ? [list] : list, 'pkg.secfixes').flatMap((value, index) => {
    const text = asString(value, 'pkg.secfixes[]', index);
    const ids = parseIds(text);
    const rest = ids
      .reduce((left, id) => left.replace(id, ''), text.slice(0, 300))
      .replace(/^[\s()[\],;+]+|[\s()[\],;+]+$/g, '');
    const note = plainText(rest, 500);
    const row: Affected = { ecosystem: 'alpine', name, release, ...(note !== '' && { note }) };
    const said: Affected =
      version === '0'
        ? { ...row, status: 'not_affected' }
        : { ...row, status: 'fixed', fixed: plainText(version, 200), versions: mendedIn('apk', version) };
    return ids.length === 0 ? [said] : ids.map((vulnerability) => ({ ...said, vulnerability }));
  });
}
