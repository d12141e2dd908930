import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { loadConfig } from '#base/config';
import { type Database, verifyLog } from '#base/db';
import { askRecovery, disableAccount, makeInvite, setRole } from '#domain/accounts';
import { createIssue, mergeIssues, postComment, receiveReport } from '#domain/issues';
import { decideSuggestions, settleSuggestions } from '#domain/matching';
import type { Actor } from '#domain/policies';
import { redact, submit } from '#domain/proposals';
import { tickLines } from '#domain/roundup';
import { COPIES, EDITABLES } from '#faces/editing';
import { makeAuthenticator } from '../../../test/authenticator.ts';
import { testDatabase } from '../../../test/database.ts';
import { suggest } from '../../../test/suggestions.ts';
import { createApp } from './app.ts';
import { ROUTES } from './routes-table.ts';
import { NOW, type SampleIds, seedSample } from './sample-database.ts';
import { ASSETS, SILENT } from './testing-app.ts';
import { makeAccount, OPERATOR, signIn, type TestPerson } from './testing-people.ts';
import { makeAsking } from './testing-routes.ts';

/** A word that is in nothing else, and that a search by stems finds as it is. */
const SECRET = 'zqxhunterzqx';
const OPTIONS = { kinds: EDITABLES, rules: { secondOpinion: false } };

/** Says it wherever somebody can say something that others read. */
async function sayEverywhere(
  database: Database,
  { issue, merged, ended }: SampleIds,
  { admin, contributor, bystander }: { admin: Actor; contributor: Actor; bystander: string },
): Promise<void> {
  const said = async (
    actor: Actor,
    change: { kind: string; id: string; field: string; value: unknown; saw?: number },
    remark?: string,
  ) => {
    const whole = { saw: 0, ...change } as Parameters<typeof submit>[2]['changes'][number];
    const answer = await submit(
      database,
      actor,
      { changes: [whole], ...(remark !== undefined && { remark }) },
      OPTIONS,
    );
    assert.ok(answer.outcome === 'accepted' || answer.outcome === 'proposed', JSON.stringify(answer));
  };
  await postComment(database, contributor, { issue, body: `@${bystander} look: ${SECRET}` });
  const note = { status: 'wont_fix', note: SECRET, link: `https://a.example/${SECRET}` };
  await said(
    admin,
    { kind: 'status', id: `${issue}/openssl/nixos-16.09`, field: 'value', value: note },
    `for ${SECRET}`,
  );
  await said(admin, { kind: 'issue', id: issue, field: 'title', value: `openssl: ${SECRET}` });
  await said(contributor, { kind: 'issue', id: issue, field: 'summary', value: SECRET }, `because ${SECRET}`);
  await said(admin, { kind: 'issue', id: merged, field: 'summary', value: SECRET }).catch(() => {});
  await said(admin, {
    kind: 'rule',
    id: 'request-secret',
    field: 'value',
    value: {
      attr: 'openssl',
      product: 'libressl',
      reason: 'other',
      note: SECRET,
      evidence: 'https://a.example/',
    },
  });
  await said(admin, {
    kind: 'roundup_item',
    id: '1/secret',
    field: 'value',
    value: { words: SECRET, done: false },
  });
  const draft = {
    product: 'frobd',
    title: `frobd: ${SECRET}`,
    summary: SECRET,
    references: [`https://a.example/${SECRET}`],
  };
  const made = await createIssue(database, admin, draft, { ...OPTIONS, key: 'request-own', remark: SECRET });
  const own = made.issue ?? '';
  await suggest(database, [
    { issue: own, attr: 'openssl', cells: [{ channel: 'nixos-16.09', version: '1.0', verdict: 'affected' }] },
  ]);
  await settleSuggestions(database);
  const decision = { decision: 'dismissed' as const, reason: 'other' as const, note: SECRET };
  await decideSuggestions(database, admin, [{ id: `${own}/openssl`, decision, saw: 0 }], OPTIONS);
  await receiveReport(
    database,
    { isPublic: true, words: SECRET, url: `https://a.example/${SECRET}`, email: `${SECRET}@a.example` },
    { sender: 'x', securityContact: null, securityKey: null },
  );
  const answered = await receiveReport(
    database,
    { isPublic: true, words: SECRET, email: `${SECRET}@b.example` },
    { sender: 'x', securityContact: null, securityKey: null },
  );
  assert.ok(answered.outcome === 'received');
  await said(admin, {
    ...{ kind: 'intake', id: String(answered.id), field: 'decision' },
    value: { as: 'comment', issue, body: SECRET, answer: SECRET },
  });
  const remark = { kind: 'roundup_line', id: `1/${issue}`, field: 'remark' };
  await said(contributor, { ...remark, value: `perhaps ${SECRET}` });
  await said(admin, { ...remark, value: `see ${SECRET}` }, SECRET);
  await tickLines(database, [{ issue, remark: SECRET }], { by: admin.id, cause: SECRET });
  await tickLines(database, [{ issue, remark: `${SECRET}, too` }], { by: admin.id, cause: 'by hand' });
  const other = await createIssue(
    database,
    admin,
    { ...draft, title: 'frobd: another', summary: undefined, references: [] },
    { ...OPTIONS, key: 'request-other' },
  );
  await mergeIssues(database, own, other.issue ?? '', { author: admin.id, reason: SECRET });
  await setRole(database, OPERATOR, bystander, { role: 'triager', reason: SECRET }, NOW);
  await askRecovery(database, OPERATOR, bystander, SECRET, NOW);
  await makeInvite(database, OPERATOR, { note: SECRET, role: 'triager' }, NOW);
  const gone = await makeAccount(database, 'gone');
  await disableAccount(database, OPERATOR, gone.handle, SECRET, NOW);
  assert.notEqual(ended, '');
}

