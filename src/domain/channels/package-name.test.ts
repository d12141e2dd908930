import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identify, packageName } from './package-name.ts';

test('prefixes of languages go, as nixpkgs builds them', () => {
  const names: Record<string, string> = {
    'python2.7-Django': 'django',
    'python3.3m-six': 'six',
    'pypy2.6-Babel': 'babel',
    'perl-Archive-Zip': 'archive-zip',
    'perl5.30.0-ack': 'ack',
    'ruby2.4.9-actionpack': 'actionpack',
    'r-curl': 'curl',
    'lua5.1-cjson': 'cjson',
    'ocaml4.02.3-lwt': 'lwt',
    'go1.7-consul': 'consul',
    'vimplugin-fugitive': 'fugitive',
    'node-_at_angular_slash_cli': 'node-_at_angular_slash_cli',
    openssl: 'openssl',
    python: 'python',
    'python-ldap': 'python-ldap',
    'ruby-mine': 'ruby-mine',
    'node-webkit': 'node-webkit',
    'ocaml-top': 'ocaml-top',
    'xf86-video-intel': 'xf86-video-intel',
    'ghc-mod': 'ghc-mod',
    ImageMagick: 'imagemagick',
    'facetimehd-unstable': 'facetimehd',
  };
  for (const [pname, name] of Object.entries(names)) assert.equal(packageName(pname), name, pname);
});

test('where upstream may have the prefix itself, the set tells', () => {
  assert.equal(packageName('node-bower', 'nodePackages.bower'), 'bower');
  assert.equal(packageName('node-_at_angular_slash_cli', 'nodePackages.angular'), '@angular/cli');
  assert.equal(packageName('node-webkit', 'node_webkit'), 'node-webkit');
  assert.equal(packageName('php-xdebug', 'php56Packages.xdebug'), 'xdebug');
  assert.equal(packageName('emacs-ag', 'emacs24PackagesNg.ag'), 'ag');
  assert.equal(packageName('emacs-nox', 'emacs25-nox'), 'emacs-nox');
});

test('what splitting a derivation name gets wrong is mended', () => {
  const one = (attr: string, pname: string, version: string) => identify({ attr, pname, version });
  assert.deepEqual(one('grafana', 'grafana-v4.1.2', ''), {
    name: 'grafana',
    version: '4.1.2',
    language: null,
  });
  assert.deepEqual(one('consul', 'go1.5-consul-v0.5.2', ''), {
    name: 'consul',
    version: '0.5.2',
    language: 'go',
  });
  assert.deepEqual(one('luajitPackages.lpeg', 'luajit', '2.1.0-beta3-lpeg-1.0.2-1'), {
    name: 'lpeg',
    version: '1.0.2-1',
    language: 'lua',
  });
  assert.deepEqual(one('luajit', 'luajit', '2.1.0-beta3'), {
    name: 'luajit',
    version: '2.1.0-beta3',
    language: null,
  });
  assert.deepEqual(one('ssldump', 'ssldump', ''), { name: 'ssldump', version: '', language: null });
});

test('libraries know their language, with a prefix and without', () => {
  const language = (attr: string, pname: string) => identify({ attr, pname, version: '1' }).language;
  assert.equal(language('rPackages.curl', 'r-curl'), 'r');
  assert.equal(language('ack', 'perl-ack'), 'perl');
  assert.equal(language('haskellPackages.aeson', 'aeson'), 'haskell');
  assert.equal(language('python27Packages.youtube-dl', 'youtube-dl'), 'python');
  assert.equal(language('curl', 'curl'), null);
});
