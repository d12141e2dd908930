import { asList, asObject, asString, type JsonObject, optionalObject, optionalString } from '#base/formats';
import { readDate } from '../json-records.ts';
import { DocumentProblem } from '../source.ts';

/** What is read of an OpenVEX document (specification 0.2.0). Strings are as the document has them. */
export interface OpenVex {
  id: string;
  author: string;
  published: string | null;
  modified: string | null;
  statements: readonly VexStatement[];
}

export interface VexStatement {
  /** `vulnerability.name`, which before 0.2.0 was the value itself. */
  vulnerability: string;
  description: string;
  aliases: readonly string[];
  timestamp: string | null;
  /** Package URLs, or whatever else names a product. */
  products: readonly string[];
  status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
  justification: string;
  impact: string;
  action: string;
}

/**
 * Reads a parsed document. Canonical keeps the fields of the document in an object of their own (`metadata`).
 *
 * @throws JsonFieldError, DocumentProblem
 */
export function readOpenVex(value: unknown): OpenVex {
  const root = asObject(value, '(root)');
  const wrapped = root.metadata !== undefined;
  const metadata = wrapped ? asObject(root.metadata, 'metadata') : root;
  const where = wrapped ? 'metadata.' : '';
  return {
    id: asString(metadata['@id'], `${where}@id`),
    author: optionalString(metadata.author, `${where}author`) ?? '',
    published: readTime(metadata.timestamp, `${where}timestamp`),
    modified: readTime(metadata.last_updated, `${where}last_updated`),
    statements: asList(root.statements, 'statements').map((entry, index) =>
      readStatement(asObject(entry, 'statements[]', index), `statements[${index}]`),
    ),
  };
}

function readTime(value: unknown, where: string): string | null {
  return readDate(optionalString(value, where), where);
}

function readStatement(entry: JsonObject, where: string): VexStatement {
  const named = entry.vulnerability;
  const vulnerability =
    typeof named === 'string' ? { name: named } : optionalObject(named, `${where}.vulnerability`);
  const name = optionalString(vulnerability.name, `${where}.vulnerability.name`);
  return {
    vulnerability: name ?? asString(vulnerability['@id'], `${where}.vulnerability.@id`),
    description: optionalString(vulnerability.description, `${where}.vulnerability.description`) ?? '',
    aliases: asList(vulnerability.aliases, `${where}.vulnerability.aliases`).map((alias, index) =>
      asString(alias, `${where}.vulnerability.aliases[${index}]`),
    ),
    timestamp: readTime(entry.timestamp, `${where}.timestamp`),
    products: asList(entry.products, `${where}.products`).map((product, index) => {
      if (typeof product === 'string') return product;
      return asString(
        asObject(product, `${where}.products[${index}]`)['@id'],
        `${where}.products[${index}].@id`,
      );
    }),
    status: statusOf(asString(entry.status, `${where}.status`), `${where}.status`),
    justification: optionalString(entry.justification, `${where}.justification`) ?? '',
    impact: optionalString(entry.impact_statement, `${where}.impact_statement`) ?? '',
    action: optionalString(entry.action_statement, `${where}.action_statement`) ?? '',
  };
}

function statusOf(written: string, where: string): VexStatement['status'] {
  if (
    written === 'not_affected' ||
    written === 'affected' ||
    written === 'fixed' ||
    written === 'under_investigation'
  )
    return written;
  throw new DocumentProblem(
    'bad-grammar',
    where,
    `${where}: ${JSON.stringify(written.slice(0, 60))} is no status`,
  );
}
