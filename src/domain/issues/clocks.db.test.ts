import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventsOf } from '#base/db';
import { submit } from '#domain/proposals';
import { ADA, BEN, CLEO, made, OPTIONS, status, withPeople } from '../../../test/people.ts';
import { claimChange, endClaims } from './claims.ts';
import { bringBackPostponed } from './come-back.ts';
import { fieldsOfIssues } from './store-fields.ts';
import { statusesOf } from './store-statuses.ts';

const ISSUE = 'NSI-2017-0001';
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const day = (date: Date) => date.toISOString().slice(0, 10);

describe('what was postponed', () => {
  test('comes back on its day, with what was noted, by the machine and in the history', async () => {
    await using database = await withPeople();
    const until = day(inDays(10));
    await made(
      submit(
        database,
        ADA,
        {
          changes: [
            status(ISSUE, { status: 'postponed', until, note: 'after the release' }),
            status(ISSUE, { status: 'postponed', until: day(inDays(11)) }, 0, 'openssl/nixos-16.09'),
          ],
        },
        OPTIONS,
      ),
    );
    assert.equal(await bringBackPostponed(database, inDays(9)), 0);
    assert.equal(await bringBackPostponed(database, inDays(10)), 1);
    assert.equal(await bringBackPostponed(database, inDays(10)), 0);
    assert.deepEqual(
      (await statusesOf(database.queries, [ISSUE])).map(({ value, changedBy }) => [value, changedBy]),
      [
        [{ status: 'postponed', until: day(inDays(11)) }, ADA.id],
        [{ status: 'affected', note: 'after the release' }, 'machine:postponed'],
      ],
    );
    const history = await eventsOf(database.queries, 'issue', ISSUE);
    assert.equal(history.at(-1)?.actor, 'machine:postponed');
  });

  test('reads as affected from its day on, also while the job is late, and can be decided on', async () => {
    await using database = await withPeople();
    const over = status(ISSUE, { status: 'postponed', until: day(inDays(-3)), note: 'late' });
    const [change] = await made(submit(database, ADA, { changes: [over] }, OPTIONS));
    const [box] = await statusesOf(database.queries, [ISSUE]);
    assert.deepEqual([box?.value, box?.version], [{ status: 'affected', note: 'late' }, change?.version]);
    await made(
      submit(database, BEN, { changes: [status(ISSUE, { status: 'fixed' }, box?.version)] }, OPTIONS),
    );
    assert.equal(await bringBackPostponed(database), 0);
    assert.equal((await statusesOf(database.queries, [ISSUE]))[0]?.value.status, 'fixed');
  });
});

describe('a claim', () => {
  test('holds a week by default, and is nobody’s when it has run out, also while the job is late', async () => {
    await using database = await withPeople();
    const [claim] = await made(
      submit(database, CLEO, { changes: [claimChange(ISSUE, CLEO.id, 0)] }, OPTIONS),
    );
    const until = (claim?.value as { until?: string } | undefined)?.until ?? '';
    assert.ok(Math.abs(new Date(until).getTime() - inDays(7).getTime()) < 60_000);
    const take = claimChange(ISSUE, BEN.id, claim?.version ?? 0);
    const early = await submit(database, { ...BEN, role: 'contributor' }, { changes: [take] }, OPTIONS);
    assert.equal(early.outcome, 'proposed', 'somebody else’s claim is not taken without the right to');

    const short = claimChange('NSI-2017-0002', CLEO.id, 0, { until: inDays(-1) });
    const [over] = await made(submit(database, CLEO, { changes: [short] }, OPTIONS));
    assert.equal(
      (await fieldsOfIssues(database.queries, ['NSI-2017-0002'])).get('NSI-2017-0002')?.claim?.value,
      null,
    );
    const next = claimChange('NSI-2017-0002', BEN.id, over?.version ?? 0);
    await made(submit(database, { ...BEN, role: 'contributor' }, { changes: [next] }, OPTIONS));
    assert.deepEqual(await endClaims(database), { ended: 0, warned: 0 });
  });

  test('is given back once, however often and late the job runs', async () => {
    await using database = await withPeople();
    await made(submit(database, CLEO, { changes: [claimChange(ISSUE, CLEO.id, 0)] }, OPTIONS));
    const late = inDays(30);
    const runs = await Promise.all([endClaims(database, late), endClaims(database, late)]);
    assert.equal(
      runs.reduce((sum, { ended }) => sum + ended, 0),
      1,
    );
    assert.equal((await fieldsOfIssues(database.queries, [ISSUE])).get(ISSUE)?.claim?.value, null);
    const history = await eventsOf(database.queries, 'issue', ISSUE);
    assert.deepEqual(
      history.map(({ type, actor }) => [type, actor]),
      [
        ['issue.claim.set', CLEO.id],
        ['issue.claim.set', 'machine:claims'],
      ],
    );
  });

  test('is given back also where somebody took the key that its end is made under', async () => {
    await using database = await withPeople();
    const [{ version } = { version: 0 }] = await made(
      submit(database, CLEO, { changes: [claimChange(ISSUE, CLEO.id, 0)] }, OPTIONS),
    );
    const key = `claim-ended:${ISSUE}:${version}`;
    await made(submit(database, BEN, { key, changes: [status(ISSUE, { status: 'fixed' })] }, OPTIONS));
    assert.equal((await endClaims(database, inDays(30))).ended, 1);
    // Theirs is still theirs.
    const again = await submit(
      database,
      BEN,
      { key, changes: [status(ISSUE, { status: 'fixed' })] },
      OPTIONS,
    );
    assert.deepEqual(again.outcome === 'accepted' && again.made, []);
  });
});
