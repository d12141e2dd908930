import {
  asList,
  asNumber,
  asObject,
  asString,
  cweIds,
  type JsonObject,
  oneLine,
  optionalObject,
  optionalString,
} from '#base/formats';
import { cutText, cveKey, ownId, readDate, readRecord, splitRecords } from '../json-records.ts';
import { isWebUrl } from '../links.ts';
import { citedAdvisory, linksOf, type Reference } from '../references.ts';
import type { Affected, CvssScore, Link, ParsedReport, SourceFormat } from '../source.ts';
import { splitNvr } from './package-name.ts';
import { releaseOf } from './release.ts';
import { cveUrl, errataUrl, severityOf, statusOf } from './words.ts';

/**
 * One CVE of Red Hat's security data API (hydra/rest/securitydata/cve/CVE-….json), a file or a line each: releases with
 * the fix and its advisory, and the state of packages without one.
 */
export const hydraCve: SourceFormat = {
  name: 'hydra-cve',
  recognises: (_path, head) =>
    /^\s*\{/.test(head) &&
    /"public_date"\s*:/.test(head) &&
    /"(?:threat_severity|package_state|affected_release|details)"\s*:/.test(head),
  split: (file) => splitRecords(file, { id: ['name'], key: cveKey }),
  parse: (document) => readRecord(document, readReport),
};

function readReport(value: unknown): ParsedReport {
  const root = asObject(value, '(root)');
  const id = ownId(asString(root.name, 'name'), 'name');
  const bugzilla = optionalObject(root.bugzilla, 'bugzilla');
  const releases = listOf(root.affected_release, 'affected_release');
  const { links, cites } = readLinks(root, bugzilla, releases);
  const description = descriptionOf(root);
  const title = optionalString(bugzilla.description, 'bugzilla.description') ?? description;
  return {
    key: id,
    kind: 'tracker',
    title: oneLine(title.slice(0, 600), 300) || id,
    ...(description !== '' && { description }),
    published: readDate(optionalString(root.public_date, 'public_date'), 'public_date'),
    modified: null,
    url: cveUrl(id),
    ...severityOf(optionalString(root.threat_severity, 'threat_severity')),
    cvss: readScores(root),
    vulnerabilities: [id],
    aliases: [],
    affected: distinct([
      ...releases.flatMap(readRelease),
      ...listOf(root.package_state, 'package_state').flatMap(readState),
    ]),
    links,
    cites,
    weaknesses: cweIds(optionalString(root.cwe, 'cwe') ?? ''),
  };
}

/** One entry used to stand without a list around it. */
function listOf(value: unknown, where: string): JsonObject[] {
  const list =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? [value] : asList(value, where);
  return list.map((entry, index) => asObject(entry, `${where}[]`, index));
}

function descriptionOf(root: JsonObject): string {
  const details = asList(root.details, 'details').map((text, index) =>
    asString(text, 'details[]', index).trim(),
  );
  const statement = optionalString(root.statement, 'statement');
  const upstream = optionalString(root.upstream_fix, 'upstream_fix');
  const parts = [
    ...details,
    ...(statement === undefined ? [] : [`Statement: ${statement.trim()}`]),
    ...(upstream === undefined ? [] : [`Upstream fix: ${upstream.trim()}`]),
  ];
  return cutText(parts.join('\n\n'), 20_000);
}

function readScores(root: JsonObject): CvssScore[] {
  const scores: CvssScore[] = [];
  for (const [field, name] of [
    ['cvss4', 'cvss4'],
    ['cvss3', 'cvss3'],
    ['cvss', 'cvss'],
  ] as const) {
    const cvss = optionalObject(root[field], field);
    const vector = optionalString(cvss[`${name}_scoring_vector`], `${field}.${name}_scoring_vector`);
    if (vector === undefined || vector === '') continue;
    const version = /^CVSS:(\d\.\d)\//.exec(vector)?.[1] ?? '2.0';
    const score = asNumber(cvss[`${name}_base_score`], `${field}.${name}_base_score`);
    scores.push({ version, vector, score, by: 'redhat' });
  }
  return scores;
}

function readRelease(entry: JsonObject, index: number): Affected[] {
  const where = 'affected_release[]';
  const text = optionalString(entry.package, `${where}.package`, index);
  const advisory = optionalString(entry.advisory, `${where}.advisory`, index);
  const release = releaseOf(optionalString(entry.cpe, `${where}.cpe`, index));
  if (text === undefined) return [];
  const container = text.includes('/') ? /([^/]+?)(?:[:@].*)?$/.exec(text)?.[1] : undefined;
  const module = container === undefined ? moduleOf(text) : null;
  const rpm = container === undefined && module === null ? splitNvr(text) : null;
  const name = container ?? module?.name ?? rpm?.name ?? text;
  if (name.trim() === '') return [];
  const notes = [
    ...(container === undefined ? [] : ['container']),
    ...(module === null ? [] : [`module ${module.name}:${module.stream}`]),
    ...(advisory === undefined ? [] : [advisory]),
  ];
  return [
    {
      ecosystem: 'redhat',
      name: name.slice(0, 300),
      ...(release !== undefined && { release }),
      status: 'fixed',
      ...(rpm !== null && {
        fixed: rpm.evr,
        versions: { scheme: 'rpm', affected: [], unaffected: [{ min: rpm.evr }], otherwise: 'unknown' },
      }),
      ...(notes.length > 0 && { note: notes.join('; ').slice(0, 500) }),
    },
  ];
}

/** "nodejs:18-8080020231013…": a module and its stream. A number before the colon would be an epoch. */
function moduleOf(text: string): { name: string; stream: string } | null {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0));
  const stream = text.slice(colon + 1).split('-', 1)[0] ?? '';
  return name === '' || /-\d+$/.test(name.slice(-20)) || /\s/.test(name) ? null : { name, stream };
}

