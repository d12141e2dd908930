import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SAMPLE_VIEW } from './sample-view.ts';
import { renderSummary, roundupHeadline } from './summary.ts';
import { hostileView } from './view-arbitrary.ts';

describe('roundupHeadline', () => {
  test('counts in one line', () => {
    assert.equal(
      roundupHeadline(SAMPLE_VIEW),
      'Roundup 20 · week of 2017-02-01 · 3 issues in 2 projects · 2 remaining, 1 completed',
    );
  });
});

describe('renderSummary', () => {
  test('has a line for each issue with what one decides by', () => {
    const text = renderSummary(SAMPLE_VIEW);
    assert.match(text, /^### openssl \(2 issues\)$/m);
    assert.match(
      text,
      /^ - \[ \] NSI-2017-0043 openssl: denial of service +high +16\.09 16\.03 +DSA-3773-1 GLSA-201702-07 · 1 patch$/m,
    );
    assert.match(text, /^ - \[x\] NSI-2017-0051 openssl: side channel +unknown$/m);
  });

  test('a channel of which nobody can say carries a question mark', () => {
    const [first, ...rest] = SAMPLE_VIEW.sections;
    assert.ok(first);
    const lines = first.lines.map((line) => ({
      ...line,
      cells: line.cells.map((cell) => ({ ...cell, verdict: 'unknown' as const })),
    }));
    assert.match(
      renderSummary({ ...SAMPLE_VIEW, sections: [{ ...first, lines }, ...rest] }),
      / 16\.09\? 16\.03\? unstable\? /,
    );
  });

  test('stops after whole projects and says how many follow', () => {
    const text = renderSummary(SAMPLE_VIEW, { lines: 2 });
    assert.doesNotMatch(text, /jasper/);
    assert.match(text, /\n… and 1 issue more\n$/);
    assert.doesNotMatch(renderSummary(SAMPLE_VIEW, { lines: 3 }), /more/);
  });

  test('nothing in a view steers the terminal or adds lines', () => {
    fc.assert(
      fc.property(hostileView, (view) => {
        const lines = renderSummary(view).split('\n');
        for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\u202e]/u);
        assert.equal(lines.filter((line) => line.startsWith(' - [')).length, view.lines);
      }),
    );
  });
});
