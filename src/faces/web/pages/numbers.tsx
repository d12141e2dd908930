import type { ReservedButPublic } from '#domain/issues';
import { reportAddress } from '../components/addresses.ts';
import { Empty, Facts, Pager } from '../components/figures.tsx';
import { Id } from '../components/links.tsx';
import { counted, Day, number, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { NUMBERS_ADDRESS, vulnerabilityAddress, withQuery } from '../list-addresses.ts';

export interface NumbersPageProps {
  frame: Frame;
  /** When all of it was counted; null where it was not yet. */
  madeAt: string | null;
  years: {
    year: number;
    published: number;
    reserved: number;
    rejected: number;
    unrecorded: number;
    highest: string;
    missing: number;
    gaps: number;
  }[];
  provisional: { prefix: string; ids: number; issues: number }[];
  reserved: {
    total: number;
    /** So many of them are listed, the ones announced last. */
    listed: number;
    /** Those that this part of the list shows, with the titles of sources. */
    shown: (ReservedButPublic & { firstTitle: string; byTitles: string[] })[];
    page: number;
    pages: number;
  };
  /** Whether records of the CVE list were ever read: without them every number reads as undescribed. */
  recordsRead: boolean;
  longestGap: number;
}

/** Numbers, not flaws: which are public, reserved, rejected, and which nobody has spoken of. */
export function NumbersPage(props: NumbersPageProps) {
  const { frame, years, provisional, reserved, recordsRead, longestGap } = props;
  const all = (key: 'published' | 'reserved' | 'rejected' | 'unrecorded' | 'missing') =>
    number(years.reduce((sum, year) => sum + year[key], 0));
  return (
    <Layout
      frame={frame}
      title="Numbers"
      description="How many CVE numbers are public, reserved, rejected, or spoken of by nobody."
      alternates={[{ type: 'application/json', href: `${NUMBERS_ADDRESS}.json` }]}
    >
      <header class="page-head">
        <p class="kicker">Numbers, not flaws: what is known of them, and what is not</p>
        <h1>Numbers</h1>
        <Facts
          facts={[
            { name: 'Published', value: <strong class="figure">{all('published')}</strong> },
            { name: 'Reserved', value: all('reserved') },
            { name: 'Rejected', value: all('rejected') },
            { name: 'Named, not described', value: all('unrecorded') },
            { name: 'Never heard of', value: all('missing') },
            {
              name: 'Counted',
              value: props.madeAt === null ? 'not yet' : <When at={props.madeAt} now={frame.now} />,
            },
          ]}
        />
        {props.madeAt !== null ? null : (
          <p class="note">Nothing has been counted yet; that happens by itself after issues were computed.</p>
        )}
        {recordsRead ? null : (
          <p class="note">
            The CVE list was never read here: no number is known to be reserved, and what reports name counts
            as not described.
          </p>
        )}
      </header>
      <section aria-labelledby="reserved">
        <h2 id="reserved">Reserved, and public all the same</h2>
        <p class="prose">
          {counted(reserved.total, 'number')} that distributions announce and whose record is not public, the
          latest announcement first.
          {reserved.listed < reserved.total ? ` Only the latest ${number(reserved.listed)} are listed.` : ''}
        </p>
        <ReservedTable {...props} />
      </section>
      <section aria-labelledby="years">
        <h2 id="years">By year</h2>
        {years.length === 0 ? (
          <Empty>No source that we read has spoken of any number yet.</Empty>
        ) : (
          <div class="wide">
            <table class="cards">
              <caption class="hidden">Numbers of the CVE list by year and state</caption>
              <thead>
                <tr>
                  <th scope="col">Year</th>
                  <th scope="col" class="cell-number">
                    Published
                  </th>
                  <th scope="col" class="cell-number">
                    Reserved
                  </th>
                  <th scope="col" class="cell-number">
                    Rejected
                  </th>
                  <th scope="col" class="cell-number">
                    Named, not described
                  </th>
                  <th scope="col" class="cell-number">
                    Never heard of
                  </th>
                  <th scope="col" class="cell-number">
                    Gaps
                  </th>
                  <th scope="col">Highest</th>
                </tr>
              </thead>
              <tbody>
                {years.map((year) => (
                  <tr>
                    <th scope="row">{year.year}</th>
                    <td class="cell-number" data-label="Published">
                      {number(year.published)}
                    </td>
                    <td class="cell-number" data-label="Reserved">
                      {number(year.reserved)}
                    </td>
                    <td class="cell-number" data-label="Rejected">
                      {number(year.rejected)}
                    </td>
                    <td class="cell-number" data-label="Named, not described">
                      {number(year.unrecorded)}
                    </td>
                    <td class="cell-number" data-label="Never heard of">
                      {number(year.missing)}
                    </td>
                    <td class="cell-number" data-label="Gaps">
                      {number(year.gaps)}
                    </td>
                    <td data-label="Highest">
                      <Id id={year.highest} href={vulnerabilityAddress(year.highest)} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <p class="prose small quiet">
          A gap is a stretch of numbers between two that somebody has spoken of. Where more than{' '}
          {number(longestGap)} are missing in a row a block begins that was given to somebody else, and they
          are not counted. Reserved: a record says so. Named, not described: reports name it, and no record
          that we read speaks of it.
        </p>
      </section>
      <section aria-labelledby="provisional">
        <h2 id="provisional">Ids that are none of the CVE list</h2>
        {provisional.length === 0 ? (
          <Empty>Every vulnerability of every issue has a CVE number.</Empty>
        ) : (
          <>
            <p class="prose small quiet">
              What a distribution or somebody else calls a flaw that has no CVE number, or not yet. A
              placeholder such as CVE-2017-XXXX is no id: many entries share it, so each of them is its own.
            </p>
            <div class="wide">
              <table class="cards">
                <caption class="hidden">Other ids of vulnerabilities that issues have</caption>
                <thead>
                  <tr>
                    <th scope="col">Begins with</th>
                    <th scope="col" class="cell-number">
                      Ids
                    </th>
                    <th scope="col" class="cell-number">
                      Issues
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {provisional.map(({ prefix, ids, issues }) => (
                    <tr>
                      <th scope="row" class="mono">
                        {prefix}
                      </th>
                      <td class="cell-number" data-label="Ids">
                        {number(ids)}
                      </td>
                      <td class="cell-number" data-label="Issues">
                        {number(issues)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </section>
    </Layout>
  );
}

function ReservedTable({ reserved: { shown, page, pages } }: NumbersPageProps) {
  if (shown.length === 0)
    return <Empty>No distribution announces a number whose record is not public.</Empty>;
  return (
    <>
      <div class="wide">
        <table class="cards">
          <caption class="hidden">Numbers that are reserved and announced</caption>
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col">Announced first by</th>
              <th scope="col">On</th>
              <th scope="col" class="cell-number">
                Advisories
              </th>
              <th scope="col">Reserved, says</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ id, first, firstTitle, announcements, byTitles }) => (
              <tr>
                <th scope="row">
                  <Id id={id} href={vulnerabilityAddress(id)} />
                </th>
                <td data-label="Announced first by">
                  <span>
                    {firstTitle} <a href={reportAddress(first.source, first.key)}>{first.key}</a>
                  </span>
                </td>
                <td data-label="On">
                  <Day at={first.published} none="no date" />
                </td>
                <td class="cell-number" data-label="Advisories">
                  {number(announcements)}
                </td>
                <td data-label="Reserved, says">
                  {byTitles.length === 0 ? <span class="quiet">no record</span> : byTitles.join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager
        page={page}
        pages={pages}
        label="Pages of numbers"
        previous="← Later"
        next="Earlier →"
        href={(wanted) => withQuery(NUMBERS_ADDRESS, { page: wanted })}
      />
    </>
  );
}
