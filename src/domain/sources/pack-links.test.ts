import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CopyRows } from '#base/db';
import { type PackedLink, unpackLinks, writeLinks } from './pack-links.ts';
import type { Link } from './source.ts';

function written(links: readonly Link[]): PackedLink[] | null {
  const rows = new CopyRows();
  writeLinks(rows, links);
  const field = rows.stretch(0, rows.at);
  const length = field.readInt32BE(0);
  if (length === -1) return null;
  assert.equal(length, field.length - 4);
  return JSON.parse(field.toString('utf8', 4));
}

const text = fc.string({ minLength: 1, maxLength: 12 });
const link = fc.record(
  {
    url: text,
    kind: fc.constantFrom<Link['kind']>('patch', 'advisory', 'bug', 'exploit', 'web'),
    id: text,
    vulnerability: text,
    note: text,
  },
  { requiredKeys: ['url', 'kind'] },
);

test('links come back as they were, but for addresses that lead nowhere that helps', () => {
  fc.assert(
    fc.property(fc.array(link), (links) => {
      const kept = links.filter(({ kind, id }) => kind !== 'web' || id !== undefined);
      assert.deepEqual(unpackLinks(written(links as Link[])), JSON.parse(JSON.stringify(kept)));
    }),
  );
});

test('a plain link is one string, and no links are nothing', () => {
  assert.deepEqual(written([{ url: 'https://x.example/1.patch', kind: 'patch' }]), [
    'phttps://x.example/1.patch',
  ]);
  assert.equal(written([{ url: 'https://x.example', kind: 'web' }]), null);
});
