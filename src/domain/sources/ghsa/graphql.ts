import {
  asList,
  asObject,
  asString,
  optionalObject,
  optionalString,
  parseId,
  sliceJsonArray,
} from '#base/formats';
import { readRangeText, schemeNamed } from '#base/versions';
import { compose, ratingBy } from '../compose.ts';
import { checkFile, jsonMembers, plainText } from '../document.ts';
import { readDate, readRecord } from '../json-records.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { ghsaUrl } from './records.ts';

/**
 * Answers of the GraphQL API to `securityVulnerabilities(ecosystem:)`: an entry for each advisory and package. The registry is in the
 * question, so that the file's name has to tell it; it is in the document's key with the package.
 */
export const ghsaGraphql: SourceFormat = {
  name: 'graphql',
  recognises: (_path, head) => /^\s*\{\s*"data"\s*:\s*\{\s*"securityVulnerabilities"/.test(head),
  split,
  parse: (document) => readRecord(document, (value) => reportOf(document.key, value)),
};

const ECOSYSTEMS: ReadonlyMap<string, string> = new Map([
  ['cargo', 'crates.io'],
  ['rust', 'crates.io'],
  ['composer', 'packagist'],
  ['gem', 'rubygems'],
  ['golang', 'go'],
  ['pip', 'pypi'],
  ['erlang', 'hex'],
]);

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  const name = /([a-z.]{2,20})\.json$/.exec(path)?.[1] ?? 'unknown';
  const ecosystem = ECOSYSTEMS.get(name) ?? name;
  let number = 0;
  for (const entry of jsonMembers(
    path,
    sliceJsonArray(bytes, ['data', 'securityVulnerabilities', 'edges']),
  )) {
    number += 1;
    const text = entry.toString('utf8');
    const id = /"(GHSA(?:-[0-9a-z]{4}){3})"/.exec(text)?.[1];
    const named = /"package"\s*:\s*\{[^{}]{0,500}?"name"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1];
    const range = /"vulnerableVersionRange"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1];
    yield {
      key:
        id === undefined
          ? `${path}#${number}`
          : `${id} ${ecosystem}:${named ?? number} ${range ?? ''}`.trim(),
      bytes: entry,
    };
  }
}

function reportOf(key: string, value: unknown): ParsedReport {
  const node = asObject(asObject(value, '(root)').node, 'node');
  const advisory = asObject(node.advisory, 'node.advisory');
  const ids = asList(advisory.identifiers, 'node.advisory.identifiers').map((entry, index) => {
    const { value: id } = asObject(entry, 'node.advisory.identifiers[]', index);
    return asString(id, 'node.advisory.identifiers[].value', index);
  });
  const id = ids.map(parseId).find((each) => each?.startsWith('GHSA-'));
  if (id === undefined || id === null)
    throw new DocumentProblem(
      'bad-id',
      'node.advisory.identifiers',
      `${key}: ${plainText(ids.join(', '), 100)} are no ids of GitHub`,
    );
  const date = (name: string) =>
    readDate(optionalString(advisory[name], `node.advisory.${name}`), `node.advisory.${name}`);
  const summary = optionalString(advisory.summary, 'node.advisory.summary') ?? '';
  const withdrawn = date('withdrawnAt');
  return compose({
    key,
    kind: 'record',
    title: summary,
    description: optionalString(advisory.description, 'node.advisory.description') ?? summary,
    published: date('publishedAt'),
    modified: date('updatedAt'),
    url: ghsaUrl(id),
    ...(withdrawn !== null && { withdrawn: `withdrawn on ${withdrawn}` }),
    severity: ratingBy(optionalString(advisory.severity, 'node.advisory.severity')),
    vulnerabilities: [id],
    aliases: ids.flatMap((each) => parseId(each) ?? []).filter((each) => each !== id),
    affected: [rowOf(key, node)],
    links: asList(advisory.references, 'node.advisory.references').map((entry, index) => ({
      url: asString(
        asObject(entry, 'node.advisory.references[]', index).url,
        'node.advisory.references[].url',
        index,
      ),
    })),
  });
}

function rowOf(key: string, node: Readonly<Record<string, unknown>>): Affected {
  const named = asObject(node.package, 'node.package');
  const name = asString(named.name, 'node.package.name');
  const ecosystem =
    optionalString(named.ecosystem, 'node.package.ecosystem')?.toLowerCase() ??
    / ([a-z.]{2,20}):/.exec(key)?.[1] ??
    'osv';
  const scheme = schemeNamed(ecosystem);
  const text = optionalString(node.vulnerableVersionRange, 'node.vulnerableVersionRange') ?? '';
  const range = readRangeText(text);
  const fixed = optionalString(
    optionalObject(node.firstPatchedVersion, 'node.firstPatchedVersion').identifier,
    'node.firstPatchedVersion.identifier',
  );
  return {
    ecosystem,
    name: plainText(name, 300),
    status: fixed === undefined ? 'affected' : 'fixed',
    ...(fixed !== undefined && { fixed: plainText(fixed, 200) }),
    ...(range !== null
      ? {
          versions: {
            scheme,
            affected: [range],
            unaffected: fixed === undefined ? [] : [{ min: fixed }],
            otherwise: 'unknown' as const,
          },
        }
      : { note: plainText(text, 500) }),
  };
}
