import type { Context, Hono } from 'hono';
import { accountByHandle, listAccounts, readHandle } from '#domain/accounts';
import { mayAdminister } from '#domain/policies';
import { type Form, readings, redirectTo, sendPage } from '../answer.ts';
import { accountAddress, personAddress } from '../components/addresses.ts';
import { ACCOUNT_ADDRESS } from '../list-addresses.ts';
import { PeoplePage } from '../pages/people.tsx';
import { PersonPage } from '../pages/people-person.tsx';
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
    return sendPage(c, site, wanted.form, data, (props) => PersonPage({ ...props, manage }));
  });
}
