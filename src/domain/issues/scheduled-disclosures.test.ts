import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainMembership } from './explain.ts';
import { group } from './grouping.ts';
import { bundle, stacks } from './grouping-samples.ts';
import { disclosureNamed, scheduledDisclosures } from './scheduled-disclosures.ts';

const JULY = ['CVE-2017-3633', 'CVE-2017-3634', 'CVE-2017-3635'];
const told = (vulnerability: string, published: string, product = 'mysql') => ({
  product,
  vulnerability,
  published,
});

describe('what comes out on days that are known for years', () => {
  test('one witness for each product and quarter, from the Tuesday on', () => {
    const witnesses = scheduledDisclosures([
      told('CVE-2017-3635', '2017-07-18'),
      told('CVE-2017-3634', '2017-07-24'),
      told('CVE-2017-10053', '2017-07-18', 'openjdk'),
      told('CVE-2017-10067', '2017-07-18', 'openjdk'),
      told('CVE-2017-1000001', '2017-07-03'),
      told('CVE-2017-1000002', '2017-08-08'),
      told('CVE-2017-3167', '2017-07-18', 'apache2'),
      told('CVE-2017-10268', '2017-10-19'),
    ]);
    assert.deepEqual(
      witnesses.map(({ id, published, vulnerabilities, witness }) => [
        id,
        published,
        vulnerabilities,
        witness,
      ]),
      [
        ['cpu:mysql:2017-07', '2017-07-14', ['CVE-2017-3634', 'CVE-2017-3635'], true],
        ['cpu:openjdk:2017-07', '2017-07-14', ['CVE-2017-10053', 'CVE-2017-10067'], true],
      ],
    );
  });

  test('ties what no report has in one, and the reason names it', () => {
    const reports = [
      bundle('DSA-3922-1', 'DSA', '2017-07-28', 'mysql', JULY.slice(0, 2)),
      bundle('USN-3357-1', 'USN', '2017-07-20', 'mysql', JULY.slice(1)),
      bundle('RHSA-2017:2787', 'RHSA', '2017-09-21', 'mysql', JULY),
    ];
    const update = scheduledDisclosures(JULY.map((id) => told(id, '2017-07-18')));
    const partition = group([...reports, ...update]);
    assert.deepEqual(stacks(partition), [`mysql ${JULY.join(' ')}`]);
    const alone = [
      bundle('A-1', 'a', '2017-07-19', 'mysql', JULY.slice(0, 2)),
      bundle('B-1', 'b', '2017-10-01', 'mysql', JULY),
    ];
    assert.equal(group(alone).issues.length, 2, 'after the window');
    const [issue] = group([...alone, ...update]).issues;
    assert.equal(issue?.atoms.length, 3);
    const late = issue?.members[1];
    assert.ok(issue !== undefined && late !== undefined);
    assert.match(explainMembership(late, issue), /Oracle’s Critical Patch Update of 2017-07 closes it/);
  });

  test('other ids name none', () => {
    assert.equal(disclosureNamed('release:x:1'), null);
  });
});
