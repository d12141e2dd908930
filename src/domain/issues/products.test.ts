import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readLabelledAdvisories } from './labelled-advisories.ts';
import { canonicalProduct, readAliasTable } from './products.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data');
const TABLE = readFileSync(join(import.meta.dirname, 'product-aliases.tsv'), 'utf8');
const ECOSYSTEMS = [
  'debian',
  'ubuntu',
  'gentoo',
  'redhat',
  'suse',
  'fedora',
  'arch',
  'alpine',
  'freebsd',
  'nixpkgs',
  ...[
    'centos',
    'alma',
    'rocky',
    'oracle',
    'amazon',
    'mageia',
    'slackware',
    'netbsd',
    'mozilla',
    'chrome',
    'pypi',
    'npm',
  ],
];

/** One product under the names that ecosystems give it. */
const SAME: readonly (readonly [product: string, ...names: string[]])[] = [
  [
    'apache2',
    'debian apache2',
    'gentoo www-servers/apache',
    'redhat httpd',
    'redhat httpd24-httpd',
    'redhat jbcs-httpd24-httpd',
    'freebsd apache24',
    'cpe apache:http_server',
  ],
  [
    'linux',
    'ubuntu linux-aws',
    'ubuntu linux-lts-xenial',
    'ubuntu linux-hwe-edge',
    'ubuntu linux-gke-4.15',
    'ubuntu linux-raspi2-5.3',
    'debian linux-2.6',
    'debian linux-4.9',
    'redhat kernel-rt',
    'gentoo sys-kernel/gentoo-sources',
    'arch linux-zen',
    'cpe linux:linux_kernel',
    'oracle kernel-uek',
    'alma kernel-rt',
    'amazon kernel5.10',
    'amazon kernel-livepatch-5.15.43-20.123',
    'mageia kernel-linus',
    'suse kernel-default',
    'suse kernel-rt_debug-base',
    'suse kgraft-patch-SLE12-SP2_Update_28',
    'alpine linux-rpi',
    'fedora kernel-headers',
  ],
  [
    'openjdk',
    'alma java-1.8.0-openjdk',
    'mageia java-11-openjdk',
    'amazon java-11-amazon-corretto',
    'suse java-1_8_0-openjdk',
  ],
  ['rails', 'rocky rubygem-rails', 'mageia ruby-rails', 'netbsd ruby31-rails'],
  ['libdbi-perl', 'alma perl-DBI', 'netbsd p5-DBI', 'oracle perl-DBI'],
  ['python-django', 'netbsd py27-django', 'suse python3-Django', 'amazon python3.11-django'],
  ['xz-utils', 'debian xz-utils', 'rocky xz', 'arch xz'],
  ['multipath-tools', 'oracle device-mapper-multipath', 'debian multipath-tools'],
  [
    'firefox',
    'debian iceweasel',
    'debian firefox-esr',
    'gentoo www-client/firefox-bin',
    'ubuntu firefox-3.5',
    'cpe mozilla:firefox_esr',
    'suse MozillaFirefox',
    'mageia firefox-l10n',
    'slackware mozilla-firefox',
    'mozilla Firefox ESR',
  ],
  ['thunderbird', 'debian icedove', 'gentoo mail-client/mozilla-thunderbird-bin'],
  ['chromium', 'ubuntu chromium-browser', 'gentoo www-client/google-chrome', 'cpe google:chrome'],
  [
    'openssl',
    'debian openssl1.0',
    'redhat openssl098e',
    'redhat compat-openssl10',
    'arch lib32-openssl',
    'redhat mingw-openssl',
  ],
  [
    'openjdk',
    'debian openjdk-8',
    'ubuntu openjdk-6',
    'gentoo dev-java/icedtea-bin',
    'redhat java-1.8.0-openjdk',
    'arch jre8-openjdk-headless',
    'cpe oracle:jdk',
  ],
  ['php', 'debian php5', 'debian php7.0', 'redhat rh-php56-php', 'redhat php53', 'alpine php81'],
  ['python', 'debian python2.7', 'ubuntu python3.5', 'redhat python27-python', 'alpine python3'],
  ['ruby', 'debian ruby1.9.1', 'debian ruby2.3', 'redhat rh-ruby24-ruby'],
  ['postgresql', 'debian postgresql-9.4', 'ubuntu postgresql-10', 'freebsd postgresql96-server'],
  [
    'mysql',
    'debian mysql-5.5',
    'debian mariadb-10.0',
    'redhat mariadb:10.3/mariadb',
    'gentoo dev-db/mariadb',
  ],
  ['tomcat', 'debian tomcat7', 'ubuntu tomcat6', 'cpe apache:tomcat'],
  ['gcc', 'debian gcc-6', 'debian gcc-4.9'],
  ['bind', 'debian bind9', 'freebsd bind911', 'cpe isc:bind'],
  [
    'wpa',
    'debian wpa',
    'gentoo net-wireless/hostapd',
    'gentoo net-wireless/wpa_supplicant',
    'cpe w1.fi:hostapd',
  ],
  ['glibc', 'debian eglibc', 'gentoo sys-libs/glibc'],
  ['libgcrypt', 'debian libgcrypt11', 'debian libgcrypt20'],
  ['libtasn1', 'debian libtasn1-6', 'ubuntu libtasn1-3', 'gentoo dev-libs/libtasn1'],
  [
    'python-django',
    'gentoo dev-python/django',
    'alpine py3-django',
    'freebsd py27-django',
    'redhat Django',
    'nixpkgs python2.7-Django',
  ],
  ['libdbd-mysql-perl', 'gentoo dev-perl/DBD-mysql', 'redhat perl-DBD-MySQL', 'nixpkgs perl-DBD-mysql'],
  ['ruby-rack', 'gentoo dev-ruby/rack', 'debian librack-ruby', 'redhat rubygem-rack'],
  ['imagemagick', 'redhat ImageMagick', 'freebsd ImageMagick7-nox11', 'debian imagemagick'],
  ['libx11', 'redhat libX11', 'gentoo x11-libs/libX11', 'debian libx11'],
];

