import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VersionRange } from '#base/versions';
import { DocumentProblem } from '../source.ts';
import { type GlsaRange, slotStatements, toVersionRange } from './ranges.ts';

function range(kind: string, version: string, slot = '*', unaffected = false): GlsaRange {
  return { unaffected, range: kind, version, slot };
}

describe('gentoo: ranges', () => {
  const expected: [string, string, VersionRange][] = [
    ['lt', '1.2', { max: '1.2' }],
    ['le', '1.2', { max: '1.2', maxInclusive: true }],
    ['eq', '1.2', { min: '1.2', max: '1.2', maxInclusive: true }],
    ['ge', '1.2', { min: '1.2' }],
    ['gt', '1.2', { min: '1.2', minInclusive: false }],
    ['rlt', '1.2-r3', { min: '1.2', max: '1.2-r3' }],
    ['rle', '1.2-r3', { min: '1.2', max: '1.2-r3', maxInclusive: true }],
    ['rge', '1.2-r3', { min: '1.2-r3', max: '1.2-r999999999', maxInclusive: true }],
    ['rgt', '1.2-r3', { min: '1.2-r3', minInclusive: false, max: '1.2-r999999999', maxInclusive: true }],
    ['rge', '1.2_p4', { min: '1.2_p4', max: '1.2_p4-r999999999', maxInclusive: true }],
    ['eq', '7.3*', { min: '7.3_alpha', max: '7.4_alpha' }],
    ['eq', '9*', { min: '9_alpha', max: '10_alpha' }],
  ];
  for (const [kind, version, wanted] of expected)
    test(`${kind} ${version}`, () =>
      assert.deepEqual(toVersionRange(range(kind, version), 'package a/b'), wanted));

  test('what is no range is refused', () => {
    for (const [kind, version] of [
      ['', '1.2'],
      ['like', '1.2'],
      ['lt', ''],
      ['lt', 'a.b'],
      ['lt', '1 2'],
      ['eq', '1.2b*'],
      ['eq', '*'],
    ] as const)
      assert.throws(
        () => toVersionRange(range(kind, version), 'package a/b'),
        (error) =>
          error instanceof DocumentProblem && error.reason === 'bad-grammar' && error.where === 'package a/b',
        `${kind} ${version}`,
      );
  });

  test('slots are told apart: a fix in one says nothing of another', () => {
    const rows = slotStatements(
      [
        range('ge', '2.7.18', '2.7', true),
        range('ge', '3.6.11', '3.6', true),
        range('lt', '2.7.18', '2.7'),
        range('lt', '3.6.11', '3.6'),
      ],
      'package dev-lang/python',
    );
    assert.deepEqual(
      rows.map(({ slot, fixed, statement }) => [slot, fixed, statement.affected, statement.unaffected]),
      [
        ['2.7', '2.7.18', [{ max: '2.7.18' }], [{ min: '2.7.18' }]],
        ['3.6', '3.6.11', [{ max: '3.6.11' }], [{ min: '3.6.11' }]],
      ],
    );
  });

  test('what holds for all slots holds in each, and for the package', () => {
    const rows = slotStatements(
      [
        range('ge', '123.0', 'rapid', true),
        range('ge', '115.8', 'esr', true),
        range('lt', '123.0'),
        range('lt', '115.8', 'esr'),
      ],
      'package www-client/firefox',
    );
    assert.deepEqual(
      rows.map(({ slot, fixed, hasFix, statement }) => [
        slot,
        fixed,
        hasFix,
        statement.affected,
        statement.unaffected,
      ]),
      [
        [null, null, true, [{ max: '123.0' }], []],
        ['rapid', '123.0', true, [{ max: '123.0' }], [{ min: '123.0' }]],
        ['esr', '115.8', true, [{ max: '115.8' }, { max: '123.0' }], [{ min: '115.8' }]],
      ],
    );
  });

  test('a package that is only masked has no fix', () => {
    const [row] = slotStatements([range('le', '1.0')], 'package a/b');
    assert.equal(row?.hasFix, false);
    assert.equal(row?.fixed, null);
  });
});
