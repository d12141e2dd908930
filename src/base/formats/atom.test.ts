import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { type AtomFeed, printAtom, tagUri } from './atom.ts';

const FEED: AtomFeed = {
  id: 'tag:muster.example.org,2026:issues',
  title: 'Issues',
  updated: new Date('2017-03-01T12:00:00Z'),
  self: 'https://muster.example.org/feeds/issues.atom?a=1&b=2',
  page: 'https://muster.example.org/issues',
  author: 'NixOS',
  generator: { name: 'Muster', version: '1' },
  entries: [],
};

/** Text of elements and values of attributes, as a parser has them. */
function textsOf(xml: string): string[] {
  const texts: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('text', (text) => texts.push(text));
  parser.on('opentag', ({ attributes }) =>
    texts.push(...Object.values(attributes).map((attribute) => attribute.value)),
  );
  parser.write(xml).close();
  return texts;
}

describe('a feed', () => {
  test('has what RFC 4287 asks of it', () => {
    const entry = {
      id: 'tag:muster.example.org,2026:issue/NSI-2017-0043',
      title: 'openssl',
      updated: new Date('2017-02-01T00:00:00Z'),
      page: 'https://muster.example.org/issues/NSI-2017-0043',
      summary: 'one\ntwo',
      categories: ['high'],
    };
    const xml = printAtom({ ...FEED, entries: [entry] });
    assert.match(
      xml,
      /^<\?xml version="1\.0" encoding="utf-8"\?>\n<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/,
    );
    assert.match(xml, /<updated>2017-03-01T12:00:00\.000Z<\/updated>/);
    assert.match(xml, /<category term="high"\/>/);
    assert.ok(textsOf(xml).includes('one\ntwo'));
    assert.ok(textsOf(xml).includes(FEED.self));
  });

  test('is well-formed and says what was said, whatever that is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const texts = textsOf(printAtom({ ...FEED, title: text }));
        const kept = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\ufffd');
        assert.ok(kept === '' || texts.includes(kept), JSON.stringify([text, texts]));
      }),
    );
  });

  test('nothing that others wrote becomes an element', () => {
    const hostile = ']]></summary><script>alert("1")</script>&amp;\u0000\ud800';
    const xml = printAtom({ ...FEED, title: hostile, self: `https://x/"onclick="${hostile}` });
    assert.doesNotMatch(xml, /<script/);
    assert.ok(textsOf(xml).some((text) => text.includes('<script>')));
  });
});

test('an id is made of a host and a name, and holds neither spaces nor slashes of theirs', () => {
  assert.equal(
    tagUri('muster.example.org', 'package', 'haskellPackages.a/b c'),
    'tag:muster.example.org,2026:package/haskellPackages.a%2Fb%20c',
  );
});
