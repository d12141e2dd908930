import type { Hono } from 'hono';
import { rangeWords } from '#base/versions';
import { issuesOfReport, membershipsOf } from '#domain/issues';
import {
  affectedOf,
  allLinks,
  describedReport,
  type Report,
  rawLength,
  readRaw,
  reportByKey,
  SOURCES,
} from '#domain/sources';
import { readings, sendPage, sendRaw } from '../answer.ts';
import { rawReportAddress } from '../list-addresses.ts';
import { type AffectedRow, ReportPage, type ReportPageProps } from '../pages/report.tsx';
import type { Site } from '../site.ts';
import { sendNotFound } from './not-found.ts';

/** `/reports/debian/DSA-3773-1`, and its bytes as they came at `…/raw`. */
export function reportRoutes(app: Hono, site: Site): void {
  const { queries } = site.database;

  app.get('/reports/:source/:key', async (c) => {
    const { source, key } = c.req.param();
    for (const { name, form } of readings(key)) {
      const report = await reportByKey(queries, source, name);
      if (report !== null) return sendPage(c, site, form, await reportData(site, report), ReportPage);
    }
    return sendNotFound(c, site);
  });

  app.get('/reports/:source/:key/raw', async (c) => {
    const { source, key } = c.req.param();
    const report = await reportByKey(queries, source, key);
    const bytes = report === null ? null : await readRaw(queries, report);
    return bytes === null ? sendNotFound(c, site) : sendRaw(c, bytes, `${source}-${key}`);
  });
}

async function reportData(site: Site, report: Report): Promise<Omit<ReportPageProps, 'frame'>> {
  const { queries } = site.database;
  const [affected, issues, bytes, links] = await Promise.all([
    affectedOf(queries, [report.id]),
    issuesOfReport(queries, report.id),
    rawLength(queries, report),
    allLinks(queries, report),
  ]);
  const memberships = await membershipsOf(
    queries,
    issues.map(({ id }) => id),
  );
  const coverage = new Map(
    memberships.filter((row) => row.report === report.id).map((row) => [row.issue, row.coverage]),
  );
  return {
    source: describeSource(report.source),
    id: report.key,
    ...describedReport(report, links),
    state:
      report.state === 'published' || report.state === 'reserved' || report.state === 'rejected'
        ? report.state
        : null,
    affected: affected.map(affectedRow),
    issues: issues.map(({ id, title }) => ({ id, title, coverage: coverage.get(id) ?? 'full' })),
    raw: { href: rawReportAddress(report.source, report.key), bytes: bytes ?? 0 },
  };
}

function affectedRow(row: Awaited<ReturnType<typeof affectedOf>>[number]): AffectedRow {
  return {
    ecosystem: row.ecosystem,
    vendor: row.vendor ?? null,
    name: row.name,
    release: row.release ?? null,
    status: row.status ?? null,
    fixed: row.fixed ?? null,
    range: row.versions ? rangeWords(row.versions) : null,
    vulnerability: row.vulnerability ?? null,
    note: row.note ?? null,
  };
}

/** A source that this Muster no longer knows still has its reports here. */
function describeSource(id: string): ReportPageProps['source'] {
  const source = SOURCES.find((each) => each.id === id);
  return source === undefined
    ? { id, title: id, licence: { name: 'unknown', url: '' } }
    : { id, title: source.title, licence: { name: source.licence.name, url: source.licence.url } };
}
