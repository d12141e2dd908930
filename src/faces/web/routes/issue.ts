import type { Context, Hono } from 'hono';
import { findEvents, type Queries } from '#base/db';
import {
  announcementsOf,
  atomsOf,
  canonicalProduct,
  endOfIssue,
  explainReports,
  type Issue,
  issueById,
  membershipsOf,
} from '#domain/issues';
import { type Hit, hitsOfIssues } from '#domain/matching';
import { listProposals } from '#domain/proposals';
import { roundupsListing } from '#domain/roundup';
import { affectedOf, type Report, type ReportAffected, reportsById } from '#domain/sources';
import { CACHE_CONTROL, type Form, readings, sendPage } from '../answer.ts';
import { issueAddress } from '../components/addresses.ts';
import type { StandingRow } from '../components/evidence.tsx';
import type { PatchLink } from '../components/links.tsx';
import type { VulnerabilityFacts } from '../components/vulnerabilities.tsx';
import { editingOf, readDecisions } from '../decisions.ts';
import { makeFrame } from '../frame.ts';
import { historyEntries } from '../history-entries.ts';
import { htmlDocument } from '../layout.tsx';
import { withQuery } from '../list-addresses.ts';
import { type AdvisoryRow, IssuePage, type IssuePageProps, type MemberReport } from '../pages/issue.tsx';
import { NotFoundPage } from '../pages/not-found.tsx';
import { viewProposals } from '../proposal-views.ts';
import { type KnownChannels, readChannels } from '../read-channels.ts';
import { wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { sourceTitle } from '../source-titles.ts';
import { vulnerabilityFacts } from '../vulnerability-facts.ts';
import { whoOf } from '../who.ts';
import { sendNotFound } from './not-found.ts';

type IssueData = Omit<IssuePageProps, 'frame'>;

/** `/issues/NSI-2017-0043`. One that was merged leads to what it became part of, and the page there says so. */
export function issueRoutes(app: Hono, site: Site): void {
  app.get('/issues/:id', async (c) => {
    const wanted = readings(c.req.param('id')).at(-1);
    const id = wanted?.name.toUpperCase() ?? '';
    const found = /^[A-Z]{2,8}-\d{4}-\d{1,9}$/.test(id) ? await issueById(site.database.queries, id) : null;
    if (wanted === undefined || found === null) return sendNotFound(c, site);
    if (found.redirect !== null) return sendMoved(c, site, wanted.form, found.redirect, id);
    const [data, notes, together] = await Promise.all([
      issueData(site, found.issue),
      notesOn(c, site, id),
      togetherOn(c, site, id),
    ]);
    return sendPage(c, site, wanted.form, { ...data, notes, ...together }, (props) =>
      IssuePage({ ...props, editing: editingOf(whoOf(c)) }),
    );
  });
}

const SHOWN_EVENTS = 40;

/** What people decided and proposed of it, and what happened to it. */
async function togetherOn(
  c: Context,
  site: Site,
  id: string,
): Promise<Pick<IssuePageProps, 'decisions' | 'proposals' | 'history'>> {
  const { queries } = site.database;
  const whose = c.req.query('events');
  const who = whose === 'people' || whose === 'machine' ? whose : null;
  const [decisions, open, { events, olderThan }] = await Promise.all([
    readDecisions(site, [id]),
    listProposals(queries, { state: 'open', topic: `issue:${id}`, limit: 20 }),
    findEvents(queries, {
      entity: 'issue',
      entityId: id,
      limit: SHOWN_EVENTS,
      ...(who === null ? {} : { who }),
    }),
  ]);
  return {
    decisions,
    proposals: open.length === 0 ? [] : await viewProposals(site, whoOf(c), open),
    history: { entries: await historyEntries(site, whoOf(c), events), who, older: olderThan !== null },
  };
}

/** What one has to know before reading on. */
async function notesOn(c: Context, site: Site, id: string): Promise<string[]> {
  const { queries } = site.database;
  const [ended, merged] = await Promise.all([endOfIssue(queries, id), mergedInto(c, queries, id)]);
  return [
    ...(merged === null ? [] : [`${merged} became part of this issue.`]),
    ...(ended === null
      ? []
      : [
          `Its last report was taken back on ${ended.toISOString().slice(0, 10)}: the issue has ended, and its number is not used again.`,
        ]),
  ];
}

/** The id that led here, if it truly does: whoever writes the address does not write the page. */
async function mergedInto(c: Context, queries: Queries, id: string): Promise<string | null> {
  const from = wordsOf(c, 'merged');
  if (!/^[A-Z]{2,8}-\d{4}-\d{1,9}$/.test(from)) return null;
  return (await issueById(queries, from))?.redirect === id ? from : null;
}

async function sendMoved(c: Context, site: Site, form: Form, to: string, from: string): Promise<Response> {
  const address = `${issueAddress(to)}${form === 'json' ? '.json' : ''}`;
  c.header('Location', withQuery(address, { merged: from }));
  c.header('Cache-Control', CACHE_CONTROL);
  if (form === 'json') return c.json({ id: from, movedTo: to }, 308);
  const target = await issueById(site.database.queries, to);
  const page = NotFoundPage({
    frame: await makeFrame(c, site),
    wanted: from,
    suggestions: [],
    movedTo: { id: to, title: target?.issue.title ?? '' },
  });
  return c.html(htmlDocument(page), 308);
}

async function issueData(site: Site, issue: Issue): Promise<IssueData> {
  const { queries } = site.database;
  const ids = [issue.id];
  const [atoms, memberships, announced, hits, channels, roundups] = await Promise.all([
    atomsOf(queries, ids),
    membershipsOf(queries, ids),
    announcementsOf(queries, ids),
    hitsOfIssues(queries, ids),
    readChannels(site),
    roundupsListing(queries, issue.id),
  ]);
  const vulnerabilities = [...new Set(atoms.map(({ vulnerability }) => vulnerability))];
  const reports = await reportsById(
    queries,
    memberships.map(({ report }) => report),
  );
  const [facts, affected, why] = await Promise.all([
    vulnerabilityFacts(queries, vulnerabilities),
    affectedOf(
      queries,
      reports.filter(({ kind }) => kind === 'advisory').map(({ id }) => id),
    ),
    explainReports(queries, { atoms, memberships, reports }),
  ]);
  const { advisories = [], patches = [] } = announced.get(issue.id) ?? {};
  const subject = {
    products: new Set(atoms.map(({ product }) => product)),
    vulnerabilities: new Set(vulnerabilities),
  };
  const byId = new Map(reports.map((report) => [report.id, report]));
  // A record may have opened the issue; it announces no fix.
  const announcing = advisories.filter(
    ({ report }) => report === null || byId.get(report)?.kind === 'advisory',
  );
  const rows = announcing.map(({ id, source, published, url, report, citedBy }): AdvisoryRow => {
    const held = report === null ? undefined : byId.get(report);
    return {
      id,
      source,
      sourceTitle: sourceTitle(source),
      published: published?.toISOString().slice(0, 10) ?? null,
      url,
      report: held?.key ?? null,
      citedBy,
      fixed: held === undefined ? [] : fixedVersions(affected, held.id, subject),
      patches: held === undefined ? [] : patchesOf(held, subject.vulnerabilities),
    };
  });
  const shown = new Set(rows.flatMap((row) => row.patches.map(({ url }) => url)));
  return {
    id: issue.id,
    product: issue.product,
    title: issue.title,
    severity: issue.severity,
    severityBy: ratedBy(issue, facts),
    opened: issue.opened.toISOString(),
    lastReport: issue.lastReport.toISOString(),
    advisories: rows,
    patches: patches
      .filter(({ url }) => !shown.has(url))
      .map(({ url, vulnerability, source }) => ({ url, vulnerability, source: sourceTitle(source) })),
    channels: channels.heads,
    packages: standingRows(hits, channels),
    vulnerabilities: facts,
    reports: memberReports(reports, memberships, why),
    roundups,
  };
}

interface Subject {
  products: ReadonlySet<string>;
  vulnerabilities: ReadonlySet<string>;
}

/** Which version brings the fix where: only of what the issue is about, as an advisory may speak of others too. */
function fixedVersions(
  affected: readonly ReportAffected[],
  report: number,
  { products, vulnerabilities }: Subject,
): AdvisoryRow['fixed'] {
  const rows = affected.filter(
    (row) =>
      row.report === report &&
      products.has(canonicalProduct(row.ecosystem, row.name)) &&
      (row.vulnerability === null ||
        row.vulnerability === undefined ||
        vulnerabilities.has(row.vulnerability)) &&
      (row.fixed != null || row.status === 'wont_fix'),
  );
  const distinct = new Map(
    rows.map(({ name, release, fixed }) => [
      JSON.stringify([name, release, fixed]),
      { name, release: release ?? null, version: fixed ?? null },
    ]),
  );
  return [...distinct.values()];
}

function patchesOf(
  { links, source, vulnerabilities: named }: Report,
  wanted: ReadonlySet<string>,
): PatchLink[] {
  return (links ?? []).flatMap(({ kind, url, vulnerability }) => {
    const about = vulnerability ?? (named.length === 1 ? (named[0] ?? null) : null);
    if (kind !== 'patch' || (about !== null && !wanted.has(about))) return [];
    return [{ url, vulnerability: about, source: sourceTitle(source) }];
  });
}

/** Who rated the gravest of its flaws as the issue is rated; null where nobody did. */
function ratedBy({ severity }: Issue, facts: readonly VulnerabilityFacts[]): string | null {
  if (severity === null) return null;
  const raters = facts
    .filter((each) => each.severity === severity)
    .flatMap(({ records }) => records.map(({ source }) => sourceTitle(source)));
  const distinct = [...new Set(raters)].sort();
  return distinct.length === 0 ? null : distinct.join(', ');
}

function standingRows(hits: readonly Hit[], { heads, newest }: KnownChannels): StandingRow[] {
  const byAttr = new Map<string, Hit[]>();
  for (const hit of hits) {
    const list = byAttr.get(hit.attr);
    if (list === undefined) byAttr.set(hit.attr, [hit]);
    else list.push(hit);
  }
  return [...byAttr].map(([attr, own]) => ({
    attr,
    score: own[0]?.score ?? 0,
    reasons: own[0]?.reasons ?? [],
    cells: heads.map(({ name }) => {
      const hit = own.find(({ channel }) => channel === name);
      // Of a channel that was never read nobody can say that it has no such package.
      const none = newest.has(name) ? ('absent' as const) : ('unknown' as const);
      return hit === undefined
        ? { channel: name, verdict: none, version: null, evidence: [], patched: [] }
        : {
            channel: name,
            verdict: hit.verdict,
            version: hit.version,
            evidence: hit.evidence.map(({ vulnerability, verdict, why }) => ({
              vulnerability,
              verdict,
              why,
            })),
            patched: hit.patched,
          };
    }),
  }));
}

function memberReports(
  reports: readonly Report[],
  memberships: readonly { report: number; coverage: 'full' | 'partial' }[],
  why: readonly { report: number; sentence: string }[],
): MemberReport[] {
  const coverage = new Map(memberships.map((row) => [row.report, row.coverage]));
  return reports.map(({ id, source, key, title, published }) => ({
    source,
    sourceTitle: sourceTitle(source),
    key,
    title,
    published: published?.toISOString().slice(0, 10) ?? null,
    coverage: coverage.get(id) ?? 'full',
    why: why.filter(({ report }) => report === id).map(({ sentence }) => sentence),
  }));
}
