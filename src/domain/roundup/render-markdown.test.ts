import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import markdownIt from 'markdown-it';
import { renderMarkdown } from './render-markdown.ts';
import { SAMPLE_VIEW } from './sample-view.ts';
import { hostileView } from './view-arbitrary.ts';

/** The grammar of 2016 (NixOS/security, tokenizer), as ../shared/data/roundups/FORMAT.md gives it. */
const HEADER = /^### (.*) \((\d+) issues?\)( .*)?\n$/;
const LINE = /^ ?- \[(x| )\] \[`#(.*)`\]\((.*)\) (.*)$/;

const text = renderMarkdown(SAMPLE_VIEW, { publicUrl: 'https://muster.example/' });
const lines = text.split('\n');

describe('renderMarkdown', () => {
  test('begins as a roundup of 2016 did', () => {
    assert.equal(lines[0], '# Vulnerability Roundup 20');
    assert.match(text, /from 2017-01-25 to 2017-02-01 that may concern NixOS, and 1 that an earlier/);
    assert.match(text, /Lead of this round: globin\./);
    assert.match(
      text,
      /Previous: \[Roundup 19\]\(https:\/\/muster\.example\/roundups\/19\)\. Thanks to fpletz, vcunat\./,
    );
    assert.match(text, /\*\*Remaining: 2\. Completed: 1\.\*\*/);
  });

  test('has a heading for each project, with the number of its lines there', () => {
    assert.deepEqual(
      lines.filter((line) => line.startsWith('### ')),
      ['### openssl (1 issue)', '### jasper (1 issue)', '### openssl (1 issue)'],
    );
  });

  test('a line says issue, searches, title and severity', () => {
    const nixpkgs = 'https://github.com/search?type=code&q=repo%3ANixOS%2Fnixpkgs+';
    assert.ok(
      lines.includes(
        ` - [ ] [\`#NSI-2017-0043\`](https://muster.example/issues/NSI-2017-0043) ([search](${nixpkgs}openssl), [files](${nixpkgs}path%3Aopenssl)) openssl: denial of service (high)`,
      ),
    );
  });

  test('below it stand the facts', () => {
    const at = lines.findIndex((line) => line.includes('NSI-2017-0043'));
    assert.deepEqual(lines.slice(at + 1, at + 6), [
      '   - exploited: **known exploited since 2021-11-03** (CISA, to be acted on by 2022-05-03, by ransomware too); likelier to be exploited than 97 of 100 (EPSS, 2017-02-20)',
      '   - vulnerabilities: CVE-2017-3731, CVE-2017-3732, public since 2017-01-27, carried over from roundup 19',
      '   - looks hit: **16.09, 16.03** openssl 1.0.2j (1.0.2j < 1.0.2k, CVE record)',
      '   - announced: [DSA-3773-1](https://www.debian.org/security/2017/dsa-3773), GLSA-201702-07',
      '   - patches: [CVE-2017-3731 by debian](https://github.com/openssl/openssl/commit/00d965474b22b54e4275232bc71ee0c699c5cd21)',
    ]);
    assert.match(text, /channels: found nothing that looks like it/);
  });

  test('what is done stands in the folded block, with its remark', () => {
    const [open = '', folded = ''] = text.split('<details><summary>Triaged and Resolved Issues</summary>');
    assert.doesNotMatch(open, /- \[x\]/);
    assert.doesNotMatch(folded, /- \[ \]/);
    assert.match(
      folded,
      /\(severity unknown\) — fixed in <https:\/\/github\.com\/NixOS\/nixpkgs\/pull\/22000>\n {3}- ticked by: globin\n\n<\/details>\n$/,
    );
  });

  test('single lines are collected only when asked', () => {
    const other = { ...SAMPLE_VIEW, sections: SAMPLE_VIEW.sections.map((section) => ({ ...section })) };
    assert.doesNotMatch(renderMarkdown(other), /Assorted/);
    const collected = renderMarkdown(other, { assorted: true });
    assert.match(
      collected,
      /^### Assorted \(2 issues\)\n - \[ \] .*openssl: .*\n(?: {3}.*\n)+ - \[ \] .*jasper/m,
    );
    assert.match(collected, /path%3Ajasper/);
  });

  test('without an address of ours, links are relative', () => {
    assert.match(renderMarkdown(SAMPLE_VIEW), /\]\(\/issues\/NSI-2017-0043\)/);
    assert.match(
      renderMarkdown(SAMPLE_VIEW, { publicUrl: 'javascript:alert(1)' }),
      /\]\(\/issues\/NSI-2017-0043\)/,
    );
  });

  test('keeps the grammar of 2016 for any view', () => {
    fc.assert(
      fc.property(hostileView, fc.boolean(), (view, assorted) => {
        const rendered = renderMarkdown(view, { publicUrl: 'https://muster.example', assorted }).split('\n');
        const heads = rendered
          .filter((line) => line.startsWith('###'))
          .map((line) => HEADER.exec(`${line}\n`));
        const ticks = rendered.filter((line) => /^ ?- \[/.test(line)).map((line) => LINE.exec(line));
        assert.equal(
          heads.reduce((sum, head) => sum + Number(head?.[2]), 0),
          view.lines,
        );
        assert.deepEqual(
          ticks.map((tick) => `${tick?.[1]}${tick?.[2]}`).sort(),
          view.sections
            .flatMap(({ lines: all }) => all.map(({ issue, done }) => `${done ? 'x' : ' '}${issue}`))
            .sort(),
        );
      }),
    );
  });

  test('whatever a view holds, the document has our structure and no other', () => {
    const markdown = markdownIt({ html: true });
    const ours = new Set([
      'heading',
      'paragraph',
      'bullet_list',
      'list_item',
      'inline',
      'text',
      'text_special',
      'code_inline',
      'link',
      'strong',
      'html_block',
    ]);
    fc.assert(
      fc.property(hostileView, (view) => {
        const tokens = markdown.parse(renderMarkdown(view, { publicUrl: 'https://muster.example' }), {});
        const all = tokens.flatMap((token) => [token, ...(token.children ?? [])]);
        for (const token of all) {
          const kind = token.type.replace(/_(?:open|close)$/, '');
          assert.ok(ours.has(kind) || kind === 'softbreak', `${token.type} ${token.content}`);
          if (token.type === 'html_block')
            assert.match(
              token.content.trim(),
              /^<details><summary>Triaged and Resolved Issues<\/summary>$|^<\/details>$/,
            );
          if (token.type === 'link_open') assert.match(String(token.attrGet('href')), /^https?:\/\//i);
        }
        const lists = [true, false].flatMap((done) =>
          view.sections.filter((section) => section.lines.some((line) => line.done === done)),
        );
        assert.equal(all.filter(({ type }) => type === 'heading_open').length, lists.length + 1);
      }),
    );
  });
});