/** Names that look alike, share code or share CVEs, and are not one product. */
const APART: readonly (readonly [string, string])[] = [
  ['debian libssh', 'debian libssh2'],
  ['debian libidn', 'debian libidn2-0'],
  ['debian pcre3', 'gentoo dev-libs/libpcre2'],
  ['debian linux', 'ubuntu linux-firmware'],
  ['debian chromium-browser', 'ubuntu oxide-qt'],
  ['debian chromium-browser', 'gentoo dev-qt/qtwebengine'],
  ['debian firefox', 'debian thunderbird'],
  ['debian nss', 'debian firefox'],
  ['debian libvncserver', 'ubuntu krfb'],
  ['debian xpdf', 'debian poppler'],
  ['debian expat', 'debian python2.7'],
  ['debian graphicsmagick', 'debian imagemagick'],
  ['debian libreoffice', 'debian openoffice.org'],
  ['debian evince', 'ubuntu atril'],
  ['debian heimdal', 'debian samba'],
  ['debian openssl', 'debian gnutls28'],
  ['debian libmspack', 'debian clamav'],
];

function product(named: string): string {
  const at = named.indexOf(' ');
  return canonicalProduct(named.slice(0, at), named.slice(at + 1));
}

describe('canonicalProduct', () => {
  for (const [wanted, ...names] of SAME) {
    test(`${wanted}: ${names.length} names of it`, () => {
      assert.deepEqual(
        names.map((name) => [name, product(name)]),
        names.map((name) => [name, wanted]),
      );
    });
  }

  test('what only looks alike stays apart', () => {
    for (const [a, b] of APART) assert.notEqual(product(a), product(b), `${a}, ${b}`);
  });

  test('digits that belong to a name stay', () => {
    for (const name of ['bzip2', 'libxml2', 'exiv2', 'mpg123', 'p7zip', 'hdf5', 'nghttp2', 'graphite2'])
      assert.equal(canonicalProduct('debian', name), name);
  });

  test('a CPE name whose vendor is another one stays whole', () => {
    assert.equal(canonicalProduct('cpe', 'cisco:ios'), 'cisco:ios');
    assert.equal(canonicalProduct('cpe', 'examplecorp:openssl'), 'examplecorp:openssl');
    assert.equal(canonicalProduct('cpe', 'libarchive:libarchive'), 'libarchive');
    assert.equal(canonicalProduct('cpe', 'gitea_project:gitea'), 'gitea');
  });

  test('nothing in, nothing thrown', () => {
    assert.equal(canonicalProduct('debian', ''), '');
    assert.equal(canonicalProduct('redhat', ':'), ':');
    assert.equal(canonicalProduct('gentoo', 'cat/'), 'cat/');
    assert.equal(canonicalProduct('__proto__', '__proto__'), '__proto__');
  });

  test('of a result it is the same again, and never has white space', () => {
    const piece = fc.constantFrom(
      'lib',
      'php',
      'linux',
      '-',
      '/',
      '1',
      '2.0',
      ':',
      'perl-',
      'python3-',
      '_',
      '+',
      ' ',
      'x',
      'rh-',
      'bin',
      '-java',
    );
    const name = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...ECOSYSTEMS, 'cpe'), name, (ecosystem, text) => {
        const once = canonicalProduct(ecosystem, text);
        assert.doesNotMatch(once, /\s/);
        assert.equal(canonicalProduct(ecosystem, once), once);
      }),
    );
  });
});

