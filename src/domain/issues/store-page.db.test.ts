import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { together } from '#base/db';
import type { Actor } from '#domain/policies';
import { editables, type FieldValue, submit, undo } from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { editableStatus } from './editable-status.ts';
import { STATUSES } from './status.ts';
import { issueLines, issuePageReading } from './store-page.ts';
import { statusesOf } from './store-statuses.ts';

const ISSUE = 'NSI-2017-0001';
const ada: Actor = { id: 'person:1', role: 'triager', account: 1 };
const ben: Actor = { id: 'person:2', role: 'triager', account: 2 };
const options = { kinds: editables([editableStatus]), rules: { secondOpinion: false } };
const link = 'https://example.org/commit/1?a=1&b=2';

/** Every word, with and without what may go with it. */
const VALUES: FieldValue[] = [
  { status: 'under_investigation' },
  { status: 'affected', note: 'a "quoted" note, and a \\ in it', link },
  { status: 'fix_pending', link },
  { status: 'wont_fix', note: 'nobody uses it' },
  { status: 'postponed', until: '2999-01-01', note: 'after the release' },
  { status: 'affected' },
  { status: 'postponed', until: '2001-01-01', link },
  { status: 'fixed', fixedIn: '1.0.2k', note: 'backported' },
  { status: 'affected' },
  { status: 'fixed' },
  { status: 'under_investigation', note: 'again' },
  { status: 'not_affected', justification: 'vulnerable_code_not_present' },
  { status: 'affected' },
  { status: 'not_affected', note: 'we build without it', link },
];

describe('boxes made ready for pages', () => {
  test('say what the statuses say, whatever is set and taken back', async () => {
    await using database = await testDatabase();
    await sql`insert into channel (name) values ('nixos-16.09'), ('nixos-17.03')`.execute(database.queries);
    await sql`insert into issue (id, year, number, product, title, opened, last_report)
      values (${ISSUE}, 2017, 1, 'openssl', 'openssl: denial of service', '2017-01-26', '2017-01-26')`.execute(
      database.queries,
    );
    const ask = together({ page: issuePageReading });
    const askLines = together({ marks: issueLines.marks('$1::text[]') });
    const boxes = ['libressl/nixos-17.03', 'openssl/nixos-17.03', 'openssl/nixos-16.09', 'a/b@c/nixos-16.09'];
    const same = async () => {
      const stored = await statusesOf(database.queries, [ISSUE]);
      const key = ({ package: name, channel }: { package: string; channel: string }) => `${name} ${channel}`;
      const sorted = <T extends { package: string; channel: string }>(all: readonly T[]) =>
        [...all].sort((a, b) => (key(a) < key(b) ? -1 : 1));
      const { page } = await ask(database.pool, [ISSUE]);
      assert.deepEqual(sorted(page?.statuses ?? []), sorted(stored));
      const { marks } = await askLines(database.pool, [[ISSUE]]);
      const lines = await issueLines.read(database.pool, marks);
      const line = lines.get(ISSUE);
      for (const { package: name, channel, value, version, changedBy } of stored) {
        // Lists show neither note nor link.
        const {
          note: _,
          link: __,
          ...shown
        }: { note?: string | undefined; link?: string | undefined } = value;
        assert.deepEqual(line?.decided(name, channel), { value: shown, version, changedBy });
      }
      assert.equal(line?.decided('openssl', 'nixos-99.09'), null);
      assert.deepEqual(
        [...(line?.deciders ?? [])].sort(),
        [...new Set(stored.map(({ changedBy }) => changedBy))].sort(),
      );
      return stored;
    };
    assert.deepEqual(await same(), []);
    const said = new Set<string>();
    for (const [turn, value] of VALUES.entries()) {
      for (const [place, box] of boxes.entries()) {
        const now = (await statusesOf(database.queries, [ISSUE])).find(
          (one) => `${one.package}/${one.channel}` === box,
        );
        const change = {
          kind: 'status',
          id: `${ISSUE}/${box}`,
          field: 'value',
          value,
          saw: now?.version ?? 0,
        };
        const answer = await submit(
          database,
          (turn + place) % 2 === 0 ? ada : ben,
          { changes: [change] },
          options,
        );
        assert.equal(answer.outcome, 'accepted', JSON.stringify(answer));
      }
      for (const one of await same()) said.add(one.value.status);
    }
    assert.deepEqual(said, new Set(STATUSES));
    const [first] = await same();
    assert.ok(first !== undefined);
    const undone = await undo(database, ada, first.version, options);
    assert.equal(undone.outcome, 'accepted', JSON.stringify(undone));
    await same();
  });
});
