import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Cpe, parseCpe } from './cpe.ts';

const OPEN = {
  version: '*',
  update: '*',
  edition: '*',
  language: '*',
  swEdition: '*',
  targetSw: '*',
  targetHw: '*',
  other: '*',
};

test('the formatted string of 2.3', () => {
  assert.deepEqual(parseCpe('cpe:2.3:a:openssl:openssl:1.0.1f:*:*:*:*:*:*:*'), {
    ...OPEN,
    part: 'a',
    vendor: 'openssl',
    product: 'openssl',
    version: '1.0.1f',
  });
  assert.deepEqual(parseCpe('cpe:2.3:a:openbsd:openssh:7.2:p2:*:*:lts:wordpress:x86:*'), {
    ...OPEN,
    part: 'a',
    vendor: 'openbsd',
    product: 'openssh',
    version: '7.2',
    update: 'p2',
    swEdition: 'lts',
    targetSw: 'wordpress',
    targetHw: 'x86',
  });
});

test('quoting is undone, but a quoted * or - is not ANY or NA', () => {
  const cpe = parseCpe('cpe:2.3:a:c\\+\\+:a\\:b\\\\c:\\-:\\*:*:*:*:node.js:*:*');
  assert.equal(cpe?.vendor, 'c++');
  assert.equal(cpe?.product, 'a:b\\c');
  assert.equal(cpe?.version, '\\-');
  assert.equal(cpe?.update, '\\*');
  assert.equal(cpe?.targetSw, 'node.js');
});

test('the URI of 2.2, with what 2.3 packs into its edition', () => {
  assert.deepEqual(parseCpe('cpe:/o:redhat:enterprise_linux:7::server'), {
    ...OPEN,
    part: 'o',
    vendor: 'redhat',
    product: 'enterprise_linux',
    version: '7',
    edition: 'server',
  });
  assert.equal(parseCpe('cpe:/a:redhat:ocp_tools')?.version, '*');
  const packed = parseCpe('cpe:/a:hp:insight:7.4.0.1570:-:~~online~win2003~x64~');
  assert.equal(packed?.swEdition, 'online');
  assert.equal(packed?.targetSw, 'win2003');
  assert.equal(packed?.targetHw, 'x64');
  assert.equal(parseCpe('cpe:/a:c%2b%2b:x:1.%02')?.vendor, 'c++');
  assert.equal(parseCpe('cpe:/a:x:y:1.%02')?.version, '1.*');
});

test('what is none is null', () => {
  for (const text of [
    '',
    'cpe:2.3:a:b',
    'cpe:2.3:x:b:c:*:*:*:*:*:*:*:*',
    'cpe:2.3:a::c:*:*:*:*:*:*:*:*',
    'cpe:/',
    'cpe:/q:a:b',
    'pkg:npm/a',
    `cpe:2.3:a:${'b'.repeat(3000)}:c:*:*:*:*:*:*:*:*`,
    'cpe:2.3:a:b:c:*:*:*:*:*:*:*:*:*',
  ])
    assert.equal(parseCpe(text), null, text.slice(0, 60));
});

function quote(value: string): string {
  return value === '*' || value === '-' ? value : value.replace(/[^A-Za-z0-9_.]/g, (char) => `\\${char}`);
}

test('what is written with quoting is read as it was', () => {
  const value = fc
    .string({ minLength: 1, maxLength: 12 })
    .filter(
      (text) => text !== '\\*' && text !== '\\-' && !text.includes('\n') && text !== '*' && text !== '-',
    );
  const attribute = fc.oneof(fc.constantFrom('*', '-'), value);
  fc.assert(
    fc.property(
      value,
      value,
      fc.array(attribute, { minLength: 8, maxLength: 8 }),
      (vendor, product, rest) => {
        const text = ['cpe', '2.3', 'a', ...[vendor, product, ...rest].map(quote)].join(':');
        const cpe = parseCpe(text);
        const { part: _part, ...values } = cpe as Cpe;
        assert.deepEqual(Object.values(values), [vendor, product, ...rest]);
      },
    ),
  );
});

test('never throws', () => {
  fc.assert(
    fc.property(fc.constantFrom('cpe:2.3:', 'cpe:/', ''), fc.string(), (head, tail) => {
      parseCpe(head + tail);
    }),
  );
});
