import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packLinks, unpackLinks } from './pack-links.ts';
import type { Link } from './source.ts';

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
      const stored = JSON.parse(JSON.stringify(packLinks(links as Link[]) ?? null));
      const kept = links.filter(({ kind, id }) => kind !== 'web' || id !== undefined);
      assert.deepEqual(unpackLinks(stored), JSON.parse(JSON.stringify(kept)));
    }),
  );
});

test('a plain link is one string, and no links are nothing', () => {
  assert.deepEqual(packLinks([{ url: 'https://x.example/1.patch', kind: 'patch' }]), [
    'phttps://x.example/1.patch',
  ]);
  assert.equal(packLinks([{ url: 'https://x.example', kind: 'web' }]), undefined);
});
