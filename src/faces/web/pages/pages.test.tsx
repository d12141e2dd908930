import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { asList } from '#domain/roundup';
import { htmlDocument } from '../layout.tsx';
import { assertHarmless, assertInOrder, structureOf } from '../page-structure.ts';
import { IssuePage } from './issue.tsx';
import { RoundupPage } from './roundup.tsx';
import { ACCOUNT_PAGES, BARE_ACCOUNT_PAGES } from './sample-account-pages.tsx';
import { BARE_INSIGHT_PAGES, INSIGHT_PAGES } from './sample-insight-pages.tsx';
import { BARE_PAGES, FRAME, ISSUE, ROUNDUP, SAMPLE_PAGES } from './sample-pages.tsx';
import { BARE_QUEUE_PAGES, QUEUE_PAGES } from './sample-queue-pages.tsx';

const HOSTILE = [
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)" x="',
  '</title></style><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  'https://user:pass@evil.example/',
  'https://evil.example/"><script>',
  'http://',
  '../../..',
  '&lt;script&gt;',
  '<!-- --> ]]> <![CDATA[',
  '\ud800',
  '',
];

/** The same props with another text in every place where there was one. */
function withText<T>(value: T, text: string): T {
  if (typeof value === 'string') return text as T;
  if (Array.isArray(value)) return value.map((one) => withText(one, text)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withText(one, text)])) as T;
}

/** As written to the wire: half characters are replaced there. */
const drawn = (page: { toString(): string }) => Buffer.from(htmlDocument(page)).toString();

describe('every page', () => {
  for (const { name, draw } of [...SAMPLE_PAGES, ...ACCOUNT_PAGES, ...INSIGHT_PAGES, ...QUEUE_PAGES]) {
    test(`${name}: is in order and loads nothing from elsewhere`, () => {
      const structure = structureOf(drawn(draw((props) => props)));
      assertHarmless(structure);
      assertInOrder(structure);
    });

    test(`${name}: shows hostile text as text`, () => {
      for (const hostile of HOSTILE) {
        const structure = structureOf(drawn(draw((props) => withText(props, hostile))));
        assertHarmless(structure);
        const shown = hostile.replace('\ud800', '\ufffd');
        assert.ok(structure.text.includes(shown), `${name} swallowed ${JSON.stringify(hostile)}`);
      }
    });

    test(`${name}: bears any text`, () => {
      // The strict reader refuses control characters that HTML readers replace.
      const text = fc
        .string({ unit: 'binary', maxLength: 30 })
        .map((one) => one.replace(/[^\P{Cc}\t\n]|[\ufffe\uffff]/gu, ''));
      fc.assert(
        fc.property(text, (one) => assertHarmless(structureOf(drawn(draw((props) => withText(props, one)))))),
        { numRuns: 60, examples: [['__proto__'], ['constructor']] },
      );
    });
  }

  for (const { name, draw } of [
    ...BARE_PAGES,
    ...BARE_ACCOUNT_PAGES,
    ...BARE_INSIGHT_PAGES,
    ...BARE_QUEUE_PAGES,
  ])
    test(`${name}: is in order with nothing to show`, () => {
      const structure = structureOf(drawn(draw()));
      assertHarmless(structure);
      assertInOrder(structure);
    });
});

