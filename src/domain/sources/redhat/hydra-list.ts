import {
  asList,
  asObject,
  asString,
  cweIds,
  type JsonObject,
  oneLine,
  optionalNumber,
  optionalString,
} from '#base/formats';
import { cveKey, ownId, readDate, readRecord, splitRecords } from '../json-records.ts';
import { citedAdvisory } from '../references.ts';
import type { Affected, CvssScore, Link, ParsedReport, SourceFormat } from '../source.ts';
import { splitNvr } from './package-name.ts';
import { releaseInName } from './release.ts';
import { cveUrl, errataUrl, severityOf } from './words.ts';

const PREFIX = 'LIST-';

/**
 * Summaries of Red Hat's security data API (hydra/rest/securitydata/cve.json, a page of up to 1,000), a list or single
 * ones. Kept under keys of their own: a page is one request where full records are a thousand, so that severity, score
 * and advisories are there before them, and never in their place.
 */
export const hydraList: SourceFormat = {
  name: 'hydra-list',
  recognises: (_path, head) =>
    /^\s*(?:\[\s*)?\{\s*"CVE"\s*:/.test(head) && /"(?:resource_url|bugzilla_description)"\s*:/.test(head),
  split: (file) =>
    splitRecords(file, {
      id: ['CVE'],
      key: (id) => {
        const cve = cveKey(id);
        return cve === null ? null : PREFIX + cve;
      },
    }),
  parse: (document) => readRecord(document, readSummary),
};

function readSummary(value: unknown): ParsedReport {
  const entry = asObject(value, '(root)');
  const id = ownId(asString(entry.CVE, 'CVE'), 'CVE');
  const advisories = [
    ...new Set(
      asList(entry.advisories, 'advisories').flatMap(
        (text, index) => citedAdvisory(asString(text, 'advisories[]', index)) ?? [],
      ),
    ),
  ];
  const title = optionalString(entry.bugzilla_description, 'bugzilla_description') ?? '';
  return {
    key: PREFIX + id,
    kind: 'tracker',
    title: oneLine(title.slice(0, 600), 300) || id,
    published: readDate(optionalString(entry.public_date, 'public_date'), 'public_date'),
    modified: null,
    url: cveUrl(id),
    ...severityOf(optionalString(entry.severity, 'severity')),
    cvss: readScores(entry),
    vulnerabilities: [id],
    aliases: [],
    affected: readPackages(entry),
    links: [
      ...bugLink(entry),
      ...advisories.map((advisory): Link => ({ url: errataUrl(advisory), kind: 'advisory', id: advisory })),
    ],
    cites: advisories,
    weaknesses: cweIds(optionalString(entry.CWE, 'CWE') ?? ''),
  };
}

function readScores(entry: JsonObject): CvssScore[] {
  return ['cvss4', 'cvss3', 'cvss'].flatMap((name) => {
    const vector = optionalString(entry[`${name}_scoring_vector`], `${name}_scoring_vector`);
    const score = optionalNumber(entry[`${name}_score`], `${name}_score`);
    if (vector === undefined || vector === '' || score === undefined) return [];
    return [{ version: /^CVSS:(\d\.\d)\//.exec(vector)?.[1] ?? '2.0', vector, score, by: 'redhat' }];
  });
}

/** The number comes as a string or as a number. */
function bugLink({ bugzilla }: JsonObject): Link[] {
  const number = optionalNumber(bugzilla, 'bugzilla');
  if (number === undefined) return [];
  return [
    { url: `https://bugzilla.redhat.com/show_bug.cgi?id=${number}`, kind: 'bug', id: `RHBZ#${number}` },
  ];
}

function readPackages(entry: JsonObject): Affected[] {
  const rows = new Map<string, Affected>();
  for (const [index, item] of asList(entry.affected_packages, 'affected_packages').entries()) {
    const text = asString(item, 'affected_packages[]', index);
    const rpm = splitNvr(text);
    if (rpm === null || text.includes('/')) continue;
    const release = releaseInName(rpm.evr);
    rows.set(text, {
      ecosystem: 'redhat',
      name: rpm.name,
      ...(release !== undefined && { release }),
      status: 'fixed',
      fixed: rpm.evr,
      versions: { scheme: 'rpm', affected: [], unaffected: [{ min: rpm.evr }], otherwise: 'unknown' },
    });
  }
  return [...rows.values()];
}
