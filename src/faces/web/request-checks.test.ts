import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Hono } from 'hono';
import { isUrl } from '#base/formats';
import { checkRequest, pagesOf, RequestRefused, wordsOf } from './request-checks.ts';

const app = new Hono();
app.use(checkRequest);
app.get('*', (c) => c.json({ words: wordsOf(c, 'q') }));
app.onError((error, c) => {
  if (error instanceof RequestRefused) return c.text(error.message, error.status);
  throw error;
});

test('whatever is asked for is answered or refused, never an error', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '%',
      '%0',
      '%00',
      '%ff',
      '%E0%A4',
      '+',
      '&',
      '=',
      '?',
      '#',
      '/',
      '..',
      '//',
      '\\',
      ';',
      '%25',
      '%2F',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      fc.array(piece, { maxLength: 12 }),
      async (path, query) => {
        const url = `http://x/${path.join('')}?q=${query.join('')}`;
        if (!isUrl(url)) return;
        const response = await app.request(url);
        assert.ok([200, 400].includes(response.status), `${response.status} ${url}`);
        if (response.status === 200) {
          const { words } = (await response.json()) as { words: string };
          assert.doesNotMatch(words, /[\p{Cc}\p{Cs}]/u);
          assert.ok([...words].length <= 200);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a page of a list lies inside the list', () => {
  fc.assert(
    fc.property(
      fc.nat(100_000),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 999_999 }),
      (total, size, wanted) => {
        const { page, pages, offset } = pagesOf(total, size, wanted);
        assert.ok(page >= 1 && page <= pages && page <= wanted);
        assert.equal(offset, (page - 1) * size);
        assert.ok(total === 0 ? offset === 0 : offset < total);
        assert.ok(pages * size >= total);
      },
    ),
  );
});
