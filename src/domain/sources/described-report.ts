import type { Link } from './source.ts';
import type { Report } from './store-reading.ts';

/** What a report says, as its page and its answer say it: moments as texts of ISO 8601, null for what it does not say. */
export function describedReport(report: Report, links: readonly Link[]) {
  return {
    kind: report.kind,
    title: report.title,
    description: report.description,
    url: report.url,
    published: report.published?.toISOString() ?? null,
    modified: report.modified?.toISOString() ?? null,
    fetchedFirst: report.fetchedFirst.toISOString(),
    fetchedLast: report.fetchedLast.toISOString(),
    revision: report.revision,
    goneAt: report.goneAt?.toISOString() ?? null,
    withdrawn: report.withdrawn,
    severity: report.severity,
    severityAs: report.severityAs,
    cvss: (report.cvss ?? []).map(({ version, vector, score, by }) => ({
      version,
      vector,
      score,
      by: by ?? null,
    })),
    vulnerabilities: report.vulnerabilities,
    aliases: report.aliases ?? [],
    weaknesses: report.weaknesses ?? [],
    cites: report.cites ?? [],
    links: links.map(({ url, kind, note }) => ({ url, kind, note: note ?? null })),
  };
}
