import type { Context, Hono } from 'hono';
import { accountByHandle, listAccounts, readHandle } from '#domain/accounts';
import { claimsOf, issuesById, noticesOf, watchesOf } from '#domain/issues';
import { mayAdminister } from '#domain/policies';
import { listProposals } from '#domain/proposals';
import { creditsOf } from '#domain/roundup';
import { isPublic, subjectWords } from '#faces/editing';
import { type Form, readings, redirectTo, sendPage } from '../answer.ts';
import { accountAddress, personAddress } from '../components/addresses.ts';
import { ACCOUNT_ADDRESS } from '../list-addresses.ts';
import { PeoplePage } from '../pages/people.tsx';
import { type PersonOwn, PersonPage, type PersonWork } from '../pages/people-person.tsx';
import { pageOf, pagesOf, wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { whoOf } from '../who.ts';
import { sendNotFound } from './not-found.ts';

const SIZE = 100;

/** `/people` and `/people/ada`: everybody sees who works here. */
export function peopleRoutes(app: Hono, site: Site): void {
  const { queries } = site.database;
  const list = async (c: Context, form: Form) => {
    const words = wordsOf(c, 'q');
    const wanted = pageOf(c);
    const read = (page: number) => listAccounts(queries, { words, limit: SIZE, offset: (page - 1) * SIZE });
    const first = await read(wanted);
    const { page, pages } = pagesOf(first.total, SIZE, wanted);
    const { rows } = page === wanted ? first : await read(page);
    const people = rows.map(({ handle, name, role, createdAt }) => ({
      handle,
      name,
      role,
      since: createdAt.toISOString(),
    }));
    return sendPage(c, site, form, { words, people, total: first.total, page, pages }, PeoplePage);
  };
  app.get('/people', (c) => list(c, 'html'));
  app.get('/people.json', (c) => list(c, 'json'));

  app.get('/people/:handle', async (c) => {
    const wanted = readings(c.req.param('handle')).at(-1);
    const handle = wanted === undefined ? null : readHandle(wanted.name);
    if (wanted === undefined || handle === null) return sendNotFound(c, site);
    const account = await accountByHandle(queries, handle);
    if (account === null) return sendNotFound(c, site);
    const ending = wanted.form === 'json' ? '.json' : '';
    if (wanted.name !== handle) return redirectTo(c, `${personAddress(handle)}${ending}`, 308);
    const data = {
      handle,
      name: account.name,
      role: account.role,
      since: account.createdAt.toISOString(),
      github: account.github,
      closedSince: account.disabledAt?.toISOString() ?? null,
    };
    const { actor } = whoOf(c);
    const manage =
      actor.account === account.id ? ACCOUNT_ADDRESS : mayAdminister(actor) ? accountAddress(handle) : null;
    const work = await workOf(site, account.id);
    // What somebody watches and is told is nobody else's.
    const own = actor.account === account.id ? await ownOf(site, account.id) : null;
    return sendPage(c, site, wanted.form, { ...data, ...work, own }, (props) =>
      PersonPage({ ...props, manage }),
    );
  });
}

/** So far back somebody's work is counted. */
const COUNTED_DAYS = 90;
const DAY_MS = 86_400_000;

/** What somebody works on, proposed and is thanked for: all of it is public. */
async function workOf(site: Site, account: number): Promise<PersonWork> {
  const { queries } = site.database;
  const now = site.now();
  const person = `person:${account}`;
  const since = new Date(now.getTime() - COUNTED_DAYS * DAY_MS);
  const [claims, proposals, credits] = await Promise.all([
    claimsOf(queries, person, now),
    listProposals(queries, { author: person, waited: true, limit: 20 }),
    creditsOf(queries, since, now),
  ]);
  const titles = new Map(
    (
      await issuesById(
        queries,
        claims.map(({ issue }) => issue),
      )
    ).map(({ id, title }) => [id, title]),
  );
  const { person: _, ...credit } = credits.find((one) => one.person === person) ?? { person };
  return {
    claims: claims.map(({ issue, until }) => ({
      issue,
      title: titles.get(issue) ?? issue,
      until: until.toISOString(),
    })),
    proposals: proposals
      .filter(({ topics }) => topics.every(isPublic))
      .map(({ id, state, createdAt, changes }) => ({
        id,
        state,
        at: createdAt.toISOString(),
        about: [...new Set(changes.map((change) => subjectWords(change)))].slice(0, 3).join(', '),
      })),
    credit: { days: COUNTED_DAYS, counts: credit },
  };
}

async function ownOf(site: Site, account: number): Promise<PersonOwn> {
  const { queries } = site.database;
  const [topics, notices] = await Promise.all([
    watchesOf(queries, account),
    noticesOf(queries, account, { unseen: true, limit: 20 }),
  ]);
  return {
    watches: topics.map(({ topic }) => topic),
    notices: notices.map(({ topic, words, createdAt }) => ({ topic, words, at: createdAt.toISOString() })),
  };
}
