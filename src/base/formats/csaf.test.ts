import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCsaf } from './csaf.ts';
import { JsonFieldError } from './json-fields.ts';

function document(): Record<string, unknown> {
  return {
    document: {
      aggregate_severity: { text: 'Important' },
      category: 'csaf_security_advisory',
      notes: [{ category: 'summary', title: 'Topic', text: 'An update for telnet.' }],
      publisher: { namespace: 'https://www.redhat.com' },
      references: [{ url: 'https://access.redhat.com/errata/RHSA-2022:0011' }],
      title: 'telnet',
      tracking: {
        id: 'RHSA-2022:0011',
        initial_release_date: '2022-01-03T08:00:00Z',
        current_release_date: '2022-01-04T08:00:00Z',
      },
    },
    product_tree: {
      branches: [
        {
          branches: [
            {
              product: {
                product_id: 'rhel',
                name: 'RHEL 7',
                product_identification_helper: { cpe: 'cpe:/o:redhat:enterprise_linux:7' },
              },
            },
            { product: { product_id: 'telnet.src', name: 'telnet.src' } },
          ],
        },
      ],
      relationships: [
        {
          full_product_name: { product_id: 'rhel:telnet.src', name: 'telnet in RHEL' },
          product_reference: 'telnet.src',
          relates_to_product_reference: 'rhel',
        },
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2020-10188',
        cwe: { id: 'CWE-120' },
        product_status: { fixed: ['rhel:telnet.src'], recommended: ['x'], known_affected: ['rhel'] },
        remediations: [{ category: 'vendor_fix', details: 'update', product_ids: ['rhel:telnet.src'] }],
        scores: [
          {
            cvss_v3: {
              version: '3.1',
              vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
              baseScore: 9.8,
            },
          },
        ],
      },
    ],
  };
}

test('reads what Muster needs', () => {
  const read = readCsaf(document());
  assert.equal(read.id, 'RHSA-2022:0011');
  assert.equal(read.severity, 'Important');
  assert.deepEqual(
    [...read.products.values()],
    [
      { id: 'rhel', name: 'RHEL 7', cpe: 'cpe:/o:redhat:enterprise_linux:7' },
      { id: 'telnet.src', name: 'telnet.src' },
      { id: 'rhel:telnet.src', name: 'telnet in RHEL', component: 'telnet.src', partOf: 'rhel' },
    ],
  );
  const [vulnerability] = read.vulnerabilities;
  assert.deepEqual(vulnerability?.status, [
    { status: 'fixed', products: ['rhel:telnet.src'] },
    { status: 'known_affected', products: ['rhel'] },
    { status: 'recommended', products: ['x'] },
  ]);
  assert.equal(vulnerability?.cwe, 'CWE-120');
  assert.equal(vulnerability?.scores[0]?.score, 9.8);
});

test('what is recommended says nothing of a product of which something else is said', () => {
  const statusOf = (product_status: Record<string, string[]>) =>
    readCsaf({ ...document(), vulnerabilities: [{ product_status }] }).vulnerabilities[0]?.status;
  assert.deepEqual(statusOf({ known_affected: ['a'], recommended: ['a'] }), [
    { status: 'known_affected', products: ['a'] },
  ]);
  assert.deepEqual(statusOf({ under_investigation: ['a'], fixed: ['b'], recommended: ['b', 'c', 'a'] }), [
    { status: 'fixed', products: ['b'] },
    { status: 'recommended', products: ['c'] },
    { status: 'under_investigation', products: ['a'] },
  ]);
  assert.deepEqual(statusOf({ fixed: [] }), [{ status: 'fixed', products: [] }]);
});

test('a document without products and vulnerabilities is one', () => {
  const { document: head } = document();
  const read = readCsaf({ document: head });
  assert.equal(read.products.size, 0);
  assert.deepEqual(read.vulnerabilities, []);
});

test('names the place of what is wrong', () => {
  const cases: [unknown, string][] = [
    [{}, 'document'],
    [
      { ...document(), product_tree: { branches: [{ branches: [{ product: { name: 'x' } }] }] } },
      'product_tree.branches[0].branches[0].product.product_id',
    ],
    [
      { ...document(), vulnerabilities: [{ product_status: { fixed: [1] } }] },
      'vulnerabilities[0].product_status.fixed[0]',
    ],
    [
      {
        ...document(),
        vulnerabilities: [{}, { scores: [{ cvss_v3: { version: '3.1', vectorString: 'x' } }] }],
      },
      'vulnerabilities[1].scores[0].cvss_v3.baseScore',
    ],
  ];
  for (const [value, where] of cases)
    assert.throws(
      () => readCsaf(value),
      (error) => error instanceof JsonFieldError && error.where === where,
      where,
    );
});

test('a tree without end is refused', () => {
  let branches: unknown[] = [];
  for (let depth = 0; depth < 100_000; depth++) branches = [{ branches }];
  assert.throws(() => readCsaf({ ...document(), product_tree: { branches } }), JsonFieldError);
});
