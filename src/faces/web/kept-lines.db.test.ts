import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hono } from 'hono';
import { sql } from 'kysely';
import { connect, type Database, lastEvent } from '#base/db';
import { refreshExploitation } from '#domain/issues';
import { settleSuggestions } from '#domain/matching';
import { redact, submit, undo } from '#domain/proposals';
import { COPIES, EDITABLES } from '#faces/editing';
import { ADA, BEN, DORA, field, made, status, withPeople } from '../../../test/people.ts';
import { catalogue } from '../../../test/signals.ts';
import { suggest } from '../../../test/suggestions.ts';
import { createApp } from './app.ts';
import { ASSETS, CONFIG, SILENT } from './testing-app.ts';
import { signIn } from './testing-people.ts';

const [FIRST, SECOND] = ['NSI-2017-0001', 'NSI-2017-0002'];
const OPTIONS = { kinds: EDITABLES, rules: { secondOpinion: false } };
const PAGES = ['/roundups/1', '/queue', '/issues', '/channels/nixos-16.09'];
const cells = [
  { channel: 'nixos-16.09', version: '1.0', verdict: 'affected', vulnerability: 'CVE-2017-0001' },
  { channel: 'nixos-17.03', version: '1.2', verdict: 'not_affected' },
] as const;

async function world(): Promise<Database> {
  const database = await withPeople();
  const { queries } = database;
  await sql`insert into roundup (number, opened_at, covers_since, covers_until) values (1, '2017-03-01', '2017-02-22', '2017-03-01')`.execute(
    queries,
  );
  await sql`insert into roundup_line (roundup, issue) values (1, ${FIRST}), (1, ${SECOND})`.execute(queries);
  await sql`insert into revision (channel, commit, committed_at, packages, content_hash, patches_known)
    select name, md5(name) || '00000000', now(), 1, '\\x00', true from channel`.execute(queries);
  await suggest(database, [
    { issue: FIRST, attr: 'openssl', cells: [...cells] },
    { issue: SECOND, attr: 'openssl', cells: [...cells] },
    { issue: SECOND, attr: 'libressl', cells: [...cells] },
  ]);
  await settleSuggestions(database);
  return database;
}

