import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { htmlDocument } from '../layout.tsx';
import { FRAME } from './sample-pages.tsx';
import { type ThreadMessage, ThreadPage, type ThreadPageProps } from './thread.tsx';

const MESSAGE: ThreadMessage = {
  ...{ id: 1, list: 'oss-security.lists.openwall.com', sentAt: null, from: null, subject: 'x' },
  ...{ signatures: [], passages: [], patches: [], attachments: [], cut: false, redacted: false },
};
const THREAD: ThreadPageProps['thread'] = {
  ...{ id: 7, subject: 'x', firstAt: null, lastAt: null, messages: 1, lists: [], signature: null },
  ...{ waits: true, archived: false, cves: [], products: [], advisories: [], patches: [], added: [] },
  ...{ factsVersion: 0, decision: null, version: 0, decidedBy: null, decidedAt: null, claim: null },
  ...{ claimVersion: 0, issue: null },
};

function drawn(message: Partial<ThreadMessage>, thread: Partial<ThreadPageProps['thread']> = {}): string {
  const props: ThreadPageProps = {
    ...{ frame: FRAME, thread: { ...THREAD, ...thread }, messages: [{ ...MESSAGE, ...message }] },
    ...{ page: 1, pages: 1, joined: [], related: [], history: [], permission: 'apply', mine: false },
    ...{ draft: { product: '', title: '' }, changeKey: 'abcdefgh' },
  };
  return htmlDocument(<ThreadPage {...props} />);
}

describe('the page of a thread', () => {
  test('takes time in proportion to what stands in it', () => {
    const before = process.cpuUsage();
    const text = `\n\nwords${' '.repeat(60_000)}x\n\n`;
    const html = drawn({ passages: [{ kind: 'words', text, signer: null }] });
    const { user, system } = process.cpuUsage(before);
    assert.ok(html.includes(`<pre class="mail-words">words `) && html.includes(' x</pre>'));
    assert.ok((user + system) / 1000 < 1000, `${(user + system) / 1000} ms`);
  });

  test('shows a patch once, and says why one is not shown', () => {
    const patch = { number: 1, name: 'a.patch', bytes: 3, packed: false, inText: true };
    const html = drawn({
      passages: [{ kind: 'patch', text: '@@ once @@', signer: null }],
      patches: [
        { ...patch, text: '@@ once @@' },
        { ...patch, number: 2, inText: false, text: '@@ other @@' },
        { ...patch, number: 3, inText: false, packed: true, text: null },
        { ...patch, number: 4, inText: false, text: null },
      ],
    });
    assert.equal(html.split('@@ once @@').length, 2);
    for (const shown of [
      '@@ other @@',
      'It is packed.',
      'too long to be shown',
      '/threads/7/patches/1/1/raw',
    ])
      assert.ok(html.includes(shown), shown);
  });

  test('calls a message signed only where all of it is, and says which words are', () => {
    const passages: ThreadMessage['passages'] = [
      { kind: 'words', text: 'mine', signer: null },
      { kind: 'words', text: 'hers', signer: 'Ada' },
    ];
    const signature = { kind: 'clear', state: 'good', keyId: 'AB', signer: 'Ada', whole: false };
    const part = drawn({ signatures: [signature], passages });
    assert.ok(part.includes('It holds a text signed by Ada'));
    const marks = [...part.matchAll(/signature-good/g)].map(({ index }) => index);
    assert.equal(marks.length, 1);
    assert.ok((marks[0] ?? 0) > part.indexOf('mine</pre>') && (marks[0] ?? 0) < part.indexOf('hers</pre>'));
    const whole = drawn({ signatures: [{ ...signature, whole: true }], passages: passages.slice(1) });
    assert.ok(whole.indexOf('signature-good') < whole.indexOf('hers</pre>'));
    assert.equal([...whole.matchAll(/signature-good/g)].length, 1);
  });

  test('says why history came back, and lets it wait', () => {
    const back = drawn({}, { archived: true, added: [{ kind: 'cve', label: 'CVE-2017-2222' }] });
    assert.match(back, /Came in since it was brought in as history:[\s\S]{0,40}CVE-2017-2222/);
    assert.ok(!back.includes('id="deed-reopen"'));
    assert.ok(drawn({}, { archived: true, waits: false }).includes('id="deed-reopen"'));
  });
});
