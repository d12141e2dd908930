import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Candidate, candidates, nameIndex, type ProductNames, THRESHOLD } from './candidates.ts';
import { namesOf } from './package-names.ts';
import { samplePackage } from './sample-packages.ts';

const PACKAGES = [
  samplePackage('openssl', { homepage: 'https://www.openssl.org/' }),
  samplePackage('openssl_1_0_1', { pname: 'openssl' }),
  samplePackage('curl', { homepage: 'https://curl.haxx.se/' }),
  samplePackage('pythonPackages.curl', { pname: 'python2.7-curl', name: 'curl' }),
  samplePackage('pythonPackages.requests', { pname: 'python2.7-requests', name: 'requests' }),
  samplePackage('R', { pname: 'R' }),
  samplePackage('go', { homepage: 'https://golang.org/' }),
  samplePackage('wordpress', { sourceUrl: 'https://wordpress.org/wordpress-4.7.tar.gz' }),
];
const INDEX = nameIndex(PACKAGES);

function names(product: string, more: Partial<ProductNames> = {}): ProductNames {
  return { product, distributions: [], cpes: [], ...more };
}

const found = (asked: ProductNames) => candidates(INDEX, asked).map(({ pkg, score }) => [pkg.attr, score]);
const partsOf = (candidate: Candidate | undefined) =>
  Object.fromEntries((candidate?.reasons ?? []).map(({ part, points }) => [part, points]));

describe('nameIndex', () => {
  test('finds each package by each of its names, and by no other', () => {
    for (const [name, packages] of INDEX.byName)
      for (const pkg of packages) assert.ok(namesOf(pkg).has(name), `${pkg.attr} by ${name}`);
    for (const pkg of PACKAGES)
      for (const name of namesOf(pkg))
        assert.equal(INDEX.byName.get(name)?.filter((each) => each === pkg).length, 1);
    assert.equal(INDEX.byName.get('__proto__'), undefined);
  });
});

describe('candidates', () => {
  test('names of a registry mean packages of its language, and no others', () => {
    const npm = [{ name: 'curl', ecosystem: 'npm' }];
    assert.deepEqual(found(names('node-curl', { distributions: npm })), []);
    const [python, ...others] = candidates(
      INDEX,
      names('requests', { distributions: [{ name: 'requests', ecosystem: 'pypi' }] }),
    );
    assert.equal(python?.pkg.attr, 'pythonPackages.requests');
    assert.deepEqual(partsOf(python), { name: 0.35, distribution: 0.3 });
    assert.deepEqual(others, []);
  });

  test('are more likely the more say so, and say why', () => {
    const [debian] = candidates(
      INDEX,
      names('curl', { distributions: [{ name: 'curl', ecosystem: 'debian' }] }),
    );
    assert.equal(debian?.pkg.attr, 'curl');
    assert.deepEqual(partsOf(debian), { name: 0.35, distribution: 0.3 });
    assert.deepEqual(
      debian?.reasons.map(({ why }) => why),
      ['is called curl like the product', 'debian calls it curl'],
    );
    const [all] = candidates(
      INDEX,
      names('curl', {
        distributions: [
          { name: 'curl', ecosystem: 'debian' },
          { name: 'net-misc/curl', ecosystem: 'gentoo' },
          { name: 'curl', ecosystem: 'ubuntu' },
        ],
        cpes: [{ vendor: 'haxx', name: 'curl', only: null }],
      }),
    );
    assert.equal(all?.score, 1, 'never more than certain');
    assert.match(all?.reasons[1]?.why ?? '', /^debian, gentoo, ubuntu call it curl$/);
    assert.match(all?.reasons[3]?.why ?? '', /vendor haxx/);
  });

  test('one alone is not enough, and what nobody has is not there', () => {
    assert.deepEqual(found(names('curl')), []);
    assert.deepEqual(
      found(names('nothing', { distributions: [{ name: 'nothing', ecosystem: 'debian' }] })),
      [],
    );
    assert.deepEqual(candidates(nameIndex([]), names('curl')), []);
  });

  test('a binding of a language is not the library, unless somebody names it as one', () => {
    const library = names('curl', {
      distributions: [
        { name: 'curl', ecosystem: 'debian' },
        { name: 'curl', ecosystem: 'ubuntu' },
      ],
    });
    assert.deepEqual(found(library), [
      ['curl', 0.75],
      ['pythonPackages.curl', 0.45],
    ]);
    const binding = candidates(
      INDEX,
      names('python-curl', { distributions: [{ name: 'python-curl', ecosystem: 'debian' }] }),
    );
    assert.deepEqual(
      binding.map(({ pkg, reasons }) => [pkg.attr, reasons.some(({ part }) => part === 'language')]),
      [['pythonPackages.curl', false]],
    );
  });

  test('what records say of a plugin is no word about its host, and short names are shared', () => {
    const plugin = (only: string | null) =>
      names('wordpress', {
        distributions: [{ name: 'wordpress', ecosystem: 'debian' }],
        cpes: [{ vendor: 'acme', name: 'wordpress', only }],
      });
    const [free, limited] = [candidates(INDEX, plugin(null))[0], candidates(INDEX, plugin('joomla'))[0]];
    assert.equal(partsOf(limited).limited, -0.3);
    assert.ok((free?.score ?? 0) > (limited?.score ?? 0));
    const [short] = candidates(INDEX, names('go', { distributions: [{ name: 'go', ecosystem: 'debian' }] }));
    assert.equal(partsOf(short)['short-name'], -0.15);
    assert.deepEqual(found(names('r', { distributions: [{ name: 'r', ecosystem: 'debian' }] })), []);
  });

  test('the vendor that fits counts, wherever it stands among those that do not', () => {
    const fitting = { vendor: 'openssl', name: 'openssl', only: null };
    const others = ['redhat', 'siemens'].map((vendor) => ({ vendor, name: 'openssl', only: null }));
    for (const cpes of [
      [fitting, ...others],
      [...others, fitting],
    ]) {
      const [first] = candidates(INDEX, names('openssl', { cpes }));
      assert.equal(partsOf(first).vendor, 0.15);
      assert.equal(first?.reasons[1]?.why, 'records name it openssl:openssl');
    }
    const [loud] = candidates(
      INDEX,
      names('openssl', { cpes: [{ vendor: 'OpenSSL', name: 'OpenSSL', only: null }] }),
    );
    assert.equal(partsOf(loud).vendor, 0.15);
    const [none] = candidates(INDEX, names('openssl', { cpes: others }));
    assert.equal(partsOf(none).vendor, undefined);
    const odd = [{ vendor: '__', name: 'openssl', only: null }];
    assert.equal(partsOf(candidates(INDEX, names('openssl', { cpes: odd }))[0]).vendor, undefined);
  });
});

