import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { postComment } from '#domain/issues';
import { testDatabase } from '../../../test/database.ts';
import { appOn, parsed, sampleApp } from './testing-app.ts';
import { makeAccount } from './testing-people.ts';

const { sample, textOf, get } = sampleApp(testDatabase);

describe('search', () => {
  const found = async (words: string) =>
    parsed(await appOn(sample.database).request(`/search.json?q=${encodeURIComponent(words)}`));

  test('finds comments, people, vulnerabilities, reports and issues by their words', async () => {
    const { id } = await makeAccount(sample.database, 'grace', 'triager', { name: 'Grace Hopper' });
    const actor = { id: `person:${id}`, role: 'triager' as const, account: id };
    const body = 'The **vulnerable** parts are compiled out, I looked at the derivation.';
    const made = await postComment(sample.database, actor, { issue: sample.ids.issue, body });
    const { comments } = await found('vulnerable derivations');
    assert.deepEqual(
      comments.map((comment: Record<string, unknown>) => [comment.id, comment.issue, comment.by]),
      [[made.id, sample.ids.issue, '@grace']],
    );
    const page = await textOf('/search?q=vulnerable+derivations');
    assert.ok(page.includes(`href="/issues/${sample.ids.issue}#comment-${made.id}"`));
    for (const words of ['@grace', 'Hopper'])
      assert.deepEqual(
        (await found(words)).people.map(({ handle }: { handle: string }) => handle),
        ['grace'],
      );
    const { issues, reports } = await found('openssl');
    assert.ok(issues.rows.some(({ id: issue }: { id: string }) => issue === sample.ids.issue));
    assert.equal(issues.total, issues.rows.length);
    assert.ok(reports.some(({ key }: { key: string }) => key === 'DSA-3773-1'));
    await sql`update vulnerability set description = 'A crafted truncated packet makes it read out of bounds.'
      where id = 'CVE-2017-3731'`.execute(sample.database.queries);
    const { vulnerabilities } = await found('truncated packets');
    assert.deepEqual(
      vulnerabilities.map(({ id: vulnerability }: { id: string }) => vulnerability),
      ['CVE-2017-3731'],
    );
    // What somebody took back is found by nobody.
    await sql`update comment set body = null where id = ${made.id}`.execute(sample.database.queries);
    assert.deepEqual((await found('vulnerable derivations')).comments, []);
  });

  test('takes any text: quotes, signs of patterns, two letters', async () => {
    for (const words of ['%', '_', '\\', '"', "o'ne", '& | !', ':*', 'a', 'zq', '((', 'x'.repeat(200)]) {
      const response = await get(`/search?q=${encodeURIComponent(words)}`);
      assert.equal(response.status, 200, words);
    }
    const { issues, reports } = await found('%%%');
    assert.deepEqual([issues.rows, reports], [[], []], 'they stand for themselves');
  });

  test('leads ids straight to their page', async () => {
    for (const [words, to] of [
      ['cve-2017-3731', '/CVE-2017-3731'],
      [sample.ids.issue.toLowerCase(), `/issues/${sample.ids.issue}`],
      ['DSA-3773-1', '/reports/debian/DSA-3773-1'],
    ] as const) {
      const response = await get(`/search?q=${words}`);
      assert.deepEqual([response.status, response.headers.get('location')], [302, to]);
    }
  });
});
