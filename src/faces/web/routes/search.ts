import type { Context, Hono } from 'hono';
import { parseAdvisoryIds, parseId, parseProvisionalId } from '#base/formats';
import { listAccounts } from '#domain/accounts';
import { findPackages } from '#domain/channels';
import { findProducts, issueById, searchComments, searchIssues, searchVulnerabilities } from '#domain/issues';
import { reportByKey, searchReports } from '#domain/sources';
import { type Form, redirectTo, sendPage } from '../answer.ts';
import { issueAddress, packageAddress, reportAddress } from '../components/addresses.ts';
import { vulnerabilityAddress } from '../list-addresses.ts';
import { SearchPage, type SearchPageProps } from '../pages/search.tsx';
import { wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { sourceTitle } from '../source-titles.ts';

const SHOWN = 12;

/** `/search?q=`: ids lead straight to their page; words find packages, projects, issues, vulnerabilities, reports, comments and people. */
export function searchRoutes(app: Hono, site: Site): void {
  app.get('/search', (c) => send(c, site, 'html'));
  app.get('/search.json', (c) => send(c, site, 'json'));
}

async function send(c: Context, site: Site, form: Form): Promise<Response> {
  const words = wordsOf(c, 'q');
  const exact = await addressOfId(site, words);
  if (exact !== null) return redirectTo(c, form === 'json' ? `${exact}.json` : exact, 302);
  const found = await searchAll(site, words);
  const { packages, products, issues, vulnerabilities, reports, comments, people } = found;
  const [only] = packages;
  const others = [products, issues.rows, vulnerabilities, reports, comments, people];
  if (only?.attr === words && packages.length === 1 && others.every(({ length }) => length === 0))
    return redirectTo(c, `${packageAddress(only.attr)}${form === 'json' ? '.json' : ''}`, 302);
  return sendPage(c, site, form, { words, ...found }, SearchPage);
}

/** Everything that has the words, by kind. All of it is public: what visitors report is not looked through. */
async function searchAll(site: Site, words: string): Promise<Omit<SearchPageProps, 'frame' | 'words'>> {
  const { queries } = site.database;
  if (words === '') return NOTHING;
  const handle = words.replace(/^@/, '');
  const [packages, products, issues, vulnerabilities, reports, comments, people] = await Promise.all([
    findPackages(queries, words, SHOWN),
    findProducts(queries, words, SHOWN),
    searchIssues(queries, words, SHOWN),
    searchVulnerabilities(queries, words, SHOWN),
    searchReports(queries, words, SHOWN),
    searchComments(queries, words, SHOWN),
    listAccounts(queries, { words: handle, limit: SHOWN, offset: 0 }),
  ]);
  const names = await site.names(comments.map(({ author }) => author));
  return {
    packages,
    products,
    issues: {
      rows: issues.issues.map(({ lastReport, ...issue }) => ({
        ...issue,
        lastReport: lastReport.toISOString(),
      })),
      total: issues.total,
    },
    vulnerabilities: vulnerabilities.map(({ published, ...one }) => ({
      ...one,
      published: published?.toISOString() ?? null,
    })),
    reports: reports.map(({ published, ...one }) => ({
      ...one,
      sourceTitle: sourceTitle(one.source),
      published: published?.toISOString() ?? null,
    })),
    comments: comments.map(({ id, issue, author, at, excerpt }) => ({
      id,
      issue,
      by: names(author).label,
      at: at.toISOString(),
      excerpt,
    })),
    people: people.rows.map(({ handle: who, name, role }) => ({ handle: who, name, role })),
  };
}

const NOTHING: Omit<SearchPageProps, 'frame' | 'words'> = {
  packages: [],
  products: [],
  issues: { rows: [], total: 0 },
  vulnerabilities: [],
  reports: [],
  comments: [],
  people: [],
};

/** Where an id leads, if the text is one: an issue, an advisory that we hold, a vulnerability (of which there is always something to say). */
async function addressOfId(site: Site, text: string): Promise<string | null> {
  const { queries } = site.database;
  const issue = /^#?([a-z]{2,8}-\d{4}-\d{1,9})$/i.exec(text)?.[1]?.toUpperCase();
  if (issue !== undefined && (await issueById(queries, issue)) !== null) return issueAddress(issue);
  const vulnerability = parseId(text);
  if (vulnerability !== null) return vulnerabilityAddress(vulnerability);
  const provisional = parseProvisionalId(text);
  if (provisional !== null) return vulnerabilityAddress(provisional.id);
  const [advisory, ...others] = parseAdvisoryIds(text);
  if (advisory === undefined || others.length > 0 || text.length > advisory.id.length + 4) return null;
  const report = await reportByKey(queries, advisory.source, advisory.id);
  return report === null ? null : reportAddress(report.source, report.key);
}