function readState(entry: JsonObject, index: number): Affected[] {
  const where = 'package_state[]';
  const text = asString(entry.package_name, `${where}.package_name`, index);
  const state = asString(entry.fix_state, `${where}.fix_state`, index);
  const release = releaseOf(optionalString(entry.cpe, `${where}.cpe`, index));
  const status = statusOf(state);
  // "nodejs:18/nodejs" is a package of a module, "openshift3/metrics" an image.
  const slash = text.lastIndexOf('/');
  const name = text.slice(slash + 1).trim();
  if (name === '') return [];
  const module = slash > 0 && text.slice(0, slash).includes(':') ? [`module ${text.slice(0, slash)}`] : [];
  return [
    {
      ecosystem: 'redhat',
      name: name.slice(0, 300),
      ...(release !== undefined && { release }),
      ...(status !== undefined && { status }),
      note: [...module, state].join('; ').slice(0, 500),
    },
  ];
}

/** One row a release: repositories of the same release repeat each other. */
function distinct(rows: readonly Affected[]): Affected[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function readLinks(
  root: JsonObject,
  bugzilla: JsonObject,
  releases: readonly JsonObject[],
): { links: Link[]; cites: string[] } {
  const references: Reference[] = asList(root.references, 'references').flatMap((text, index) =>
    asString(text, 'references[]', index)
      .split(/\s+/)
      .map((url) => ({ url })),
  );
  const found = linksOf(references);
  const links = new Map(found.links.map((link) => [link.url, link]));
  const cites = new Set(found.cites);
  const bug = optionalString(bugzilla.url, 'bugzilla.url');
  const number = optionalString(bugzilla.id, 'bugzilla.id');
  if (bug !== undefined && isWebUrl(bug))
    links.set(bug, { url: bug, kind: 'bug', ...(number !== undefined && { id: `RHBZ#${number}` }) });
  for (const [index, entry] of releases.entries()) {
    const id = citedAdvisory(optionalString(entry.advisory, 'affected_release[].advisory', index));
    if (id === null) continue;
    cites.add(id);
    links.set(errataUrl(id), { url: errataUrl(id), kind: 'advisory', id });
  }
  return { links: [...links.values()], cites: [...cites] };
}