/** The paths of the table that answer anybody of these with the word. */
async function pathsSaying(
  app: ReturnType<typeof createApp>,
  asking: ReturnType<typeof makeAsking>,
  people: readonly (TestPerson | null)[],
): Promise<string[]> {
  const saying = new Set<string>();
  const rows = ROUTES.filter(({ method, path }) => method === 'GET' && path !== '/live');
  const isFixed = (row: (typeof rows)[number]) => !asking.pathOf(row).includes('{');
  // What the samples of the others do is in the history, too, of which a page shows the newest.
  for (const row of [...rows.filter(isFixed), ...rows.filter((each) => !isFixed(each))]) {
    for (const person of people) {
      const path = await asking.pathFor(row, person);
      const answer = await app.request(path, { headers: person === null ? {} : { Cookie: person.cookie } });
      if ((await answer.text()).includes(SECRET)) saying.add(row.path);
    }
  }
  return [...saying].sort();
}

/** Every column of every table that holds the word, as text or as bytes. */
async function columnsHolding({ queries }: Database): Promise<string[]> {
  const { rows } = await sql<{ table: string; column: string; bytes: boolean }>`
    select format('%I.%I', n.nspname, c.relname) as table, quote_ident(a.attname) as column, a.atttypid = 'bytea'::regtype as bytes
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`.execute(queries);
  assert.ok(rows.length > 300, `${rows.length} columns`);
  const found: string[] = [];
  for (const { table, column, bytes } of rows) {
    const [from, what] = [sql.raw(table), sql.raw(column)];
    const held = bytes
      ? sql`position(convert_to(${SECRET}, 'UTF8') in ${what}) > 0`
      : sql`${what}::text ilike ${`%${SECRET}%`}`;
    const { rows: hits } = await sql`select from ${from} where ${held} limit 1`.execute(queries);
    if (hits.length > 0) found.push(`${table}.${column}`);
  }
  return found.sort();
}

describe('what was erased', () => {
  test('is in no column of any table, and in no answer to anybody; the log still verifies', async () => {
    await using database = await testDatabase();
    const ids = await seedSample(database);
    const config = loadConfig({});
    const app = createApp({ database, config, assets: ASSETS, log: SILENT, now: () => NOW });
    const admin = await signIn(database, 'the-admin', 'admin');
    const contributor = await signIn(database, 'the-contributor', 'contributor');
    let number = 0;
    const asking = makeAsking(app, {
      database,
      ids,
      bystander: await signIn(database, 'bystander'),
      otherAdmin: (await signIn(database, 'other-admin', 'admin')).actor,
      party: { name: 'Muster', id: 'localhost', origin: 'http://localhost' },
      newKey: () => makeAuthenticator({ origin: 'http://localhost', party: 'localhost' }),
      next: () => {
        number += 1;
        return number;
      },
    });
    await sayEverywhere(database, ids, {
      admin: admin.actor,
      contributor: contributor.actor,
      bystander: 'bystander',
    });

    const people = [null, contributor, admin];
    const before = await pathsSaying(app, asking, people);
    for (const path of [
      '/accounts',
      '/accounts/:handle',
      '/api/v1/intake',
      '/feeds/issues.atom',
      '/history',
      '/intake',
      '/issues/:id',
      '/proposals',
      '/roundups/:number',
      '/vulnerabilities/:id',
    ])
      assert.ok(before.includes(path), `${path} says it before`);
    assert.ok((await columnsHolding(database)).length >= 20);
    // What these three tell of stands beside the history.
    const { rows: events } = await sql<{ id: number }>`select id from event
      where payload::text like ${`%${SECRET}%`} or cause like ${`%${SECRET}%`}
        or type in ('proposal.made', 'intake.received', 'account.invited') order by md5(id::text)`.execute(
      database.queries,
    );
    assert.ok(events.length > 15, `${events.length} entries`);
    for (const { id } of events)
      await redact(database, admin.actor, id, 'a password was pasted', { kinds: EDITABLES, copies: COPIES });

    assert.deepEqual(await columnsHolding(database), []);
    assert.deepEqual(await pathsSaying(app, asking, people), []);
    await verifyLog(database.queries);
  });
});
