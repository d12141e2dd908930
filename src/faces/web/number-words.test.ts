import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NumberStanding } from '#domain/issues';
import { numberWords } from './number-words.ts';

const unheard: NumberStanding = {
  ...{ id: 'CVE-2017-0100', state: null, since: null, by: [], announced: null },
  neighbours: { before: null, after: null },
};
const day = new Date('2017-02-05T00:00:00Z');

test('a number says what is known of it and since when, and no more', () => {
  const said = (more: Partial<NumberStanding>) => numberWords({ ...unheard, ...more }).join(' ');
  assert.equal(said({ state: 'published', neighbours: null }), '');
  assert.match(
    said({ state: 'rejected', since: day, by: ['cve', 'nvd'], neighbours: null }),
    /^Rejected since 2017-02-05 by the word of CVE\.org and NVD:/,
  );
  assert.match(
    said({ state: 'reserved', since: day, by: ['cve'], neighbours: null }),
    /^Reserved since 2017-02-05 by the word of CVE\.org:/,
  );
  const announced = { first: { source: 'debian', key: 'DSA-3773-1', published: day }, announcements: 3 };
  assert.match(
    said({ state: 'reserved', announced, neighbours: null }),
    /^No record that we read describes it.* Debian announced it on 2017-02-05 \(DSA-3773-1\), and 2 more advisories name it\.$/,
  );
  assert.match(
    said({ neighbours: { before: 'CVE-2017-0099', after: 'CVE-2017-0102' } }),
    /gap of the numbering, between CVE-2017-0099 and CVE-2017-0102/,
  );
  assert.match(said({ neighbours: { before: 'CVE-2017-0099', after: null } }), /beyond the last number/);
  assert.match(said({ neighbours: { before: null, after: 'CVE-2017-0102' } }), /before the first number/);
  assert.match(said({}), /nor of any other number of 2017/);
  assert.equal(said({ neighbours: null }), '');
});
