import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anchor, issueAddress, ownAddress, reportAddress } from './addresses.ts';
import { OutsideLink, patchName } from './links.tsx';

describe('addresses', () => {
  test('parts from outside stay parts', () => {
    assert.equal(reportAddress('redhat', 'RHSA-2017:0286'), '/reports/redhat/RHSA-2017%3A0286');
    assert.equal(issueAddress('../../admin?x#y'), '/issues/..%2F..%2Fadmin%3Fx%23y');
    assert.equal(issueAddress('..'), '/issues/%2E%2E');
    assert.equal(issueAddress('\ud800'), '/issues/%EF%BF%BD');
  });

  test('an anchor is stable, without spaces, and another one for another text', () => {
    assert.equal(anchor('project', 'gst-plugins-good'), 'project-gst-plugins-good');
    assert.match(anchor('project', 'a b "c"'), /^project-[A-Za-z0-9._+-]+$/);
    assert.notEqual(anchor('project', 'a b'), anchor('project', 'a/b'));
  });

  test('our own addresses are paths', () => {
    for (const own of ['/', '/sources?page=2#quarantine', '#lines', '?page=2'])
      assert.equal(ownAddress(own), own);
    for (const other of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '',
    ])
      assert.equal(ownAddress(other), '/', other);
    assert.equal(ownAddress('/\t/evil.example'), '/');
  });
});

describe('OutsideLink', () => {
  test('leads out with http and https only', () => {
    assert.equal(
      String(<OutsideLink href="https://a.example/?q=1&amp=2">a</OutsideLink>),
      '<a href="https://a.example/?q=1&amp;amp=2" rel="external noopener noreferrer nofollow">a</a>',
    );
    for (const href of [
      'javascript:alert(1)',
      'data:text/html,x',
      'https://u:p@a.example/',
      '//a.example',
      '/x',
      null,
    ])
      assert.equal(String(<OutsideLink href={href}>a</OutsideLink>), '<span>a</span>', String(href));
  });
});

describe('patchName', () => {
  test('tells one patch from another', () => {
    assert.equal(
      patchName('https://github.com/openssl/openssl/commit/00d965474b22b54e'),
      'openssl/openssl 00d9654',
    );
    assert.equal(
      patchName('https://gitlab.example/gnome/libxml2/-/commit/932cc9896ab4'),
      'gnome/libxml2 932cc98',
    );
    assert.equal(
      patchName('https://git.openssl.org/gitweb/?p=openssl.git;h=2198b3a55de681e1f3c2'),
      'git.openssl.org 2198b3a',
    );
    assert.equal(patchName('https://bugs.example/attachment/fix.patch'), 'bugs.example fix.patch');
    assert.equal(patchName('javascript:x'), 'javascript:x');
  });
});
