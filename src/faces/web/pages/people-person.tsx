import { issueAddress, ownAddress, topicAddress } from '../components/addresses.ts';
import { BatchForm } from '../components/batch-forms.tsx';
import { Empty, Facts } from '../components/figures.tsx';
import { OutsideLink } from '../components/links.tsx';
import { Day, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { roleMay, roleWords } from '../role-words.ts';

/** What somebody works on, proposed and is thanked for. */
export interface PersonWork {
  claims: { issue: string; title: string; until: string }[];
  proposals: { id: number; state: string; at: string; about: string }[];
  /** By kind, of so many days; nothing where there is nothing. */
  credit: {
    days: number;
    counts: Partial<
      Record<'ticks' | 'statuses' | 'decisions' | 'proposals' | 'reviews' | 'comments' | 'edits', number>
    >;
  };
}

/** What only they themselves see. */
export interface PersonOwn {
  watches: string[];
  notices: { topic: string; words: string; at: string }[];
}

export interface PersonPageProps extends PersonWork {
  frame: Frame;
  handle: string;
  name: string;
  role: string;
  since: string;
  /** Login at GitHub, by which the package sets name their maintainers. */
  github: string | null;
  /** When the account was closed. */
  closedSince: string | null;
  /** Of oneself, or for admins: where the account is looked after. */
  manage: string | null;
  /** Null on everybody else's page. */
  own: PersonOwn | null;
}

/** `/people/ada`: somebody, with what they did. */
export function PersonPage(props: PersonPageProps) {
  const { frame, handle, name, role, since, github, closedSince, manage } = props;
  return (
    <Layout frame={frame} title={`@${handle}`} description={`${name}, ${roleWords(role)}`}>
      <header class="page-head">
        <p class="kicker">@{handle}</p>
        <h1>{name}</h1>
        <Facts
          facts={[
            {
              name: 'Role',
              value: (
                <span>
                  {roleWords(role)} <span class="quiet small">{roleMay(role)}</span>
                </span>
              ),
            },
            { name: 'Since', value: <Day at={since} /> },
            ...(github === null
              ? []
              : [
                  {
                    name: 'At GitHub',
                    value: <OutsideLink href={`https://github.com/${github}`}>{github}</OutsideLink>,
                  },
                ]),
          ]}
        />
        {closedSince === null ? null : (
          <p class="note">
            The account was closed on <Day at={closedSince} />. What they did stays theirs.
          </p>
        )}
        {manage === null ? null : (
          <p class="aside">
            <a href={ownAddress(manage)}>Look after this account</a>
          </p>
        )}
      </header>
      <div class="parts">
        {props.own === null ? null : <Own own={props.own} now={frame.now} />}
        <Claims claims={props.claims} now={frame.now} />
        <Proposals proposals={props.proposals} />
        <Credit credit={props.credit} />
      </div>
    </Layout>
  );
}

function Own({ own: { watches, notices }, now }: { own: PersonOwn; now: string }) {
  return (
    <>
      <section aria-labelledby="notices">
        <h2 id="notices">For you</h2>
        {notices.length === 0 ? (
          <Empty>Nothing new.</Empty>
        ) : (
          <ul class="plain">
            {notices.map(({ topic, words, at }) => (
              <li>
                <a href={topicAddress(topic)}>{words}</a>{' '}
                <span class="quiet">
                  <When at={at} now={now} />
                </span>
              </li>
            ))}
          </ul>
        )}
        <BatchForm />
      </section>
      <section aria-labelledby="watches">
        <h2 id="watches">You watch</h2>
        {watches.length === 0 ? (
          <Empty>Nothing yet: issues, packages and channels can be watched on their pages.</Empty>
        ) : (
          <ul class="plain">
            {watches.map((topic) => (
              <li>
                <a href={topicAddress(topic)}>{topic.slice(topic.indexOf(':') + 1)}</a>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Claims({ claims, now }: { claims: PersonWork['claims']; now: string }) {
  return (
    <section aria-labelledby="claims">
      <h2 id="claims">Works on</h2>
      {claims.length === 0 ? (
        <Empty>Nothing is claimed.</Empty>
      ) : (
        <ul class="plain">
          {claims.map(({ issue, title, until }) => (
            <li>
              <a href={issueAddress(issue)}>{title}</a>{' '}
              <span class="quiet">
                ends <When at={until} now={now} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Proposals({ proposals }: { proposals: PersonWork['proposals'] }) {
  if (proposals.length === 0) return null;
  return (
    <section aria-labelledby="proposals">
      <h2 id="proposals">Proposed</h2>
      <ul class="plain">
        {proposals.map(({ id, state, at, about }) => (
          <li>
            <a href={`/proposals/${id}`}>{about}</a>{' '}
            <span class="quiet">
              {state}, <Day at={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const CREDIT_WORDS = [
  ['ticks', 'line ticked', 'lines ticked'],
  ['statuses', 'status set', 'statuses set'],
  ['decisions', 'suggestion decided', 'suggestions decided'],
  ['proposals', 'proposal accepted', 'proposals accepted'],
  ['reviews', 'proposal of others decided', 'proposals of others decided'],
  ['comments', 'comment', 'comments'],
  ['edits', 'other change', 'other changes'],
] as const;

function Credit({ credit: { days, counts } }: { credit: PersonWork['credit'] }) {
  const done = CREDIT_WORDS.flatMap(([kind, one, many]) => {
    const count = counts[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return (
    <section aria-labelledby="credit">
      <h2 id="credit">Thanked for, in {days} days</h2>
      {done.length === 0 ? <Empty>Nothing yet.</Empty> : <p>{done.join(' · ')}</p>}
    </section>
  );
}
