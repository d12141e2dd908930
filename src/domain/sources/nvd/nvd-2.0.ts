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

/**
 * NVD's API 2.0, its feeds 2.0 of the same form, and single `{"cve": {…}}` objects or lines of them.
 * Schema: https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema
 */
export const nvd20: SourceFormat = {
  name: 'nvd-2.0',
  recognises: (_path, head) =>
    /"format"\s*:\s*"NVD_CVE"/.test(head) || /"cve"\s*:\s*\{\s*"id"\s*:\s*"/.test(head),
  namedByReport: true,
  split: (file) => splitRecords(file, { list: 'vulnerabilities', id: ['cve', 'id'], key: cveKey }),
  parse: (document) => readRecord(document, readItem),
};

function readItem(value: unknown): ParsedReport {
  const cve = asObject(asObject(value, '(root)').cve, 'cve');
  const id = ownId(asString(cve.id, 'cve.id'), 'cve.id');
  const status = optionalString(cve.vulnStatus, 'cve.vulnStatus') ?? '';
  const description = descriptionOf(cve);
  const rejection =
    rejectionOf(description) ?? (status.toLowerCase() === 'rejected' ? description || 'rejected' : null);
  const { cvss, word } = readMetrics(optionalObject(cve.metrics, 'cve.metrics'));
  const references = asList(cve.references, 'cve.references');
  const { links, cites } = linksOf(readReferences(references, 'cve.references'));
  const report: ParsedReport = {
    key: id,
    kind: 'record',
    title: titleFrom(description, id),
    published: readDate(optionalString(cve.published, 'cve.published'), 'cve.published'),
    modified: readDate(optionalString(cve.lastModified, 'cve.lastModified'), 'cve.lastModified'),
    url: `https://nvd.nist.gov/vuln/detail/${id}`,
    state: rejection === null ? 'published' : 'rejected',
    cvss,
    vulnerabilities: [id],
    aliases: [],
    affected: affectedOf(asList(cve.configurations, 'cve.configurations'), 'cve.configurations'),
    links,
    cites,
    weaknesses: readWeaknesses(cve),
  };
  if (description !== '') report.description = cutText(description, 20_000);
  if (rejection !== null) report.withdrawn = cutText(rejection, 2000);
  return Object.assign(report, severityOf(word));
}

function descriptionOf(cve: JsonObject): string {
  const where = 'cve.descriptions';
  const texts = asList(cve.descriptions, where).map((entry, index) => {
    const text = asObject(entry, `${where}[]`, index);
    return {
      lang: optionalString(text.lang, `${where}[].lang`, index),
      value: asString(text.value, `${where}[].value`, index),
    };
  });
  return (texts.find(({ lang }) => lang?.startsWith('en')) ?? texts[0])?.value.trim() ?? '';
}

function readWeaknesses(cve: JsonObject): string[] {
  const where = 'cve.weaknesses';
  const found = new Set<string>();
  for (const [index, entry] of asList(cve.weaknesses, where).entries()) {
    const weakness = asObject(entry, `${where}[]`, index);
    for (const item of asList(weakness.description, `${where}[].description`, index)) {
      const description = asObject(item, `${where}[].description`, index);
      for (const cwe of cweIds(asString(description.value, `${where}[].description.value`, index)))
        found.add(cwe);
    }
  }
  return [...found];
}

/** Newest first; the first score gives the word for the whole. */
const METRICS = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'];

function readMetrics(metrics: JsonObject): { cvss: CvssScore[]; word: string | undefined } {
  const cvss = new Map<string, CvssScore>();
  let word: string | undefined;
  for (const name of METRICS) {
    const where = `cve.metrics.${name}`;
    const list = asList(metrics[name], where).map((entry, index) => asObject(entry, `${where}[]`, index));
    // NVD's own score before that of whoever reported.
    const primary = list.filter(({ type }) => type === 'Primary');
    for (const metric of [...primary, ...list.filter((other) => !primary.includes(other))]) {
      const data = asObject(metric.cvssData, `${where}[].cvssData`);
      const score: CvssScore = {
        version: asString(data.version, `${where}[].cvssData.version`),
        vector: asString(data.vectorString, `${where}[].cvssData.vectorString`),
        score: asNumber(data.baseScore, `${where}[].cvssData.baseScore`),
        by: scorer(optionalString(metric.source, `${where}[].source`)),
      };
      // Several may have come to the same vector.
      const key = `${score.version} ${score.vector}`;
      if (!cvss.has(key)) cvss.set(key, score);
      word ??=
        optionalString(data.baseSeverity, `${where}[].cvssData.baseSeverity`) ??
        optionalString(metric.baseSeverity, `${where}[].baseSeverity`);
    }
  }
  return { cvss: [...cvss.values()], word };
}

function scorer(source: string | undefined): string {
  return source === undefined || source === 'nvd@nist.gov' ? 'nvd' : source.slice(0, 100);
}
