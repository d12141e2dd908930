import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rowsOf, sampleReport } from '../sample-reports.ts';
import { alasId } from './ids.ts';

describe('amazon', () => {
  test('the same number on another line is another advisory', () => {
    assert.equal(alasId('ALAS-2018-939', '1', 'id'), 'ALAS-2018-939');
    assert.equal(alasId('ALAS-2018-939', '2', 'id'), 'ALAS2-2018-939');
    assert.equal(alasId('ALAS2-2018-939', '2', 'id'), 'ALAS2-2018-939');
    assert.equal(alasId('ALAS-2023-126', '2023', 'id'), 'ALAS2023-2023-126');
    assert.equal(alasId('ALAS2KERNEL-5.15-2022-001', '2', 'id'), 'ALAS2KERNEL-5.15-2022-001');
    assert.equal(sampleReport('amazon', 'updateinfo').key, 'ALAS2-2017-901');
    assert.equal(sampleReport('amazon', 'rss').key, 'ALAS2-2017-901');
    const first = sampleReport('amazon', 'rss', (text) => text.replace('/AL2/', '/'));
    assert.deepEqual(
      [first.key, first.url],
      ['ALAS-2017-901', 'https://alas.aws.amazon.com/ALAS-2017-901.html'],
    );
  });

  test('the feed names packages without versions', () => {
    assert.deepEqual(rowsOf(sampleReport('amazon', 'rss')), ['frobd al2']);
    assert.deepEqual(
      rowsOf(sampleReport('amazon', 'updateinfo'))[0],
      'frobd al2 fixed 1:2.0-1.el8 (module frob:2)',
    );
  });
});
