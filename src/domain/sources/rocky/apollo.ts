import { asList, asObject, asString, cweIds, optionalString, parseIds, scoreVector } from '#base/formats';
import { compose, fixedRow, ratingBy, rebuiltIn } from '../compose.ts';
import { splitNvr } from '../forms/rpm.ts';
import { readDate, readRecord, splitRecords } from '../json-records.ts';
import type { Affected, ParsedReport, SourceFormat } from '../source.ts';
import { rockyId, rockyUrl } from './ids.ts';

/** Pages of Apollo's API: every advisory with every package, sources among them. */
export const apollo: SourceFormat = {
  name: 'apollo',
  recognises: (_path, head) =>
    /"advisories"\s*:\s*\[/.test(head) && /"(?:red_hat_advisory_id|synopsis)"\s*:/.test(head),
  namedByReport: true,
  split: (file) => splitRecords(file, { list: 'advisories', id: ['name'], key: (id) => id || null }),
  parse: (document) => readRecord(document, reportOf),
};

function reportOf(value: unknown): ParsedReport | null {
  const entry = asObject(value, '(root)');
  const key = rockyId(asString(entry.name, 'name'), 'name');
  const cves = asList(entry.cves, 'cves').map((cve, index) => asObject(cve, 'cves[]', index));
  const vulnerabilities = cves.flatMap((cve) => parseIds(asString(cve.cve, 'cves[].cve')));
  if (entry.kind !== 'Security' && vulnerabilities.length === 0) return null;
  const text = (name: string) => optionalString(entry[name], name) ?? '';
  return compose({
    key,
    kind: 'advisory',
    title: text('synopsis'),
    description: text('description'),
    published: readDate(optionalString(entry.published_at, 'published_at'), 'published_at'),
    modified: readDate(optionalString(entry.updated_at, 'updated_at'), 'updated_at'),
    url: rockyUrl(key),
    severity: text('severity') === 'None' ? undefined : ratingBy(text('severity')),
    cvss: cves.flatMap((cve) => {
      const score = scoreVector(
        optionalString(cve.cvss3_scoring_vector, 'cves[].cvss3_scoring_vector') ?? '',
      );
      return score === null ? [] : [{ ...score, by: 'redhat' }];
    }),
    vulnerabilities,
    affected: rowsOf(asList(entry.packages, 'packages')),
    links: asList(entry.fixes, 'fixes').map((fix, index) => ({
      url: optionalString(asObject(fix, 'fixes[]', index).source, 'fixes[].source', index) ?? '',
    })),
    weaknesses: cves.flatMap((cve) => cweIds(optionalString(cve.cwe, 'cves[].cwe') ?? '')),
  });
}

/** Source packages where they are named, by release; else all. */
function rowsOf(packages: readonly unknown[]): Affected[] {
  const builds = packages.flatMap((value, index) => {
    const pkg = asObject(value, 'packages[]', index);
    const nevra = asString(pkg.nevra, 'packages[].nevra', index);
    const nvr = splitNvr(nevra);
    const product = optionalString(pkg.product_name, 'packages[].product_name', index) ?? '';
    const module = optionalString(pkg.module_name, 'packages[].module_name', index);
    const stream = optionalString(pkg.module_stream, 'packages[].module_stream', index) ?? '';
    if (nvr === null) return [];
    return [{ ...nvr, source: /\.src(?:\.rpm)?$/.test(nevra), release: releaseOf(product), module, stream }];
  });
  const sources = builds.filter(({ source }) => source);
  return (sources.length > 0 ? sources : builds).map(({ name, evr, release, module, stream }) =>
    fixedRow(
      { ecosystem: 'rocky', name, release },
      rebuiltIn('rpm', evr),
      module === undefined ? '' : `module ${module}:${stream}`,
    ),
  );
}

/** "el8" for "Rocky Linux 8.6 x86_64 (Legacy)". */
function releaseOf(product: string): string | undefined {
  const version = /^Rocky Linux(?: [A-Za-z ]{1,40})? (\d{1,2})\b/.exec(product)?.[1];
  return version === undefined ? undefined : `el${version}`;
}