test('a page whose lines are kept says what it would say if nothing were, after whatever change', async () => {
  await using database = await world();
  const { queries } = database;
  let now = new Date();
  const clock = () => now;
  const appOn = (on: Database) =>
    createApp({ database: on, config: CONFIG, assets: ASSETS, log: SILENT, now: clock, keepSeconds: 0 });
  const kept = appOn(database);
  const people = [
    null,
    await signIn(database, 'lovelace', 'triager', now),
    await signIn(database, 'cleopatra', 'contributor', now),
  ];
  const [, triager] = people;
  assert.ok(triager != null);
  const textOf = async (app: Hono, path: string, cookie: string | undefined) => {
    const answer = await app.request(path, cookie === undefined ? {} : { headers: { Cookie: cookie } });
    assert.equal(answer.status, 200, path);
    return answer.text();
  };
  const before = new Map<string, string>();
  /** Asks for every page of everybody. @returns the paths of those that say something else than before */
  const changed = async (what: string) => {
    const other = new Set<string>();
    // Another server has kept nothing.
    await using same = connect(database.pool.options);
    const fresh = appOn(same);
    for (const path of PAGES)
      for (const person of people) {
        const text = await textOf(kept, path, person?.cookie);
        assert.equal(text, await textOf(fresh, path, person?.cookie), `${path} after ${what}`);
        const key = `${path} ${person?.account.handle}`;
        if (before.get(key) !== text) other.add(path);
        before.set(key, text);
      }
    return [...other].sort();
  };
  const says = async (pattern: RegExp, path: string, what: string) =>
    assert.match(await textOf(kept, path, triager.cookie), pattern, `${path} after ${what}`);
  const change = async (actor: typeof ADA, ...changes: Parameters<typeof submit>[2]['changes']) => {
    await made(submit(database, actor, { changes }, OPTIONS));
  };

  await changed('nothing');
  assert.deepEqual(await changed('nothing at all'), []);

  await change(ADA, status(FIRST, { status: 'fixed', fixedIn: '1.2' }, 0, 'openssl/nixos-16.09'));
  assert.ok((await changed('a status')).includes('/roundups/1'));
  await says(/fixed in 1\.2/, '/roundups/1', 'a status');
  await says(/fixed in 1\.2/, '/queue', 'a status');
  const set = await lastEvent(queries);
  await made(undo(database, ADA, set, OPTIONS));
  assert.ok((await changed('its undoing')).includes('/queue'));

  await change(BEN, field(FIRST, 'title', 'openssl: another flaw'));
  await changed('a title');
  for (const path of PAGES.slice(0, 3)) await says(/another flaw/, path, 'a title');

  await change(ADA, field(SECOND, 'severity', 'critical'));
  await changed('a severity');
  await says(/severity-4">critical/, '/queue', 'a severity');

  const until = new Date(now.getTime() + 86_400_000).toISOString();
  await change(triager.actor, field(FIRST, 'claim', { person: triager.actor.id, until }));
  await changed('a claim');
  await says(/yours <span class="quiet">until/, '/roundups/1', 'a claim');
  now = new Date(now.getTime() + 40 * 86_400_000);
  for (const person of people) if (person !== null) await prolong(database, now);
  await changed('the claim’s end, and another day');
  assert.doesNotMatch(await textOf(kept, '/roundups/1', triager.cookie), /yours <span/);

  const line = (name: string, value: true | string) => ({
    ...{ kind: 'roundup_line', id: `1/${SECOND}`, field: name, value, saw: 0 },
  });
  await change(ADA, line('done', true));
  await changed('a tick');
  await says(/ticked by ada/, '/roundups/1', 'a tick');
  await change(ADA, line('remark', 'a secret word'));
  await changed('a remark');
  await says(/a secret word/, '/roundups/1', 'a remark');
  const remark = await lastEvent(queries);
  await redact(database, DORA, remark, 'it was not for everybody', { ...OPTIONS, copies: COPIES });
  await changed('its redaction');
  assert.doesNotMatch(await textOf(kept, '/roundups/1', triager.cookie), /a secret word/);

  await suggest(database, [
    {
      issue: FIRST,
      attr: 'openssl',
      cells: [{ channel: 'nixos-16.09', version: '1.0.1', verdict: 'unknown' }],
    },
  ]);
  await sql`delete from issue_cells where issue = ${FIRST}`.execute(queries);
  await settleSuggestions(database);
  await changed('what the matcher found anew');
  await says(/1\.0\.1/, '/roundups/1', 'what the matcher found anew');

  await change(ADA, {
    ...{ kind: 'suggestion', id: `${SECOND}/libressl`, field: 'decision', saw: 0 },
    value: { decision: 'dismissed', reason: 'wrong_product' },
  });
  assert.ok((await changed('a decision')).includes('/queue'));

  await change(ADA, field(SECOND, 'dismissed', { reason: 'not_packaged', note: 'nobody has it' }));
  await changed('a dismissal');

  await catalogue(database, '2026-11-01', { 'CVE-2017-0001': '2026-10-30' });
  await refreshExploitation(database, new Date('2026-11-02T00:00:00Z'));
  assert.ok((await changed('that attackers use it')).includes('/roundups/1'));
  for (const path of PAGES.slice(0, 3))
    await says(/exploited since 2026-10-30/, path, 'that attackers use it');
  await catalogue(database, '2026-11-02', { 'CVE-2011-9999': '2026-10-30' });
  await refreshExploitation(database, new Date('2026-11-02T00:00:00Z'));
  await changed('that it was a mistake');
  assert.doesNotMatch(await textOf(kept, '/roundups/1', triager.cookie), /exploited since/);

  await sql`update account set name = 'Zoë Zett' where handle = 'ada'`.execute(queries);
  now = new Date(now.getTime() + 120_000);
  await changed('another name');
});

/** Sessions are not what this is about. */
async function prolong({ queries }: Database, now: Date): Promise<void> {
  const far = new Date(now.getTime() + 86_400_000 * 30);
  await sql`update session set expires_at = ${far}, seen_at = ${now}`.execute(queries);
}
