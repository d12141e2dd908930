import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fieldsOf, learn, type Shape, ShapeSampler, shapeChange } from './shape.ts';

const of = (text: string) => [...(fieldsOf(Buffer.from(text)) ?? [])].sort();
const shape = (documents: number, fields: Record<string, number>): Shape => ({
  documents,
  fields: new Map(Object.entries(fields)),
});

describe('fields of a document', () => {
  test('of JSON by their paths, names of things as one', () => {
    assert.deepEqual(of('{"id":"x","affected":[{"package":{"name":"y"}}],"by":{"CVE-2017-1":1,"10":2}}'), [
      ...['affected', 'affected[].package', 'affected[].package.name', 'by', 'by.*', 'id'],
    ]);
  });

  test('of XML by its elements; of a web page, of text and of what is cut none', () => {
    assert.deepEqual(of('<vuln vid="1"><topic>a &lt;b&gt;</topic><dates/></vuln>'), [
      'dates',
      'topic',
      'vuln',
    ]);
    for (const text of ['<!doctype html><html><body>', 'DSA-1 x', '{"a":', ''])
      assert.equal(fieldsOf(Buffer.from(text)), null);
  });

  test('of whatever bytes without an error', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void fieldsOf(Buffer.from(bytes))));
    fc.assert(fc.property(fc.json(), (text) => void fieldsOf(Buffer.from(text))));
    assert.deepEqual(of('{"__proto__":{"a":1}}'), ['__proto__', '__proto__.a']);
  });
});

describe('a change of shape', () => {
  const known = shape(100, { id: 100, fixed: 99, note: 40 });

  test('is a field that was never there, or one that nearly always was and is not any more', () => {
    assert.deepEqual(shapeChange(known, shape(20, { id: 20, solved: 19, 'solved.by': 19 })), {
      fresh: ['solved'],
      lost: ['fixed'],
    });
  });

  test('is nothing that comes and goes, and nothing of which too little is known', () => {
    assert.equal(shapeChange(known, shape(20, { id: 20, fixed: 1 })), null, 'one still has it');
    assert.equal(shapeChange(known, shape(20, { id: 20, fixed: 20, rare: 3 })), null, 'a few have one more');
    assert.equal(shapeChange(shape(49, { id: 49 }), shape(20, { other: 20 })), null);
    assert.equal(shapeChange(known, shape(9, { other: 9 })), null);
  });

  test('is none to what was learnt, whatever it is', () => {
    const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(fields, fields, (before, now) => {
        const seen = shape(60, now);
        const change = shapeChange(learn(shape(60, before), seen), seen);
        assert.deepEqual(change?.fresh ?? [], []);
      }),
    );
  });
});

test('some of many documents are looked at, the same ones each time', () => {
  const look = () => {
    const sampler = new ShapeSampler();
    for (let n = 0; n < 5000; n++) sampler.look('form', Buffer.from(`{"f${'abcdefgh'[n % 8]}":1}`));
    return sampler.shapes().get('form');
  };
  const seen = look();
  assert.ok(seen !== undefined && seen.documents > 80 && seen.documents <= 200, String(seen?.documents));
  assert.deepEqual(seen, look());
});
