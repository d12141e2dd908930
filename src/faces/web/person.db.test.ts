import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimChange, postComment, watch } from '#domain/issues';
import { sendChanges } from '#faces/editing';
import { testDatabase } from '../../../test/database.ts';
import { NOW } from './sample-database.ts';
import { parsed, sampleApp } from './testing-app.ts';
import { signIn } from './testing-people.ts';

const { sample, get } = sampleApp(testDatabase);
/** An hour ago. */
const AT = new Date(NOW.getTime() - 3_600_000);
const rules = { secondOpinion: false };

test('the page of a person: what they work on, proposed and are thanked for; what they watch is theirs alone', async () => {
  const { database, ids } = sample;
  const cleo = await signIn(database, 'cleo');
  const ben = await signIn(database, 'ben');
  const claim = claimChange(ids.issue, cleo.actor.id, 0, { at: AT });
  await sendChanges(database, cleo.actor, { changes: [claim] }, { rules, at: AT });
  const value = { status: 'affected' };
  const change = { kind: 'status', id: `${ids.issue}/openssl/nixos-16.09`, field: 'value', value, saw: 0 };
  const proposed = await sendChanges(database, cleo.actor, { changes: [change] }, { rules, at: AT });
  assert.equal(proposed.outcome, 'proposed', JSON.stringify(proposed));
  await postComment(database, cleo.actor, { issue: ids.issue, body: 'I look at it.' }, AT);
  await watch(database, cleo.actor, 'package:openssl');
  const read = async (cookie?: string) =>
    parsed(await get('/people/cleo.json', cookie === undefined ? {} : { headers: { Cookie: cookie } }));
  const page = await read();
  assert.deepEqual(
    page.claims.map(({ issue }: { issue: string }) => issue),
    [ids.issue],
  );
  assert.deepEqual(
    page.proposals.map(({ state, about }: Record<string, string>) => [state, about]),
    [['open', 'openssl in nixos-16.09']],
  );
  assert.equal(page.credit.counts.comments, 1);
  assert.equal(page.own, null);
  assert.equal((await read(ben.cookie)).own, null);
  assert.deepEqual((await read(cleo.cookie)).own, { watches: ['package:openssl'], notices: [] });
  const { waiting } = await parsed(await get('/index.json'));
  assert.ok(
    waiting.some(
      ({ label, count }: { label: string; count: number }) =>
        label === 'proposal to decide on' && count === 1,
    ),
  );
});
