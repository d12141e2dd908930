import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isWebUrl, linkKind, linkTo, uniqueLinks, urlsIn } from './links.ts';

const HEX = '0123456789abcdef0123456789abcdef01234567';

describe('what an address leads to', () => {
  const kinds = {
    patch: [
      `https://github.com/frob/frob/commit/${HEX}`,
      `https://github.com/frob/frob/pull/7/commits/${HEX}`,
      `https://gitlab.example.org/frob/-/commit/${HEX}.patch`,
      `https://git.kernel.org/linus/${HEX}`,
      `https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit/?id=${HEX}`,
      `https://git.kernel.org/stable/c/${HEX}`,
      `https://sourceware.org/git/?p=frob.git;a=commit;h=${HEX}`,
      `https://sourceware.org/git/gitweb.cgi?p=frob.git;h=${HEX}`,
      `https://sourceware.org/git/gitweb.cgi?p=frob.git;a=patch;h=${HEX}`,
      'http://svn.example.org/viewvc?view=revision&revision=1722801',
      'http://hg.example.org/frob/rev/0095e54dcaa1',
      'https://xenbits.xen.org/xsa/xsa203-4.7.patch',
      'http://downloads.example.org/AST-2016-002-1.8.diff',
      `https://android.googlesource.com/platform/frob/+/${HEX}`,
      'https://patchwork.example.org/patch/629100/',
      'https://bazaar.launchpad.net/~frob/frob/trunk/revision/3171',
    ],
    bug: [
      'https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=775499',
      'https://bugzilla.redhat.com/show_bug.cgi?id=1',
      'https://launchpad.net/bugs/1698919',
      'https://bugs.launchpad.net/ubuntu/+source/linux/+bug/1699772',
      'https://github.com/frob/frob/issues/12',
      'https://support.example.com/browse/ZBX-26253',
    ],
    advisory: [
      'https://usn.ubuntu.com/usn/usn-3340-1',
      'https://access.redhat.com/errata/RHSA-2017:2478',
      'https://www.debian.org/security/2017/dsa-3896',
      'https://www.mozilla.org/en-US/security/advisories/mfsa2017-15/',
      'https://security.gentoo.org/glsa/201710-32',
    ],
    exploit: ['https://www.exploit-db.com/exploits/40611/'],
    web: [
      'http://www.openwall.com/lists/oss-security/2017/07/10/4',
      'https://github.com/frob/frob/blob/f64ac93/src/x.cpp#L100',
      'https://lists.gnu.org/archive/html/qemu-devel/2016-02/msg06126.html',
    ],
  } as const;
  for (const [kind, urls] of Object.entries(kinds))
    test(kind, () => {
      for (const url of urls) assert.equal(linkKind(url), kind, url);
    });
});

describe('addresses in text', () => {
  test('without the punctuation around them', () => {
    assert.deepEqual(
      urlsIn(
        'see https://a.example/x, (http://b.example/y). And <https://c.example/(z)>; javascript:alert(1)',
      ),
      ['https://a.example/x', 'http://b.example/y', 'https://c.example/(z)'],
    );
  });

  test('only what a page may link to', () => {
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '//a.example', 'https://', 'https://a b/'])
      assert.ok(!isWebUrl(url), url);
    assert.ok(!isWebUrl(`https://a.example/${'x'.repeat(2000)}`));
  });

  test('each once; a patch wins, and stays where the address stood first', () => {
    const link = linkTo('https://a.example/x', { kind: 'web' });
    const patch = linkTo('https://a.example/x', { kind: 'patch', note: 'the fix' });
    const other = linkTo('https://b.example/');
    assert.deepEqual(uniqueLinks([link, other, patch, link]), [patch, other]);
  });
});
