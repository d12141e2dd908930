import {
  asList,
  asNumber,
  asObject,
  asString,
  JsonFieldError,
  type JsonObject,
  optionalObject,
  optionalString,
} from './json-fields.ts';

/** What is read of a CSAF 2.0 document (OASIS, csaf-v2.0-os). Strings are as the document has them. */
export interface CsafDocument {
  /** /document/tracking/id */
  id: string;
  title: string;
  category: string;
  /** /document/publisher/namespace */
  publisher: string;
  released: string;
  current: string;
  /** /document/aggregate_severity/text */
  severity?: string;
  notes: CsafNote[];
  references: CsafReference[];
  /** By product id: leaves of the tree and products that relationships make. */
  products: ReadonlyMap<string, CsafProduct>;
  vulnerabilities: CsafVulnerability[];
}

export interface CsafNote {
  category: string;
  title: string;
  text: string;
}

export interface CsafReference {
  category: string;
  summary: string;
  url: string;
}

export interface CsafProduct {
  id: string;
  name: string;
  cpe?: string;
  purl?: string;
  /** For a product that a relationship makes: the component, and what it is a component of. */
  component?: string;
  partOf?: string;
}

export const CSAF_STATUSES = [
  'first_affected',
  'first_fixed',
  'fixed',
  'known_affected',
  'known_not_affected',
  'last_affected',
  'recommended',
  'under_investigation',
] as const;
export type CsafStatus = (typeof CSAF_STATUSES)[number];

export interface CsafVulnerability {
  cve?: string;
  title: string;
  cwe?: string;
  ids: { system: string; text: string }[];
  notes: CsafNote[];
  references: CsafReference[];
  scores: { version: string; vector: string; score: number }[];
  /**
   * A vendor may recommend any version, also one that is affected (csaf-v2.0-os, 6.1.6): of `recommended` only those are here of
   * which nothing else is said, and they have the fix (3.2.3.9.7; SUSE says it of all that are fixed).
   */
  status: { status: CsafStatus; products: readonly string[] }[];
  remediations: { category: string; details: string; url?: string; products: readonly string[] }[];
  flags: { label: string; products: readonly string[] }[];
}

/** A tree that a person made has five levels; the standard allows any number. */
const MAX_DEPTH = 64;

/**
 * Reads a parsed CSAF document. Products that statuses name need not be in the tree: that is for the reader of `products`.
 *
 * @throws JsonFieldError with the path of the first field that is missing or of the wrong type
 */
export function readCsaf(value: unknown): CsafDocument {
  const root = asObject(value, '(root)');
  const document = asObject(root.document, 'document');
  const tracking = asObject(document.tracking, 'document.tracking');
  const publisher = asObject(document.publisher, 'document.publisher');
  const severity = optionalString(
    optionalObject(document.aggregate_severity, 'document.aggregate_severity').text,
    'document.aggregate_severity.text',
  );
  return {
    id: asString(tracking.id, 'document.tracking.id'),
    title: asString(document.title, 'document.title'),
    category: asString(document.category, 'document.category'),
    publisher: asString(publisher.namespace, 'document.publisher.namespace'),
    released: asString(tracking.initial_release_date, 'document.tracking.initial_release_date'),
    current: asString(tracking.current_release_date, 'document.tracking.current_release_date'),
    ...(severity !== undefined && { severity }),
    notes: readNotes(document.notes, 'document.notes'),
    references: readReferences(document.references, 'document.references'),
    products: readProducts(optionalObject(root.product_tree, 'product_tree')),
    vulnerabilities: asList(root.vulnerabilities, 'vulnerabilities').map((entry, index) =>
      readVulnerability(asObject(entry, 'vulnerabilities[]', index), `vulnerabilities[${index}]`),
    ),
  };
}

function readNotes(value: unknown, where: string): CsafNote[] {
  return asList(value, where).map((entry, index) => {
    const note = asObject(entry, `${where}[]`, index);
    return {
      category: optionalString(note.category, `${where}[].category`, index) ?? '',
      title: optionalString(note.title, `${where}[].title`, index) ?? '',
      text: asString(note.text, `${where}[].text`, index),
    };
  });
}

function readReferences(value: unknown, where: string): CsafReference[] {
  return asList(value, where).map((entry, index) => {
    const reference = asObject(entry, `${where}[]`, index);
    return {
      category: optionalString(reference.category, `${where}[].category`, index) ?? 'external',
      summary: optionalString(reference.summary, `${where}[].summary`, index) ?? '',
      url: asString(reference.url, `${where}[].url`, index),
    };
  });
}

