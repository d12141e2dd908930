import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bareName, foldName, languageOf, namesOf } from './package-names.ts';

describe('foldName', () => {
  const cases: [string, string][] = [
    ['OpenSSL', 'openssl'],
    ['http_server', 'http-server'],
    ['Apache HTTP Server', 'apache-http-server'],
    ['libsigc++', 'libsigc'],
    ['gtk+3.0', 'gtk-3-0'],
    ['a _.+ b', 'a-b'],
    ['-x-', 'x'],
    ['++', ''],
    ['', ''],
  ];
  for (const [name, folded] of cases) test(`"${name}"`, () => assert.equal(foldName(name), folded));

  test('folds what is folded to itself', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', '-', '_', '.', '+', ' ', '1', 'ß') }),
        (name) => {
          const folded = foldName(name);
          assert.equal(foldName(folded), folded);
          assert.doesNotMatch(folded, /[A-Z_\s.+]|^-|-$/);
        },
      ),
    );
  });

  test('its time grows with the length, whatever is repeated', () => {
    for (const piece of ['-', '_', '.', '+ ', 'a-']) {
      const before = process.cpuUsage();
      foldName(`a${piece.repeat(300_000)}x`);
      const { user, system } = process.cpuUsage(before);
      // A quadratic fold needs minutes.
      assert.ok(user + system < 5_000_000, JSON.stringify(piece));
    }
  });
});

test('bareName leaves out the category of Gentoo and nothing else', () => {
  assert.equal(bareName('dev-libs/openssl'), 'openssl');
  assert.equal(bareName('openssl'), 'openssl');
  assert.equal(bareName('a/b/c'), 'b/c');
});

describe('languageOf', () => {
  const cases: [string, string, string | null][] = [
    ['openssl', 'openssl', null],
    ['python', 'python', null],
    ['python27Packages.requests', 'python2.7-requests', 'python'],
    ['python3Packages.django', 'django', 'python'],
    ['pythonPackages.curl', 'curl', 'python'],
    ['pythonPackagesFoo', 'x', null],
    ['perlPackages.HTTPDaemon', 'perl-HTTP-Daemon', 'perl'],
    ['perl', 'perl', null],
    ['bundlerApp', 'ruby-foo', 'ruby'],
    ['rubyPackages_2_3.nokogiri', 'nokogiri', 'ruby'],
    ['haskellPackages.zlib', 'zlib', 'haskell'],
    ['haskellngPackages.zlib', 'zlib', 'haskell'],
    ['rPackages.curl', 'r-curl', 'r'],
    ['nodePackages.uglify-js', 'node-uglify-js', 'node'],
    ['nodejs', 'nodejs', null],
    ['ocamlPackages.ssl', 'ssl', 'ocaml'],
    ['ocamlPackages_4_02.ssl', 'ocaml4.02.3-ssl', 'ocaml'],
    ['lua5_2Packages.luasec', 'lua5.2-sec', 'lua'],
    ['php56Packages.memcached', 'php-memcached', 'php'],
    ['php', 'php', null],
    ['beamPackages.hex', 'hex', 'erlang'],
    ['emacs25Packages.magit', 'emacs-magit', 'emacs'],
    ['emacs', 'emacs', null],
    ['vimPlugins.syntastic', 'vimplugin-syntastic', 'vim'],
    ['goPackages.crypto', 'go1.7-crypto', 'go'],
    ['go', 'go', null],
    ['coqPackages_8_5.ssreflect', 'coq8.5-ssreflect', 'coq'],
  ];
  for (const [attr, pname, language] of cases)
    test(`${attr} (${pname}) is of ${language ?? 'none'}`, () =>
      assert.equal(languageOf(attr, pname), language));
});

describe('namesOf', () => {
  const names = (attr: string, pname: string, name = pname.toLowerCase(), product = name) =>
    [...namesOf({ attr, pname, name, product })].sort();

  test('of a package that stands for itself: its name, its product, its attribute; each without a version behind it', () => {
    assert.deepEqual(names('openssl_1_0_2', 'openssl'), ['openssl', 'openssl-1-0-2']);
    assert.deepEqual(names('apacheHttpd_2_4', 'apache-httpd', 'apache-httpd', 'apache2'), [
      'apache-httpd',
      'apache2',
      'apachehttpd',
      'apachehttpd-2-4',
    ]);
    assert.deepEqual(names('bzip2', 'bzip2'), ['bzip2'], 'digits that touch the name belong to it');
    assert.deepEqual(names('gst_all_1.gstreamer', 'gstreamer'), ['gstreamer']);
  });

  test('of a package of a language: its bare name and its name in distributions, but not the product', () => {
    assert.deepEqual(names('python27Packages.curl', 'python2.7-curl', 'curl', 'curl-library'), [
      'curl',
      'libcurl-python',
      'python-curl',
    ]);
    assert.deepEqual(names('perlPackages.HTTPDaemon', 'perl-HTTP-Daemon', 'http-daemon'), [
      'http-daemon',
      'httpdaemon',
      'libhttp-daemon-perl',
      'libhttpdaemon-perl',
      'perl-http-daemon',
      'perl-httpdaemon',
    ]);
  });

  test('are all folded, and never a single letter', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'B', '_', '-', '1', '.'), maxLength: 8 });
    fc.assert(
      fc.property(part, part, part, part, (attr, pname, name, product) => {
        for (const each of namesOf({ attr, pname, name, product })) {
          assert.equal(each, foldName(each));
          assert.ok(each.length > 1);
        }
      }),
    );
  });
});
