import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { plainLine } from './markdown-text.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { REMARK_LIMIT, renderMarkdown } from './render-markdown.ts';
import { SAMPLE_VIEW } from './sample-view.ts';
import type { RoundupView } from './view.ts';
import { HOSTILE_PIECES, hostileText, hostileView } from './view-arbitrary.ts';

const head = (id: string) => `[\`#${id}\`](https://muster.example/issues/${id}) ([search](s), [files](f))`;
const tickLine = (box: string, id = 'NSI-2017-0043') =>
  ` - [${box}] ${head(id)} openssl: denial of service (high)`;

/** Issue → what was read of it. */
function read(text: string): Record<string, [boolean, string | null]> {
  const { ticks } = parseMarkdown(text);
  return Object.fromEntries(ticks.map(({ issue, done, remark }) => [issue, [done, remark]]));
}

function ticksOf(view: RoundupView): Record<string, [boolean, string | null]> {
  const lines = view.sections.flatMap((section) => section.lines);
  return Object.fromEntries(
    lines.map(({ issue, done, remark }) => [issue, [done, plainLine(remark ?? '', REMARK_LIMIT) || null]]),
  );
}

describe('parseMarkdown reads what renderMarkdown wrote', () => {
  test('exactly, for any view', () => {
    fc.assert(
      fc.property(hostileView, fc.boolean(), (view, assorted) => {
        const parsed = parseMarkdown(renderMarkdown(view, { assorted }));
        assert.equal(parsed.roundup, view.number);
        assert.deepEqual(parsed.problems, []);
        assert.deepEqual(
          Object.fromEntries(parsed.ticks.map(({ issue, done, remark }) => [issue, [done, remark]])),
          ticksOf(view),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('also through mail, editors and other line ends', () => {
    const ways: ((text: string) => string)[] = [
      (text) => text.replaceAll('\n', '\r\n'),
      (text) => text.replaceAll('\n', '\r'),
      (text) => text.replace(/^/gm, '> '),
      (text) => text.replace(/^/gm, '>> '),
      (text) => text.replace(/^/gm, '  '),
      (text) => text.replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length)),
      (text) => text.replace(/^ - /gm, '* ').replace(/^ {3}- /gm, '  * '),
      (text) => `\ufeff${text}`,
      (text) => text.replaceAll('[x]', '[X]'),
      (text) => text.trimEnd(),
    ];
    fc.assert(
      fc.property(hostileView, fc.constantFrom(...ways), (view, way) => {
        assert.deepEqual(read(way(renderMarkdown(view).replaceAll('[X]', '[x]'))), ticksOf(view));
      }),
    );
  });

  test('as far as it goes where the file was cut short: no tick but those in it, and of no other issue', () => {
    fc.assert(
      fc.property(hostileView, fc.nat(), (view, nat) => {
        const whole = renderMarkdown(view);
        const expected = ticksOf(view);
        const cut = nat % (whole.length + 1);
        const found = read(whole.slice(0, cut));
        for (const [issue, [done]] of Object.entries(found)) assert.equal(done, expected[issue]?.[0], issue);
        for (const issue of Object.keys(expected)) {
          const end = whole.indexOf(']', whole.indexOf(`[\`#${issue}\`]`));
          assert.equal(issue in found, end < cut, `${issue}, cut at ${cut}`);
        }
      }),
      { numRuns: 500 },
    );
    const line = tickLine('x', 'NSI-2017-10043');
    for (let length = 0; length < line.indexOf('](') + 1; length++)
      assert.deepEqual(read(line.slice(0, length)), {}, line.slice(0, length));
  });

  test('edits of some lines never lose or change the ticks of others', () => {
    const junk = fc
      .oneof(
        hostileText,
        fc.constantFrom(
          '',
          '---',
          '```',
          '| a | b |',
          'We looked at this.',
          '## Notes',
          '- [ ] mail the list',
        ),
      )
      .map((text) => text.replace(/<!--|NSI-|`#/g, ''));
    const edit = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('delete', 'insert', 'tick', 'remark', 'top'),
      junk,
    });
    fc.assert(
      fc.property(hostileView, fc.array(edit, { maxLength: 6 }), (view, edits) => {
        const expected: Record<string, boolean> = {};
        for (const [issue, [done]] of Object.entries(ticksOf(view))) expected[issue] = done;
        const lines = renderMarkdown(view).split('\n');
        for (const { at, kind, junk: text } of edits) {
          const index = at % lines.length;
          const line = lines[index] ?? '';
          const issue = /^ - \[[ xX]\] \[`#(NSI-\d+-\d+)/.exec(line)?.[1];
          if (kind === 'insert') lines.splice(index, 0, text);
          else if (kind === 'delete') {
            lines.splice(index, 1);
            if (issue !== undefined) delete expected[issue];
          } else if (kind === 'top') lines.unshift(...lines.splice(index, 1));
          else if (issue !== undefined && kind === 'remark')
            lines[index] = `${line} ${text.replace(/[\r\n]/g, ' ')}`;
          else if (issue !== undefined) {
            lines[index] = line.replace(/^ - \[[ xX]\]/, expected[issue] ? ' - [ ]' : ' - [X]');
            expected[issue] = !expected[issue];
          }
        }
        const found = parseMarkdown(lines.join('\n')).ticks.map(({ issue, done }) => [issue, done]);
        assert.deepEqual(Object.fromEntries(found), expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('parseMarkdown understands people', () => {
  test('ticks as they are written', () => {
    for (const box of ['x', 'X', ' x', 'x '])
      assert.deepEqual(read(tickLine(box)), { 'NSI-2017-0043': [true, null] }, box);
    for (const box of [' ', '', '  '])
      assert.deepEqual(read(tickLine(box)), { 'NSI-2017-0043': [false, null] }, box);
  });

  test('lines as they are written', () => {
    for (const line of [
      '- [x] NSI-2017-0043',
      '* [x] [NSI-2017-0043](https://muster.example/issues/NSI-2017-0043) openssl',
      '+ [x] `NSI-2017-0043` openssl',
      '1. [x] #NSI-2017-0043',
      '-[x] nsi-2017-0043',
      '[x] [`#NSI-2017-0043`](u)',
      '\t\t- [x] [`NSI-2017-0043`](u) openssl',
      '- - [x] [`#NSI-2017-0043`](u)',
      '> > - [x] [`#NSI-2017-0043`](u)',
      ' - [x] ~~[`#NSI-2017-0043`](u) openssl: x (high)~~',
    ])
      assert.deepEqual(read(line), { 'NSI-2017-0043': [true, null] }, line);
  });

  test('remarks behind the line', () => {
    for (const behind of [
      'not in 16.09',
      ' — not in 16.09',
      ' -- not in 16.09',
      ' - not in 16.09',
      ': not in 16.09',
      ', not in 16.09',
      ' => not in 16.09',
      ' not in 16.09 <!-- says @somebody -->',
      '\n   not in 16.09',
      '\nnot in 16.09',
      '\n   - not in 16.09',
      '\n\n   not in 16.09',
      '\n   - patches: [a](b)\n   not in 16.09',
      '\n   - patches: [a](b)\n     wrapped by an editor\n   - not in 16.09',
    ])
      assert.deepEqual(read(tickLine('x') + behind), { 'NSI-2017-0043': [true, 'not in 16.09'] }, behind);
  });

  test('remarks keep their own words', () => {
    const remark = (text: string) => read(`${tickLine(' ')} ${text}`)['NSI-2017-0043']?.[1];
    assert.equal(
      remark('thanks @grahamc, see #12 and https://github.com/a/b/pull/1'),
      'thanks @grahamc, see #12 and https://github.com/a/b/pull/1',
    );
    assert.equal(remark('a &lt; b \\o/'), 'a < b \\o/');
    assert.equal(remark('[ ] backport'), '[ ] backport');
    assert.equal(
      read(`${tickLine(' ')}\n   - [ ] backport to 16.09`)['NSI-2017-0043']?.[1],
      '[ ] backport to 16.09',
    );
  });

  test('a paragraph of its own below the list is nobody’s remark', () => {
    assert.deepEqual(read(`${tickLine('x')}\n\nWe looked at all of this.`), {
      'NSI-2017-0043': [true, null],
    });
  });

  test('a title wrapped by an editor is not a remark', () => {
    assert.deepEqual(read(` - [x] ${head('NSI-2017-0043')} openssl:\n   denial of\n   service (high) fine`), {
      'NSI-2017-0043': [true, 'fine'],
    });
  });

  test('lines of 2016', () => {
    const line =
      '- [x] [`#705362`](https://lwn.net/Vulnerabilities/705362/) ([search](..q=bind..), [files](..bind+in%3Apath..))  bind: denial of service';
    assert.deepEqual(read(line), { 705362: [true, null] });
    assert.deepEqual(read(`${line} -- not vulnerable`), { 705362: [true, 'not vulnerable'] });
  });

  test('unknown ids are kept, and the number of the roundup is read', () => {
    const parsed = parseMarkdown(
      `Title\n## Vulnerability Roundup 31 (2017)\n${tickLine('x', 'NSI-2099-99999')}`,
    );
    assert.equal(parsed.roundup, 31);
    assert.deepEqual(parsed.ticks, [{ issue: 'NSI-2099-99999', done: true, remark: null, line: 3 }]);
    assert.equal(parseMarkdown(tickLine('x')).roundup, null);
  });

  test('a line moved into or out of the folded block keeps its tick', () => {
    const text = renderMarkdown(SAMPLE_VIEW);
    const line = text.split('\n').find((one) => one.includes('#NSI-2017-0044')) ?? '';
    const moved = text
      .replace(`${line}\n`, '')
      .replace('</details>', `${line.replace('[ ]', '[x]')}\n</details>`);
    assert.deepEqual(read(moved)['NSI-2017-0044'], [true, null]);
    assert.deepEqual(read(moved)['NSI-2017-0051'], read(text)['NSI-2017-0051']);
  });
});

describe('parseMarkdown says what it does not take', () => {
  const problems = (text: string) =>
    parseMarkdown(text).problems.map(({ line, message }) => `${line}: ${message}`);

  test('the same issue ticked and open', () => {
    const text = [tickLine('x'), tickLine('x', 'NSI-2017-0044'), tickLine(' ')].join('\n');
    assert.deepEqual(Object.keys(read(text)), ['NSI-2017-0044']);
    assert.deepEqual(problems(text), [
      '1: NSI-2017-0043 is ticked here and open in line 3; neither is taken',
    ]);
  });

  test('the same issue twice with the same tick is one, with both remarks', () => {
    const text = `${tickLine('x')} a\n${tickLine('X')} b\n${tickLine('x')} a`;
    assert.deepEqual(parseMarkdown(text), {
      roundup: null,
      ticks: [{ issue: 'NSI-2017-0043', done: true, remark: 'a · b', line: 1 }],
      gate: null,
      problems: [],
    });
  });

  test('a box that is neither, a box without an issue, a line in a comment, a second heading', () => {
    assert.deepEqual(problems(tickLine('?')), [
      '1: [?] is neither ticked nor open; NSI-2017-0043 is not taken',
    ]);
    assert.deepEqual(problems('- [ ] mail the list'), [
      '1: A box without an issue; nothing is taken from it',
    ]);
    const commented = `<!--\n${tickLine('x')}\n-->\n${tickLine('x', 'NSI-2017-0044')}`;
    assert.deepEqual(problems(commented), ['2: This line is inside a comment; its tick is not taken']);
    assert.deepEqual(Object.keys(read(commented)), ['NSI-2017-0044']);
    assert.deepEqual(problems(`<!-- ${tickLine('x')} -->`), [
      '1: This line is inside a comment; its tick is not taken',
    ]);
    assert.deepEqual(problems('# Vulnerability Roundup 3\n# Vulnerability Roundup 4'), [
      '2: A second heading, for roundup 4; the first one, 3, holds',
    ]);
  });

  test('a comment that never ends does not swallow the rest', () => {
    const text = `--> <!-- oops\n${tickLine('x')}\n<!-- again`;
    assert.deepEqual(read(text), { 'NSI-2017-0043': [true, '<!-- again'] });
    assert.deepEqual(problems(text), ['1: A comment begins with <!-- and never ends; read as text']);
  });

  test('links and quotations in a list are no boxes', () => {
    assert.deepEqual(
      problems('- [x](https://a.example)\n- [PR] foo\n- [1]: https://a.example\n[ ] alone'),
      [],
    );
  });
});

describe('parseMarkdown bears any text', () => {
  test('never throws', () => {
    const text = fc.array(
      fc.oneof(
        fc.constantFrom(...HOSTILE_PIECES, '\n', '\r', '\t', '> ', '- [x] ', '[`#', '`](', 'NSI-2017-0001'),
        fc.string({ unit: 'binary' }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(text, (pieces) => {
        const { ticks, problems } = parseMarkdown(pieces.join(''));
        assert.equal(new Set(ticks.map(({ issue }) => issue)).size, ticks.length);
        for (const { line } of [...ticks, ...problems]) assert.ok(line >= 1);
      }),
      { numRuns: 1000 },
    );
  });

  test('a text that was cut behind the mark of a list says nothing by that', () => {
    const cut = ' - [x] [`#NSI-2017-0001`](/issues/NSI-2017-0001) a flaw (severity unknown)\n   -';
    assert.deepEqual(
      parseMarkdown(cut).ticks.map(({ remark }) => remark),
      [null],
    );
  });

  test('its time grows with the length, whatever is repeated', () => {
    const pieces = [
      ...HOSTILE_PIECES,
      ' ',
      '\t',
      '\n',
      '>',
      '> ',
      '- ',
      '- [',
      '- [x] ',
      '[`#',
      '~',
      '* ',
      '<!--',
      '-->',
      '<!-- -->',
      '<https://',
      '\\',
      '&',
      ' — ',
      '(high',
      '- [x] NSI-2017-0001\n',
      '- [x] NSI-2017-0001 (high) a\n',
      '# ',
      '1.',
    ];
    const cost = (text: string) => {
      const before = process.cpuUsage();
      parseMarkdown(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    for (const piece of pieces) {
      const text = piece.repeat(Math.ceil(300_000 / piece.length));
      // A quadratic reader needs minutes of processor time for this; a linear one some tens of milliseconds.
      for (const whole of [text, `- [x] NSI-2017-0001 ${text}`, `- [x] NSI-2017-0001 (high) ${text}`])
        assert.ok(cost(whole) < 5_000, JSON.stringify(piece));
    }
  });
});
