import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { submit } from '#domain/proposals';
import { EDITABLES } from '#faces/editing';
import { testDatabase } from '../../../test/database.ts';
import { parsed, sampleApp } from './testing-app.ts';
import { signIn } from './testing-people.ts';

const { sample, get, textOf, jsonOf } = sampleApp(testDatabase);

describe('the long lists of insight', () => {
  test('are whole as CSV, in parts as JSON and in the API, and say how many lines there are', async () => {
    const { figures } = await jsonOf('/insight.json');
    const [line] = figures.exposure.longest;
    assert.ok(figures.totals.longest >= 1);
    const rows = (await textOf('/insight/exposure.csv')).trim().split('\r\n');
    assert.equal(rows.length, 1 + figures.totals.longest);
    assert.ok(rows[1]?.startsWith(`${line.issue},`));
    const json = await jsonOf('/insight/exposure.json');
    assert.deepEqual([json.lines.length, json.total, json.next], [rows.length - 1, rows.length - 1, null]);
    assert.deepEqual(json.lines[0], line);

    const read: unknown[] = [];
    for (let path: string | null = '/api/v1/insight/exposure?limit=1'; path !== null; ) {
      const answer = await get(path);
      const { items, next, total } = await parsed(answer);
      assert.equal(total, figures.totals.longest);
      read.push(...items);
      const link = answer.headers.get('link');
      assert.equal(link === null, next === null);
      path = link === null ? null : (/^<([^>]+)>/.exec(link)?.[1] ?? null);
    }
    assert.deepEqual(read, json.lines);
    for (const name of ['untouched', 'unmaintained', 'lacking']) {
      const part = await jsonOf(`/insight/${name}.json`);
      const { items } = await jsonOf(`/api/v1/insight/${name}`);
      assert.deepEqual(items, part.lines, name);
      assert.equal(part.total, figures.totals[name], name);
    }
    for (const cursor of ['x', 'W10', Buffer.from('[1,"a\\u0000"]').toString('base64url')]) {
      assert.equal((await get(`/api/v1/insight/exposure?cursor=${cursor}`)).status, 400, cursor);
      assert.ok([200, 400].includes((await get(`/insight/exposure.json?cursor=${cursor}`)).status), cursor);
    }
  });

  test('show what holds now, not what held when they were made', async () => {
    const { figures } = await jsonOf('/insight.json');
    const { issue } = figures.exposure.longest[0];
    const { actor } = await signIn(sample.database, 'namer', 'triager');
    const change = { kind: 'issue', id: issue, field: 'title', value: 'another name for it', saw: 0 };
    const answer = await submit(
      sample.database,
      actor,
      { changes: [change] },
      { kinds: EDITABLES, rules: { secondOpinion: false } },
    );
    assert.equal(answer.outcome, 'accepted');
    assert.match(await textOf('/insight'), /another name for it/);
    assert.match(await textOf('/insight/exposure.csv'), /another name for it/);
  });
});
