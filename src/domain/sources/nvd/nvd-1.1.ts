import {
  asList,
  asNumber,
  asObject,
  asString,
  cweIds,
  type JsonObject,
  optionalObject,
  optionalString,
} from '#base/formats';
import { cutText, cveKey, ownId, readDate, readRecord, splitRecords, titleFrom } from '../json-records.ts';
import { linksOf, readReferences } from '../references.ts';
import type { CvssScore, ParsedReport, SourceFormat } from '../source.ts';
import { affectedOf } from './configurations.ts';
import { rejectionOf, severityOf } from './words.ts';

const ID = ['cve', 'CVE_data_meta', 'ID'];

/** A record inside its wrapper: `{"cve": {…, "CVE_data_meta"`; in a record of MITRE (cve-4) there is no wrapper. */
const WRAPPED = /"cve"\s*:\s*\{[^{}]*"CVE_data_meta"/;

/**
 * NVD's JSON feeds 1.1 (to December 2023): a file for each year (`CVE_Items`), one item a line, or one item.
 * Schema: https://csrc.nist.gov/schema/nvd/feed/1.1/nvd_cve_feed_json_1.1.schema
 */
export const nvd11: SourceFormat = {
  name: 'nvd-1.1',
  recognises: (_path, head) => head.includes('"CVE_Items"') || WRAPPED.test(head),
  namedByReport: true,
  split: (file) => splitRecords(file, { list: 'CVE_Items', id: ID, key: cveKey }),
  parse: (document) => readRecord(document, readItem),
};

function readItem(value: unknown): ParsedReport {
  const item = asObject(value, '(root)');
  const cve = asObject(item.cve, 'cve');
  const meta = asObject(cve.CVE_data_meta, 'cve.CVE_data_meta');
  const id = ownId(asString(meta.ID, 'cve.CVE_data_meta.ID'), 'cve.CVE_data_meta.ID');
  const description = descriptionOf(cve);
  const rejection = rejectionOf(description);
  const { cvss, word } = readImpact(optionalObject(item.impact, 'impact'));
  const nodes = asList(optionalObject(item.configurations, 'configurations').nodes, 'configurations.nodes');
  const references = asList(
    optionalObject(cve.references, 'cve.references').reference_data,
    'cve.references.reference_data',
  );
  const { links, cites } = linksOf(readReferences(references, 'cve.references.reference_data'));
  const report: ParsedReport = {
    key: id,
    kind: 'record',
    title: titleFrom(description, id),
    published: readDate(optionalString(item.publishedDate, 'publishedDate'), 'publishedDate'),
    modified: readDate(optionalString(item.lastModifiedDate, 'lastModifiedDate'), 'lastModifiedDate'),
    url: `https://nvd.nist.gov/vuln/detail/${id}`,
    state: rejection === null ? 'published' : 'rejected',
    cvss,
    vulnerabilities: [id],
    aliases: [],
    affected: affectedOf(nodes, 'configurations.nodes'),
    links,
    cites,
    weaknesses: readWeaknesses(cve),
  };
  if (description !== '') report.description = cutText(description, 20_000);
  if (rejection !== null) report.withdrawn = rejection;
  return Object.assign(report, severityOf(word));
}

function descriptionOf(cve: JsonObject): string {
  const list = asList(
    optionalObject(cve.description, 'cve.description').description_data,
    'cve.description.description_data',
  );
  const first = list[0];
  if (first === undefined) return '';
  const where = 'cve.description.description_data[0]';
  return asString(asObject(first, where).value, `${where}.value`).trim();
}

function readWeaknesses(cve: JsonObject): string[] {
  const where = 'cve.problemtype.problemtype_data';
  const found = new Set<string>();
  const list = asList(optionalObject(cve.problemtype, 'cve.problemtype').problemtype_data, where);
  for (let index = 0; index < list.length; index++) {
    const type = asObject(list[index], `${where}[]`, index);
    for (const entry of asList(type.description, `${where}[].description`, index)) {
      const description = asObject(entry, `${where}[].description`, index);
      for (const cwe of cweIds(asString(description.value, `${where}[].description.value`, index)))
        found.add(cwe);
    }
  }
  return [...found];
}

function readImpact(impact: JsonObject): { cvss: CvssScore[]; word: string | undefined } {
  const v3 = optionalObject(impact.baseMetricV3, 'impact.baseMetricV3');
  const v2 = optionalObject(impact.baseMetricV2, 'impact.baseMetricV2');
  const cvss: CvssScore[] = [];
  if (v3.cvssV3 !== undefined) cvss.push(readScore(v3.cvssV3, 'impact.baseMetricV3.cvssV3'));
  if (v2.cvssV2 !== undefined) cvss.push(readScore(v2.cvssV2, 'impact.baseMetricV2.cvssV2'));
  const word =
    optionalString(
      optionalObject(v3.cvssV3, 'impact.baseMetricV3.cvssV3').baseSeverity,
      'impact.baseMetricV3.cvssV3.baseSeverity',
    ) ?? optionalString(v2.severity, 'impact.baseMetricV2.severity');
  return { cvss, word };
}

function readScore(value: unknown, where: string): CvssScore {
  const score = asObject(value, where);
  return {
    version: asString(score.version, `${where}.version`),
    vector: asString(score.vectorString, `${where}.vectorString`),
    score: asNumber(score.baseScore, `${where}.baseScore`),
    by: 'nvd',
  };
}
