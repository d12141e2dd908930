import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { productNames } from './product-names.ts';

const fact = (ecosystem: string, name: string, vendor: string | null = null, note: string | null = null) => ({
  ecosystem,
  name,
  vendor,
  note,
});

test('sorts names by who gives them, each once', () => {
  assert.deepEqual(
    productNames('openssl', [
      fact('debian', 'openssl'),
      fact('debian', 'openssl'),
      fact('gentoo', 'dev-libs/openssl'),
      fact('redhat', 'openssl098e'),
      fact('ubuntu', 'openssl', null, 'end of life'),
      fact('cpe', 'openssl', 'openssl'),
      fact('cve', 'OpenSSL', 'OpenSSL'),
      fact('npm', 'openssl'),
      fact('redhat', 'openssl'),
      fact('alma', 'openssl'),
      fact('oracle', 'openssl'),
      fact('slackware', 'openssl'),
      fact('mozilla', 'openssl'),
    ]),
    {
      product: 'openssl',
      distributions: [
        { name: 'openssl', ecosystem: 'debian' },
        { name: 'dev-libs/openssl', ecosystem: 'gentoo' },
        { name: 'openssl098e', ecosystem: 'redhat' },
        { name: 'openssl', ecosystem: 'ubuntu' },
        { name: 'openssl', ecosystem: 'npm' },
        { name: 'openssl', ecosystem: 'redhat' },
        { name: 'openssl', ecosystem: 'slackware' },
      ],
      cpes: [
        { vendor: 'openssl', name: 'openssl', only: null },
        { vendor: 'OpenSSL', name: 'OpenSSL', only: null },
      ],
    },
  );
  assert.deepEqual(productNames('x', []), { product: 'x', distributions: [], cpes: [] });
});

test('what a distribution looked into and rejects is told', () => {
  const rejected = { ...fact('alpine', 'frobd'), vulnerability: 'CVE-2017-90001', denied: true };
  const names = productNames('frobd', [
    rejected,
    { ...fact('debian', 'frobd'), vulnerability: 'CVE-2017-90001' },
  ]);
  assert.deepEqual(names.denied, ['alpine looked into CVE-2017-90001 and rejects it for its frobd']);
});

test('a record limits a product only where every mention does, in whatever order they come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.constantFrom('for windows', 'for wordpress')), { minLength: 1, maxLength: 6 }),
      (notes) => {
        const { cpes } = productNames(
          'x',
          notes.map((note) => fact('cpe', 'x', 'y', note)),
        );
        assert.equal(cpes.length, 1);
        assert.equal(cpes[0]?.only === null, notes.includes(null));
      },
    ),
  );
});

test('names of one spelling under two vendors stay two', () => {
  const { cpes } = productNames('json', [
    fact('cpe', 'json', 'a'),
    fact('cpe', 'json', 'b'),
    fact('cpe', 'json'),
  ]);
  assert.deepEqual(
    cpes.map(({ vendor }) => vendor),
    ['a', 'b', null],
  );
});
