import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Lifecycle, SeverityMark, type SeverityWord, type Verdict, VerdictMark } from './marks.tsx';

const classOf = (html: string) => /class="([^"]*)"/.exec(html)?.[1];

describe('VerdictMark', () => {
  test('says each state by word, and by a class that has its shape', () => {
    const states: [Verdict, string][] = [
      ['affected', 'affected'],
      ['not_affected', 'not affected'],
      ['unknown', 'unknown'],
      ['absent', 'absent'],
    ];
    for (const [verdict, word] of states) {
      const html = String(<VerdictMark verdict={verdict} />);
      assert.equal(classOf(html), `mark mark-${verdict}`);
      assert.ok(html.endsWith(`>${word}</span>`), html);
    }
  });

  test('what it has no word for is unknown, never fine', () => {
    for (const verdict of ['fixed', 'constructor', '']) {
      const html = String(<VerdictMark verdict={verdict as Verdict} />);
      assert.equal(classOf(html), 'mark mark-unknown');
      assert.match(html, />unknown</);
    }
  });
});

describe('SeverityMark', () => {
  test('is of the class that fills as many steps as it is grave', () => {
    const steps: [SeverityWord, number | string, string][] = [
      ['critical', 4, 'critical'],
      ['low', 1, 'low'],
      ['none', 0, 'none'],
      [null, 'unrated', 'unrated'],
      ['constructor' as SeverityWord, 'unrated', 'unrated'],
    ];
    for (const [severity, on, word] of steps) {
      const html = String(<SeverityMark severity={severity} />);
      assert.equal(classOf(html), `severity severity-${on}`);
      assert.ok(html.endsWith(`${word}</span>`), html);
    }
  });
});

test('Lifecycle reads as words', () => {
  assert.match(String(<Lifecycle lifecycle="end_of_life" />), />end of life</);
});
