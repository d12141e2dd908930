import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { canonicalProduct } from '#domain/issues';
import { candidates, nameIndex, THRESHOLD } from './candidates.ts';
import { copiesOf, readCopies } from './embedded-copies.ts';
import { issueMatcher } from './match-issue.ts';
import { packageSet } from './package-set.ts';
import { samplePackage } from './sample-packages.ts';
import type { Statement } from './verdict.ts';

describe('the table of embedded copies', () => {
  const text = readFileSync(join(import.meta.dirname, 'embedded-copies.tsv'), 'utf8');

  test('is in order, names products by their canonical names, and nothing carries itself', () => {
    const rows = text.trimEnd().split('\n').slice(1);
    assert.deepEqual(rows, [...rows].sort());
    assert.ok(rows.length > 500);
    for (const [product, copies] of readCopies(text)) {
      assert.equal(canonicalProduct('debian', product), product);
      for (const { carrier } of copies) {
        assert.equal(canonicalProduct('debian', carrier), carrier);
        assert.notEqual(carrier, product);
      }
    }
  });

  test('is refused with the line where it is not', () => {
    const bad = (rows: string) => () => readCopies(`product\tcarrier\thow\twhy\n${rows}`);
    assert.throws(() => readCopies('a\tb\n'), /must begin/);
    assert.throws(bad('a\tb\ta copy\n'), /line 2: a row has four cells/);
    assert.throws(bad('a\tb\tc\td\na\tb\tc\td\n'), /line 3: b stands there twice/);
  });
});

describe('a package that carries a copy', () => {
  const [copy] = copiesOf('expat');
  const carrier = copy?.carrier ?? '';

  test('is a weak candidate, with who says so, after all that bear the name', () => {
    const index = nameIndex([
      samplePackage('expat'),
      samplePackage(carrier),
      samplePackage(`rPackages.${carrier}`),
    ]);
    const found = candidates(index, {
      product: 'expat',
      distributions: [{ name: 'expat', ecosystem: 'debian' }],
      cpes: [],
    });
    assert.deepEqual(
      found.map(({ pkg, score }) => [pkg.attr, score]),
      [
        ['expat', 0.65],
        [carrier, THRESHOLD],
      ],
    );
    assert.match(found[1]?.reasons[0]?.why ?? '', /^carries a .*copy of expat \(Debian security tracker/);
  });

  test('is judged by no version: whose copy it is, nobody says; a patch that names the flaw mends it', () => {
    const set = packageSet([
      {
        channel: 'nixos-unstable',
        packages: [
          samplePackage('expat', { version: '2.0' }),
          samplePackage(carrier, { version: '9.9', patches: ['CVE-2016-9002.patch'] }),
        ],
      },
    ]);
    const versions: Statement['versions'] = {
      scheme: 'generic',
      affected: [{ max: '2.1' }],
      unaffected: [{ min: '2.1' }],
      otherwise: 'unknown',
    };
    const statement = (vulnerability: string): Statement => ({
      ...{
        vulnerability,
        source: 'nvd',
        report: vulnerability,
        ecosystem: 'cpe',
        vendor: 'libexpat',
        name: 'expat',
      },
      ...{ release: null, versions, together: 1 },
    });
    const found = issueMatcher(set)({
      id: 'NSI-2016-0001',
      names: { product: 'expat', distributions: [{ name: 'expat', ecosystem: 'debian' }], cpes: [] },
      vulnerabilities: ['CVE-2016-9001', 'CVE-2016-9002'],
      statements: new Map([
        ['CVE-2016-9001', [statement('CVE-2016-9001')]],
        ['CVE-2016-9002', [statement('CVE-2016-9002')]],
      ]),
    });
    assert.deepEqual(
      found.map(({ attr, verdict, channels }) => [
        attr,
        verdict,
        channels[0]?.verdict.evidence.map((line) => line.verdict),
      ]),
      [
        ['expat', 'affected', ['affected', 'affected']],
        [carrier, 'unknown', ['unknown', 'not_affected']],
      ],
    );
    assert.deepEqual(found[1]?.channels[0]?.verdict.patched, ['CVE-2016-9002']);
  });
});
