import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asList,
  asNumber,
  asObject,
  asString,
  JsonFieldError,
  optionalNumber,
  optionalObject,
  optionalString,
  within,
} from './json-fields.ts';

function errorOf(run: () => unknown): string {
  try {
    return `no error: ${run()}`;
  } catch (error) {
    assert.ok(error instanceof JsonFieldError);
    return `${error.reason} ${error.where}: ${error.message}`;
  }
}

test('gives back what is of its type', () => {
  assert.equal(asString('x', 'a'), 'x');
  assert.equal(asNumber(0, 'a'), 0);
  assert.equal(asNumber('9.8', 'a'), 9.8);
  assert.deepEqual(asObject({ a: 1 }, 'a'), { a: 1 });
  assert.deepEqual(asList([1], 'a'), [1]);
});

test('what may be left out is nothing where it is left out or null', () => {
  for (const value of [undefined, null]) {
    assert.equal(optionalString(value, 'a'), undefined);
    assert.equal(optionalNumber(value, 'a'), undefined);
    assert.deepEqual(optionalObject(value, 'a'), {});
    assert.deepEqual(asList(value, 'a'), []);
  }
  assert.equal(optionalNumber('', 'a'), undefined);
});

test('says what is missing or wrong, and where', () => {
  assert.equal(
    errorOf(() => asString(undefined, 'cve.id')),
    'missing-field cve.id: cve.id is missing',
  );
  assert.equal(
    errorOf(() => asString(null, 'cve.id')),
    'missing-field cve.id: cve.id is missing',
  );
  assert.equal(
    errorOf(() => asString(7, 'refs[].url', 3)),
    'wrong-type refs[3].url: refs[3].url should be a string, but is a number',
  );
  assert.equal(
    errorOf(() => asObject([], 'a')),
    'wrong-type a: a should be an object, but is a list',
  );
  assert.equal(
    errorOf(() => asList({}, 'a')),
    'wrong-type a: a should be a list, but is an object',
  );
  assert.equal(
    errorOf(() => optionalNumber('high', 'a')),
    'wrong-type a: a should be a number, but is a string',
  );
  assert.equal(
    errorOf(() => asNumber(null, 'a')),
    'missing-field a: a is missing',
  );
  assert.equal(
    errorOf(() => asNumber(Number.NaN, 'a')),
    'wrong-type a: a should be a number, but is a number',
  );
});

test('a part knows its place in the whole', () => {
  assert.equal(
    errorOf(() => within('containers.adp[1]', () => asString(7, 'title'))),
    'wrong-type containers.adp[1].title: containers.adp[1].title should be a string, but is a number',
  );
  assert.equal(
    within('a', () => 7),
    7,
  );
  assert.throws(() => within('a', () => assert.fail('another')), /another/);
});