describe('the table', () => {
  const rows = TABLE.trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));

  test('is read as it stands, and its rows are sorted', () => {
    assert.doesNotThrow(() => readAliasTable(TABLE));
    const keys = rows.map(([target, ecosystem, name]) => [target, ecosystem, name].join('\t'));
    assert.deepEqual(keys, [...keys].sort());
  });

  test('every product in it is canonical in every ecosystem, so that no chain of names arises', () => {
    for (const target of new Set(rows.map(([product]) => product ?? '')))
      for (const ecosystem of ECOSYSTEMS) assert.equal(canonicalProduct(ecosystem, target), target);
  });

  test('a row of too few cells and a name that stands twice are errors', () => {
    const head = 'product\tecosystem\tname\twhy\n';
    assert.throws(() => readAliasTable(`${head}a\t*\tb\n`), { code: 'FILE_MALFORMED', message: /line 2/ });
    assert.throws(() => readAliasTable(`${head}a\t*\tb\tc\nd\t*\tb\tc\n`), {
      code: 'FILE_MALFORMED',
      message: /line 3/,
    });
    assert.throws(() => readAliasTable('a\tb'), { code: 'FILE_MALFORMED' });
  });
});

describe('against the labelled advisories', () => {
  const advisories = join(DATA, 'grouping/advisories-2016-2017.jsonl.gz');
  const lists = ['DSA', 'DLA'].map((name) => join(DATA, `feeds/debian/security-tracker/data/${name}/list`));
  const skip = [advisories, ...lists].every(existsSync) ? false : 'needs ../shared/data';

  /** Names that the labels cut short by taking every number from the end of a name. */
  const CUT: Readonly<Record<string, string>> = {
    exi: 'exiv2',
    libx: 'libx11',
    mpg: 'mpg123',
    hdf: 'hdf5',
    ioquake: 'ioquake3',
    'swift-plugin-s': 'swift-plugin-s3',
    radare: 'radare2',
    libtasn: 'libtasn1',
    faad: 'faad2',
    jabberd: 'jabberd2',
    imlib: 'imlib2',
    graphite: 'graphite2',
    'python-pysaml': 'python-pysaml2',
  };

  test('of Debian’s, 97 in 100 come to the very product of the label, 98 up to names cut short', {
    skip,
  }, () => {
    const packages = new Map(
      lists.flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/^\[[^\]]+\] (D[SL]A-\S+) (\S+)/gm)].map(
          ([, id = '', name = '']) => [id, name] as const,
        ),
      ),
    );
    const labels = readLabelledAdvisories(
      gunzipSync(readFileSync(advisories)).toString('utf8'),
      advisories,
    ).filter(({ id }) => packages.has(id));
    const exact = labels.filter(
      ({ id, products }) => canonicalProduct('debian', packages.get(id) ?? '') === products.join(),
    );
    const close = labels.filter(({ id, products }) => {
      const label = products.join();
      return canonicalProduct('debian', packages.get(id) ?? '') === (CUT[label] ?? label);
    });
    assert.ok(labels.length > 1400, String(labels.length));
    assert.ok(exact.length / labels.length >= 0.97, `${exact.length} of ${labels.length}`);
    assert.ok(close.length / labels.length >= 0.98, `${close.length} of ${labels.length}`);
  });
});
