import type { FoundPackage } from '#domain/channels';
import { issueAddress } from '../components/addresses.ts';
import { Empty } from '../components/figures.tsx';
import { IssueTitle } from '../components/issue-lines.tsx';
import { Id } from '../components/links.tsx';
import { SeverityMark, type SeverityWord } from '../components/marks.tsx';
import { counted, Day } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { ISSUES_ADDRESS, PACKAGES_ADDRESS, withQuery } from '../list-addresses.ts';
import { PackageTable } from './packages.tsx';

export interface SearchPageProps {
  frame: Frame;
  words: string;
  packages: FoundPackage[];
  products: { product: string; issues: number }[];
  issues: {
    rows: { id: string; title: string; severity: SeverityWord; lastReport: string }[];
    total: number;
  };
}

/** What there is for some words, by kind. Ids never come here: they lead straight to their page. */
export function SearchPage({ frame, words, packages, products, issues }: SearchPageProps) {
  const nothing = packages.length === 0 && products.length === 0 && issues.total === 0;
  return (
    <Layout frame={frame} title={words === '' ? 'Search' : `Search for ${words}`}>
      <header class="page-head">
        <p class="kicker">Search</p>
        <h1>{words === '' ? 'Search' : `“${words}”`}</h1>
      </header>
      {words === '' ? (
        <p class="prose quiet">
          The field above takes a number (CVE-2017-3731, DSA-3773-1, NSI-2017-0043), or a part of the name of
          a package or project.
        </p>
      ) : nothing ? (
        <Empty>
          Nothing here is called like that. That Muster does not know it says nothing about whether it is
          safe.
        </Empty>
      ) : null}
      {products.length === 0 ? null : (
        <nav class="project-index" aria-label="Projects with issues">
          <h2>{counted(products.length, 'project')} with issues</h2>
          <ul>
            {products.map(({ product, issues: count }) => (
              <li>
                <a href={withQuery(ISSUES_ADDRESS, { product })}>{product}</a>{' '}
                <span class="quiet">{count}</span>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {packages.length === 0 ? null : (
        <section aria-labelledby="packages">
          <h2 id="packages">Packages</h2>
          <PackageTable packages={packages} />
          <p class="small">
            <a href={withQuery(PACKAGES_ADDRESS, { q: words })}>All packages like “{words}”</a>
          </p>
        </section>
      )}
      {issues.total === 0 ? null : (
        <section aria-labelledby="issues">
          <h2 id="issues">{counted(issues.total, 'issue')}</h2>
          <IssueList rows={issues.rows} words={words} />
          {issues.total > issues.rows.length ? (
            <p class="small">
              <a href={withQuery(ISSUES_ADDRESS, { q: words })}>All of them</a>
            </p>
          ) : null}
        </section>
      )}
    </Layout>
  );
}

function IssueList({ rows, words }: { rows: SearchPageProps['issues']['rows']; words: string }) {
  return (
    <div class="wide">
      <table class="cards">
        <caption class="hidden">
          Issues with “{words}” in their title, the one with the latest report first
        </caption>
        <thead>
          <tr>
            <th scope="col">Issue</th>
            <th scope="col">Severity</th>
            <th scope="col">Last report</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, title, severity, lastReport }) => (
            <tr>
              <th scope="row">
                <IssueTitle title={title} href={issueAddress(id)} />
                <p class="meta">
                  <Id id={id} href={issueAddress(id)} />
                </p>
              </th>
              <td data-label="Severity">
                <SeverityMark severity={severity} />
              </td>
              <td data-label="Last report">
                <Day at={lastReport} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
