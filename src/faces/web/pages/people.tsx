import { personAddress } from '../components/addresses.ts';
import { Empty, Pager } from '../components/figures.tsx';
import { Day, number } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { PEOPLE_ADDRESS, withQuery } from '../list-addresses.ts';
import { roleMay, roleWords } from '../role-words.ts';

export interface PeoplePageProps {
  frame: Frame;
  words: string;
  people: { handle: string; name: string; role: string; since: string }[];
  total: number;
  page: number;
  pages: number;
}

/** `/people`: who works here, those who may do most first. */
export function PeoplePage({ frame, words, people, total, page, pages }: PeoplePageProps) {
  const roles = [...new Set(people.map(({ role }) => role))];
  return (
    <Layout frame={frame} title="People" description="Who gathers, decides and proposes.">
      <header class="page-head">
        <h1>People</h1>
        <p class="lead">
          Anyone can help: what somebody proposes, another one decides on, and the credit stays.
        </p>
      </header>
      <search class="filter">
        <form method="get" action={PEOPLE_ADDRESS} class="filter-form">
          <label for="people-q">Handle or name</label>
          <input id="people-q" name="q" type="search" value={words} autocomplete="off" spellcheck={false} />
          <button type="submit" class="button">
            Find
          </button>
        </form>
      </search>
      {people.length === 0 ? (
        <section aria-label="Found">
          <Empty>
            {words === '' ? (
              'Nobody has an account yet.'
            ) : (
              <>
                Nobody is called so. <a href={PEOPLE_ADDRESS}>Show everybody</a>
              </>
            )}
          </Empty>
        </section>
      ) : (
        roles.map((role) => (
          <section aria-labelledby={`role-${role}`}>
            <h2 id={`role-${role}`}>{roleWords(role)}</h2>
            <p class="quiet small">{roleMay(role)}</p>
            <ul class="plain people">
              {people
                .filter((person) => person.role === role)
                .map(({ handle, name, since }) => (
                  <li>
                    <a class="title" href={personAddress(handle)}>
                      {name}
                    </a>{' '}
                    <span class="id">@{handle}</span>{' '}
                    <span class="quiet small">
                      since <Day at={since} />
                    </span>
                  </li>
                ))}
            </ul>
          </section>
        ))
      )}
      <Pager
        page={page}
        pages={pages}
        label="Pages of the people"
        previous="← Before"
        next="After →"
        href={(at) => withQuery(PEOPLE_ADDRESS, { q: words, page: at })}
      />
      <p class="page-foot quiet small">{number(total)} in all.</p>
    </Layout>
  );
}