describe('the roundup page', () => {
  const html = drawn(<RoundupPage frame={FRAME} roundup={asList(ROUNDUP)} />);
  const { elements, text } = structureOf(html);

  test('has a row for each line, beside its project, with a cell for each channel', () => {
    const rows = elements.filter(
      ({ name, attributes }) => name === 'tr' && attributes.class?.startsWith('line'),
    );
    assert.deepEqual(
      rows.map(({ attributes }) => attributes.id),
      ['NSI-2017-0043', 'NSI-2017-0051', 'NSI-2017-0044'],
    );
    const groups = elements.filter(({ attributes }) => attributes.scope === 'rowgroup');
    assert.deepEqual(
      groups.map(({ attributes }) => attributes.rowspan),
      ['2', '1'],
    );
    assert.equal(
      elements.filter(({ name, attributes }) => name === 'td' && attributes['data-label'] === 'nixos-16.03')
        .length,
      2,
    );
  });

  test('says exposed since when only of what looks hit, and public of the rest', () => {
    assert.match(text, /2017-01-2733 days/);
    assert.match(text, /public 2017-02-14/);
    const sections = ROUNDUP.sections.map(({ product, lines }) => ({
      product,
      lines: lines.map((line) => ({
        ...line,
        cells: line.cells.map((cell) => ({
          ...cell,
          verdict: 'unknown' as const,
          packages: cell.packages.map((one) => ({ ...one, verdict: 'unknown' as const })),
        })),
      })),
    }));
    const unsure = structureOf(
      drawn(<RoundupPage frame={FRAME} roundup={asList({ ...ROUNDUP, sections })} />),
    );
    assert.match(unsure.text, /public 2017-01-27/);
    assert.doesNotMatch(unsure.text, /2017-01-2733 days/);
  });

  test('has no form but the search: ticks are read only', () => {
    assert.equal(elements.filter(({ name }) => name === 'form').length, 1);
    assert.equal(elements.filter(({ name }) => name === 'input').length, 1);
  });

  test('marks the page in the bar and the state of the sources at the foot', () => {
    const current = elements.filter(({ attributes }) => attributes['aria-current'] === 'page');
    assert.deepEqual(
      current.map(({ attributes }) => attributes.href),
      ['/roundups/31'],
    );
    assert.match(text, /Red Hat failing since 2016-12-28 oss-security|oss-security silent since Tuesday/);
    assert.match(text, /Alpine never read/);
    assert.match(text, /Debian 12 min/);
  });

  test('keeps the choice of dark or light', () => {
    assert.equal(elements[0]?.attributes['data-theme'], 'dark');
  });
});

describe('the issue page', () => {
  const { text, elements } = structureOf(drawn(<IssuePage {...ISSUE} />));

  test('counts days after the first advisory', () => {
    assert.match(text, /DSA-3773-1.*2017-01-27first/);
    assert.match(text, /RHSA-2017:0286.*2017-02-2024 days/);
  });

  test('what nobody can say is never shown as fine', () => {
    const unknown = structureOf(
      drawn(
        <IssuePage
          {...ISSUE}
          packages={ISSUE.packages.map((row) => ({
            ...row,
            cells: row.cells.map((cell) => ({
              ...cell,
              verdict: 'unknown' as const,
              evidence: [],
              patched: [],
            })),
          }))}
        />,
      ),
    );
    const states = unknown.elements.filter(
      ({ ancestors, attributes }) => ancestors.includes('td') && attributes.class?.startsWith('mark '),
    );
    assert.deepEqual(
      states.map(({ attributes }) => attributes.class),
      ['mark mark-unknown', 'mark mark-unknown'],
    );
  });

  test('says by whose word a number was withdrawn, and at its head when none is left', () => {
    const withdrawn = ISSUE.vulnerabilities.map((one) => ({
      ...one,
      state: 'rejected' as const,
      stateSince: '2017-08-08T00:00:00Z',
      stateBy: ['cve', 'nvd'],
    }));
    const [first, ...others] = withdrawn;
    const all = structureOf(drawn(<IssuePage {...ISSUE} vulnerabilities={withdrawn} />)).text;
    assert.match(all, /rejected since 2017-08-08 by the word of CVE.org and NVD/);
    assert.match(all, /withdrawn: there may be no such flaw/);
    assert.ok(first !== undefined && others.length > 0);
    const one = [{ ...first, state: 'published' as const }, ...others];
    const some = structureOf(drawn(<IssuePage {...ISSUE} vulnerabilities={one} />)).text;
    assert.doesNotMatch(some, /there may be no such flaw/);
  });

  test('leaves the theme to the reader’s system where nothing was chosen', () => {
    assert.equal(elements[0]?.attributes['data-theme'], undefined);
  });
});
