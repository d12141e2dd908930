import type { Context, Hono } from 'hono';
import { parseAdvisoryIds, parseId } from '#base/formats';
import { findPackages } from '#domain/channels';
import { findIssues, findProducts, issueById } from '#domain/issues';
import { reportByKey } from '#domain/sources';
import { type Form, redirectTo, sendPage } from '../answer.ts';
import { issueAddress, packageAddress, reportAddress } from '../components/addresses.ts';
import { vulnerabilityAddress } from '../list-addresses.ts';
import { SearchPage } from '../pages/search.tsx';
import { wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';

const SHOWN = 20;

/** `/search?q=`: ids lead straight to their page; words find packages, products and issues. */
export function searchRoutes(app: Hono, site: Site): void {
  app.get('/search', (c) => send(c, site, 'html'));
  app.get('/search.json', (c) => send(c, site, 'json'));
}

async function send(c: Context, site: Site, form: Form): Promise<Response> {
  const { queries } = site.database;
  const words = wordsOf(c, 'q');
  const exact = await addressOfId(site, words);
  if (exact !== null) return redirectTo(c, form === 'json' ? `${exact}.json` : exact, 302);
  const [packages, products, { issues, total }] =
    words === ''
      ? [[], [], { issues: [], total: 0 }]
      : await Promise.all([
          findPackages(queries, words, SHOWN),
          findProducts(queries, words, SHOWN),
          findIssues(queries, { words, limit: SHOWN, offset: 0 }),
        ]);
  const [only] = packages;
  if (only?.attr === words && packages.length === 1 && products.length === 0 && total === 0)
    return redirectTo(c, `${packageAddress(only.attr)}${form === 'json' ? '.json' : ''}`, 302);
  const data = {
    words,
    packages,
    products,
    issues: {
      rows: issues.map(({ id, title, severity, lastReport }) => ({
        id,
        title,
        severity,
        lastReport: lastReport.toISOString(),
      })),
      total,
    },
  };
  return sendPage(c, site, form, data, SearchPage);
}

/** Where an id leads, if the text is one: an issue, an advisory that we hold, a vulnerability (of which there is always something to say). */
async function addressOfId(site: Site, text: string): Promise<string | null> {
  const { queries } = site.database;
  const issue = /^#?([a-z]{2,8}-\d{4}-\d{1,9})$/i.exec(text)?.[1]?.toUpperCase();
  if (issue !== undefined && (await issueById(queries, issue)) !== null) return issueAddress(issue);
  const vulnerability = parseId(text);
  if (vulnerability !== null) return vulnerabilityAddress(vulnerability);
  const [advisory, ...others] = parseAdvisoryIds(text);
  if (advisory === undefined || others.length > 0 || text.length > advisory.id.length + 4) return null;
  const report = await reportByKey(queries, advisory.source, advisory.id);
  return report === null ? null : reportAddress(report.source, report.key);
}
