import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { structureOf } from './page-structure.ts';
import { ROUNDUP } from './pages/sample-pages.tsx';
import { standaloneRoundup } from './standalone.ts';

describe('a roundup as one file', () => {
  const html = standaloneRoundup(ROUNDUP, { team: 'NixOS' });

  test('has its style inside and fetches nothing', () => {
    const { elements } = structureOf(html.replace(/<style>.*<\/style>/s, ''));
    assert.match(html, /<style>[^<]*@layer tokens/);
    const fetched = elements.filter(
      ({ name, attributes }) =>
        ['link', 'script', 'img', 'iframe'].includes(name) && attributes.rel !== 'alternate',
    );
    assert.deepEqual(fetched, []);
  });

  test('says nothing of what a file cannot know or do: sources, search, navigation', () => {
    const { elements, text } = structureOf(html.replace(/<style>.*<\/style>/s, ''));
    assert.equal(elements.filter(({ name }) => name === 'form').length, 0);
    assert.doesNotMatch(text, /none read yet|never read/);
    assert.match(text, /Roundup/);
  });

  test('leads to our pages where it is known how others reach them, and to its own anchors as before', () => {
    const linked = standaloneRoundup(ROUNDUP, { team: 'NixOS', publicUrl: 'https://muster.example.org/' });
    const hrefs = structureOf(linked.replace(/<style>.*<\/style>/s, '')).elements.flatMap(
      ({ attributes }) => attributes.href ?? [],
    );
    assert.ok(hrefs.includes('https://muster.example.org/issues/NSI-2017-0043'));
    assert.deepEqual(
      hrefs.filter((href) => href.startsWith('/')),
      [],
    );
    assert.ok(hrefs.some((href) => href.startsWith('#')));
  });

  test('text of others that looks like a link of ours stays text', () => {
    const evil = { ...ROUNDUP, lead: 'see href="/issues/x" $& </style>' };
    const linked = standaloneRoundup(evil, { team: 'NixOS', publicUrl: 'https://muster.example.org' });
    assert.ok(linked.includes('see href=&quot;/issues/x&quot; $&amp; &lt;/style&gt;'));
  });
});