function readProducts(tree: JsonObject): Map<string, CsafProduct> {
  const products = new Map<string, CsafProduct>();
  const add = (value: unknown, where: string, relation?: { component: string; partOf: string }) => {
    const product = asObject(value, where);
    const helper = optionalObject(
      product.product_identification_helper,
      `${where}.product_identification_helper`,
    );
    const id = asString(product.product_id, `${where}.product_id`);
    const cpe = optionalString(helper.cpe, `${where}.product_identification_helper.cpe`);
    const purl = optionalString(helper.purl, `${where}.product_identification_helper.purl`);
    products.set(id, {
      id,
      name: asString(product.name, `${where}.name`),
      ...(cpe !== undefined && { cpe }),
      ...(purl !== undefined && { purl }),
      ...relation,
    });
  };
  const walk = (branches: unknown, where: string, depth: number) => {
    if (depth > MAX_DEPTH)
      throw new JsonFieldError('wrong-type', where, `${where} is nested more than ${MAX_DEPTH} deep`);
    for (const [index, entry] of asList(branches, where).entries()) {
      const branch = asObject(entry, `${where}[]`, index);
      if (branch.product !== undefined) add(branch.product, `${where}[${index}].product`);
      if (branch.branches !== undefined) walk(branch.branches, `${where}[${index}].branches`, depth + 1);
    }
  };
  walk(tree.branches, 'product_tree.branches', 0);
  for (const [index, entry] of asList(tree.full_product_names, 'product_tree.full_product_names').entries()) {
    add(entry, `product_tree.full_product_names[${index}]`);
  }
  for (const [index, entry] of asList(tree.relationships, 'product_tree.relationships').entries()) {
    const where = `product_tree.relationships[${index}]`;
    const relationship = asObject(entry, where);
    add(relationship.full_product_name, `${where}.full_product_name`, {
      component: asString(relationship.product_reference, `${where}.product_reference`),
      partOf: asString(relationship.relates_to_product_reference, `${where}.relates_to_product_reference`),
    });
  }
  return products;
}

function readVulnerability(entry: JsonObject, where: string): CsafVulnerability {
  const cve = optionalString(entry.cve, `${where}.cve`);
  const cwe = optionalString(optionalObject(entry.cwe, `${where}.cwe`).id, `${where}.cwe.id`);
  const status = optionalObject(entry.product_status, `${where}.product_status`);
  return {
    ...(cve !== undefined && { cve }),
    ...(cwe !== undefined && { cwe }),
    title: optionalString(entry.title, `${where}.title`) ?? '',
    ids: asList(entry.ids, `${where}.ids`).map((value, index) => {
      const id = asObject(value, `${where}.ids[${index}]`);
      return {
        system: asString(id.system_name, `${where}.ids[${index}].system_name`),
        text: asString(id.text, `${where}.ids[${index}].text`),
      };
    }),
    notes: readNotes(entry.notes, `${where}.notes`),
    references: readReferences(entry.references, `${where}.references`),
    scores: readScores(entry.scores, `${where}.scores`),
    status: readStatuses(status, `${where}.product_status`),
    remediations: asList(entry.remediations, `${where}.remediations`).map((value, index) => {
      const at = `${where}.remediations[${index}]`;
      const remediation = asObject(value, at);
      const url = optionalString(remediation.url, `${at}.url`);
      return {
        category: asString(remediation.category, `${at}.category`),
        details: optionalString(remediation.details, `${at}.details`) ?? '',
        ...(url !== undefined && { url }),
        products: readIds(remediation.product_ids, `${at}.product_ids`),
      };
    }),
    flags: asList(entry.flags, `${where}.flags`).map((value, index) => {
      const flag = asObject(value, `${where}.flags[${index}]`);
      return {
        label: asString(flag.label, `${where}.flags[${index}].label`),
        products: readIds(flag.product_ids, `${where}.flags[${index}].product_ids`),
      };
    }),
  };
}

function readStatuses(value: JsonObject, where: string): CsafVulnerability['status'] {
  const read = CSAF_STATUSES.filter((name) => value[name] !== undefined).map((name) => ({
    status: name,
    products: readIds(value[name], `${where}.${name}`),
  }));
  const otherwise = new Set(
    read.flatMap(({ status, products }) => (status === 'recommended' ? [] : products)),
  );
  return read.flatMap(({ status, products }) => {
    const said = status === 'recommended' ? products.filter((id) => !otherwise.has(id)) : products;
    return said.length === 0 && products.length > 0 ? [] : [{ status, products: said }];
  });
}

function readIds(value: unknown, where: string): readonly string[] {
  return asList(value, where).map((id, index) => asString(id, `${where}[]`, index));
}

function readScores(value: unknown, where: string): CsafVulnerability['scores'] {
  return asList(value, where).flatMap((entry, index) => {
    const score = asObject(entry, `${where}[]`, index);
    return ['cvss_v4', 'cvss_v3', 'cvss_v2'].flatMap((name) => {
      if (score[name] === undefined) return [];
      const at = `${where}[${index}].${name}`;
      const cvss = asObject(score[name], at);
      return [
        {
          version: asString(cvss.version, `${at}.version`),
          vector: asString(cvss.vectorString, `${at}.vectorString`),
          score: asNumber(cvss.baseScore, `${at}.baseScore`),
        },
      ];
    });
  });
}
