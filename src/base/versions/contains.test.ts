import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { comparatorOf } from './comparators.ts';
import { contains } from './contains.ts';
import type { VersionRange } from './range.ts';
import { readRangeText } from './range-text.ts';

const generic = comparatorOf('generic');

function inside(range: VersionRange, version: string): boolean | null {
  return contains(range, version, generic);
}

describe('contains', () => {
  test('takes the lower end in and leaves the upper end out, unless told otherwise', () => {
    const range = { min: '1.0', max: '2.0' };
    assert.deepEqual(
      ['0.9', '1.0', '1.5', '2.0', '2.1'].map((version) => inside(range, version)),
      [false, true, true, false, false],
    );
    assert.equal(inside({ ...range, minInclusive: false }, '1.0'), false);
    assert.equal(inside({ ...range, maxInclusive: true }, '2.0'), true);
    assert.equal(inside({ ...range, maxInclusive: true }, '2.0.0'), true);
  });

  test('takes one exact version', () => {
    const exact = { min: '1.0', max: '1.0', maxInclusive: true };
    assert.equal(inside(exact, '1.0.0'), true);
    assert.equal(inside(exact, '1.0.1'), false);
  });

  test('knows open ends however they are written', () => {
    for (const range of [{}, { min: '0' }, { min: '*', max: '*' }, { min: 'unspecified', max: '*' }]) {
      assert.equal(inside(range, '1.0'), range.min === 'unspecified' ? null : true, JSON.stringify(range));
    }
    assert.equal(inside({ min: '0' }, '0pre1'), true);
    assert.equal(inside({ min: 'unspecified', max: '8.0.1' }, '8.0.0'), true);
    assert.equal(inside({ min: 'n/a', max: '8.0.1' }, '8.0.1'), false);
  });

  test('says nothing where the source says nothing', () => {
    for (const text of ['n/a', '-', 'unspecified', 'Unknown', '', '?']) {
      assert.equal(inside({ min: text, max: text, maxInclusive: true }, '1.0'), null, text);
      assert.equal(inside({ min: '1.0', max: text }, '2.0'), null, text);
      assert.equal(inside({ min: '1.0', max: text }, '0.9'), false, text);
    }
  });

  test('says nothing of what it cannot read, nor of ends the wrong way round', () => {
    assert.equal(inside({ max: '8d47fd5' }, '1.0'), null);
    assert.equal(inside({ max: '1.0' }, '8d47fd5'), null);
    assert.equal(inside({ min: '2.0', max: '1.0' }, '1.5'), null);
    assert.equal(inside({ min: '2.0', max: '1.0' }, '3.0'), null);
    assert.equal(contains({ max: '1_0' }, '0.9', comparatorOf('deb')), null);
  });

  test('knows lines of releases', () => {
    const line = { min: '5.10.198', max: '5.10.*', maxInclusive: true };
    assert.deepEqual(
      ['5.9.300', '5.10.197', '5.10.198', '5.10.9999', '5.11-rc1', '5.100'].map((v) => inside(line, v)),
      [false, false, true, true, false, false],
    );
    assert.equal(
      inside({ max: '5.10.*' }, '5.10.3'),
      true,
      'the star is infinity even where the end is excluded',
    );
    assert.equal(inside({ max: '6.x' }, '6.1'), null, 'x is not');
    assert.equal(inside({ max: '6.x' }, '5.9'), true);
    assert.equal(inside({ min: '1.1.x', max: '1.2.3' }, '1.1.0'), true);
    assert.equal(inside({ min: '1.1.*', minInclusive: false }, '1.1.9'), false);
    assert.equal(inside({ min: '5.0.*', max: '5.0.*', maxInclusive: true }, '5.1'), false);
    assert.equal(inside({ min: '5.0.*', max: '5.0.*', maxInclusive: true }, '5.0.8'), true);
    assert.equal(contains(line, '5.10.200', comparatorOf('semver')), true);
  });

  test('reads the ranges that sources write into fields for one version', () => {
    const github = { min: '>= 1.2.0, < 1.2.5', max: '>= 1.2.0, < 1.2.5', maxInclusive: true };
    assert.deepEqual(
      ['1.1', '1.2.4', '1.2.5'].map((v) => inside(github, v)),
      [false, true, false],
    );
    assert.equal(inside({ min: '24.8', max: '< 24.8.4' }, '24.8.3'), true);
  });

  test('is the complement of the range above it', () => {
    const version = fc
      .array(fc.constantFrom('1', '0', '10', '.', 'rc1', 'p1', '-'), { minLength: 1, maxLength: 5 })
      .map((pieces) => `1${pieces.join('')}`);
    fc.assert(
      fc.property(version, version, fc.boolean(), (v, end, inclusive) => {
        const below = inside({ max: end, maxInclusive: inclusive }, v);
        assert.equal(inside({ min: end, minInclusive: !inclusive }, v), below === null ? null : !below);
      }),
    );
  });
});

describe('readRangeText', () => {
  const READ: [string, VersionRange | null][] = [
    ['< 1.24.10', { max: '1.24.10', maxInclusive: false }],
    ['>= 2.6.0,< 2.6.13', { min: '2.6.0', minInclusive: true, max: '2.6.13', maxInclusive: false }],
    ['<=1.0', { max: '1.0', maxInclusive: true }],
    ['> 1.0', { min: '1.0', minInclusive: false }],
    ['= 1.0', { min: '1.0', max: '1.0', maxInclusive: true }],
    ['8.0.27 and prior', { max: '8.0.27', maxInclusive: true }],
    ['Versions 7.5.24 and  earlier', { max: '7.5.24', maxInclusive: true }],
    ['2.0 or later', { min: '2.0' }],
    ['before 3.4', { max: '3.4' }],
    ['all versions prior to version 3.4', { max: '3.4' }],
    ['up to and including 1.4', { max: '1.4', maxInclusive: true }],
    ['1.0 through 1.4', { min: '1.0', max: '1.4', maxInclusive: true }],
    ['1.0 - 1.4', { min: '1.0', max: '1.4', maxInclusive: true }],
    ['1.0', null],
    ['1.0-1.4', null],
    ['serial number 17X**** or later', null],
    ['< 1.0 || > 2.0', null],
    ['<', null],
    [`< ${'1'.repeat(300)}`, null],
  ];
  for (const [text, range] of READ) {
    test(`“${text.slice(0, 40)}”`, () => assert.deepEqual(readRangeText(text), range));
  }
});