const word = fc.constantFrom(
  'openssl',
  'curl',
  'requests',
  'r',
  'go',
  'python-curl',
  'wordpress',
  'x',
  '-',
  '',
);
const asked: fc.Arbitrary<ProductNames> = fc.record({
  product: word,
  distributions: fc.array(
    fc.record({ name: word, ecosystem: fc.constantFrom('debian', 'ubuntu', 'gentoo', 'redhat') }),
    { maxLength: 5 },
  ),
  cpes: fc.array(
    fc.record({
      vendor: fc.option(fc.constantFrom('openssl', 'haxx', 'golang', 'python_project', '', '__')),
      name: word,
      only: fc.option(fc.constantFrom('windows', 'android')),
    }),
    { maxLength: 5 },
  ),
  said: fc.array(word, { maxLength: 2 }),
});

describe('what people call a product, of which no report tells', () => {
  const said = (product: string, called = product) => found(names(product, { said: [product, called] }));

  test('is the package of that very name, also by the name that is usual for it', () => {
    assert.deepEqual(found(names('wordpress')), [], 'a name alone is not enough');
    assert.deepEqual(said('wordpress'), [['wordpress', 0.65]]);
    assert.deepEqual(said('openssl', 'OpenSSL'), [
      ['openssl', 0.65],
      ['openssl_1_0_1', 0.65],
    ]);
    const [wordpress] = candidates(INDEX, names('wordpress', { said: ['wordpress'] }));
    assert.ok(wordpress?.reasons.some(({ why }) => why === 'whoever opened the issue calls it wordpress'));
  });

  test('is what a language has of that name only where nothing else has it', () => {
    assert.deepEqual(said('curl'), [['curl', 0.65]]);
    assert.deepEqual(said('requests'), [['pythonPackages.requests', 0.65]]);
  });

  test('is no package that is called otherwise', () => {
    assert.deepEqual(said('word'), []);
    assert.deepEqual(said('frobd'), []);
  });
});

describe('laws', () => {
  test('a score is the sum of its parts between 0 and 1, at the threshold or above, the likeliest first', () => {
    fc.assert(
      fc.property(asked, (given) => {
        const all = candidates(INDEX, given);
        for (const { score, reasons } of all) {
          const sum = reasons.reduce((total, { points }) => total + points, 0);
          assert.ok(Math.abs(score - Math.min(1, Math.max(0, sum))) < 0.006);
          assert.ok(score >= THRESHOLD && score <= 1);
          assert.ok(reasons.every(({ why }) => why.length > 5));
          assert.equal(new Set(reasons.map(({ part }) => part)).size, reasons.length);
        }
        for (const [at, { score }] of all.entries())
          assert.ok(at === 0 || (all[at - 1]?.score ?? 0) >= score);
        assert.equal(new Set(all.map(({ pkg }) => pkg)).size, all.length);
      }),
      { numRuns: 500 },
    );
  });

  test('the order in which names come, and packages stand, does not tell', () => {
    fc.assert(
      fc.property(asked, (given) => {
        const reversed = {
          ...given,
          distributions: [...given.distributions].reverse(),
          cpes: [...given.cpes].reverse(),
        };
        const backwards = nameIndex([...PACKAGES].reverse());
        assert.deepEqual(
          candidates(backwards, reversed).map(({ pkg, score }) => [pkg.attr, score]),
          found(given),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('one more distribution that calls it so never makes a package less likely', () => {
    fc.assert(
      fc.property(asked, (given) => {
        const more = {
          ...given,
          distributions: [...given.distributions, { name: 'curl', ecosystem: 'alpine' }],
        };
        const before = candidates(INDEX, given).find(({ pkg }) => pkg.attr === 'curl');
        const after = candidates(INDEX, more).find(({ pkg }) => pkg.attr === 'curl');
        assert.ok((after?.score ?? 0) >= (before?.score ?? 0));
      }),
    );
  });
});
