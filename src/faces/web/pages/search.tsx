import type { FoundPackage } from '#domain/channels';
import { issueAddress, personAddress, reportAddress } from '../components/addresses.ts';
import { Empty } from '../components/figures.tsx';
import { IssueTitle } from '../components/issue-lines.tsx';
import { Id } from '../components/links.tsx';
import { SeverityMark, type SeverityWord } from '../components/marks.tsx';
import { counted, Day } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { ISSUES_ADDRESS, PACKAGES_ADDRESS, vulnerabilityAddress, withQuery } from '../list-addresses.ts';
import type { Child } from '../markup/markup.ts';
import { PackageTable } from './packages.tsx';

export interface SearchPageProps {
  frame: Frame;
  words: string;
  packages: FoundPackage[];
  products: { product: string; issues: number }[];
  issues: {
    rows: { id: string; title: string; severity: SeverityWord; lastReport: string }[];
    /** Counted to a thousand. */
    total: number;
  };
  vulnerabilities: {
    id: string;
    title: string | null;
    state: 'published' | 'reserved' | 'rejected';
    severity: SeverityWord;
    published: string | null;
  }[];
  reports: { source: string; sourceTitle: string; key: string; title: string; published: string | null }[];
  comments: { id: number; issue: string; by: string; at: string; excerpt: string }[];
  people: { handle: string; name: string; role: string }[];
}

/** What there is for some words, by kind. Ids never come here: they lead straight to their page. */
export function SearchPage(props: SearchPageProps) {
  const { frame, words, packages, products, issues, vulnerabilities, reports, comments, people } = props;
  const found = [packages, products, issues.rows, vulnerabilities, reports, comments, people];
  const nothing = found.every(({ length }) => length === 0);
  return (
    <Layout frame={frame} title={words === '' ? 'Search' : `Search for ${words}`}>
      <header class="page-head">
        <p class="kicker">Search</p>
        <h1>{words === '' ? 'Search' : `“${words}”`}</h1>
      </header>
      {words === '' ? (
        <p class="prose quiet">
          The field above takes a number (CVE-2017-3731, DSA-3773-1, NSI-2017-0043), or a part of the name of
          a package or project, a word of a title, a description or a comment, or somebody’s @handle.
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
          <h2 id="issues">
            {issues.total >= 1000 ? 'A thousand issues or more' : counted(issues.total, 'issue')}
          </h2>
          <IssueList rows={issues.rows} words={words} />
          {issues.total > issues.rows.length ? (
            <p class="small">
              <a href={withQuery(ISSUES_ADDRESS, { q: words })}>All of them</a>
            </p>
          ) : null}
        </section>
      )}
      <Found
        id="vulnerabilities"
        heading="Vulnerabilities"
        rows={vulnerabilities}
        line={({ id, title, state, severity, published }) => (
          <>
            <Id id={id} href={vulnerabilityAddress(id)} /> {title ?? ''}{' '}
            {state === 'published' ? <SeverityMark severity={severity} /> : <span>{state}</span>}{' '}
            <span class="quiet">
              <Day at={published} />
            </span>
          </>
        )}
      />
      <Found
        id="reports"
        heading="Reports"
        rows={reports}
        line={({ source, sourceTitle, key, title, published }) => (
          <>
            <Id id={key} href={reportAddress(source, key)} /> {title === key ? '' : title}{' '}
            <span class="quiet">
              {sourceTitle}, <Day at={published} />
            </span>
          </>
        )}
      />
      <Found
        id="comments"
        heading="Comments"
        rows={comments}
        line={({ id, issue, by, at, excerpt }) => (
          <>
            <a href={`${issueAddress(issue)}#comment-${id}`}>{issue}</a> {excerpt}{' '}
            <span class="quiet">
              {by}, <Day at={at} />
            </span>
          </>
        )}
      />
      <Found
        id="people"
        heading="People"
        rows={people}
        line={({ handle, name, role }) => (
          <>
            <a href={personAddress(handle)}>@{handle}</a> {name} <span class="quiet">{role}</span>
          </>
        )}
      />
    </Layout>
  );
}

/** What was found of one kind, a line each; nothing where there is nothing. */
function Found<T>({
  id,
  heading,
  rows,
  line,
}: {
  id: string;
  heading: string;
  rows: readonly T[];
  line: (row: T) => Child;
}) {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      <ul class="plain">
        {rows.map((row) => (
          <li>{line(row)}</li>
        ))}
      </ul>
    </section>
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
