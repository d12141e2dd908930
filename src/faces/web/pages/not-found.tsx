import { issueAddress, ownAddress } from '../components/addresses.ts';
import { Id } from '../components/links.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { REPORT_ADDRESS } from '../list-addresses.ts';

export interface NotFoundPageProps {
  frame: Frame;
  /** What was asked for, as words: "NSI-2017-9999". */
  wanted: string;
  /** What may have been meant. */
  suggestions: { kind: string; label: string; href: string }[];
  /** Set where the page has moved: an issue that was merged into another one. */
  movedTo: { id: string; title: string } | null;
}

/** There is no such page; what was meant, perhaps. */
export function NotFoundPage({ frame, wanted, suggestions, movedTo }: NotFoundPageProps) {
  return (
    <Layout frame={frame} title="Not found">
      <header class="page-head">
        <p class="kicker">404</p>
        <h1>There is no page for “{wanted}”</h1>
      </header>
      {movedTo === null ? null : (
        <p class="lead">
          It became part of <Id id={movedTo.id} href={issueAddress(movedTo.id)} /> {movedTo.title}.
        </p>
      )}
      {suggestions.length === 0 ? (
        <p class="prose">
          Nothing here has a name like that. That Muster does not know a number says nothing about whether it
          is safe: it may be reserved, or no source that we read has spoken of it.
        </p>
      ) : (
        <section aria-labelledby="meant">
          <h2 id="meant">Did you mean</h2>
          <ul class="plain">
            {suggestions.map(({ kind, label, href }) => (
              <li>
                <span class="kind">{kind}</span> <a href={ownAddress(href)}>{label}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p>
        <a href="/">To the first page</a> · <a href={REPORT_ADDRESS}>Report a problem</a>, without an account
      </p>
    </Layout>
  );
}
