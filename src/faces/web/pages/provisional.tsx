import { ownAddress, reportAddress } from '../components/addresses.ts';
import { Empty } from '../components/figures.tsx';
import { Id } from '../components/links.tsx';
import { counted, Day } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { ISSUES_ADDRESS, vulnerabilityAddress, withQuery } from '../list-addresses.ts';

export interface ProvisionalPageProps {
  frame: Frame;
  id: string;
  said: string;
  /** The number that it stands for; null where none is known. */
  of: string | null;
  entries: {
    source: string;
    sourceTitle: string;
    key: string;
    title: string;
    since: string;
    goneAt: string | null;
    /** With the product under which issues are listed. */
    packages: { name: string; product: string }[];
  }[];
}

/** An id that is none for good: everything that bears it. */
export function ProvisionalPage({ frame, id, said, of, entries }: ProvisionalPageProps) {
  return (
    <Layout
      frame={frame}
      title={id}
      description={said}
      alternates={[{ type: 'application/json', href: `${frame.path}.json` }]}
    >
      <header class="page-head">
        <p class="kicker">Provisional id</p>
        <h1>{id}</h1>
        <p class="lead">{said}</p>
        {of === null ? null : (
          <p>
            <a href={ownAddress(vulnerabilityAddress(of))}>Are we hit by {of}?</a>
          </p>
        )}
      </header>
      <section aria-labelledby="entries">
        <h2 id="entries">{counted(entries.length, 'entry', 'entries')}</h2>
        {entries.length === 0 ? (
          <Empty>No source that we read has it. That says nothing of whether we are hit.</Empty>
        ) : (
          <ul class="plain">
            {entries.map(({ source, sourceTitle, key, title, since, goneAt, packages }) => (
              <li>
                <Id id={key} href={reportAddress(source, key)} /> {title}{' '}
                {packages.map(({ name, product }) => (
                  <>
                    <a href={withQuery(ISSUES_ADDRESS, { product })}>issues of {name}</a>{' '}
                  </>
                ))}
                <span class="quiet">
                  {sourceTitle}, read since <Day at={since} />
                  {goneAt === null ? null : (
                    <>
                      ; not there any more since <Day at={goneAt} />: it may have its number
                    </>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </Layout>
  );
}
