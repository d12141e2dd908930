/** Samples in XML, YAML and plain text: see samples.ts. */
import type { Sample } from './samples.ts';

const updateinfo = (id: string, from: string, collection: string) => `<?xml version="1.0" encoding="UTF-8"?>
<updates>
  <update from="${from}" status="stable" type="security" version="2.0">
    <id>${id}</id>
    <title>Important: frobd security update</title>
    <issued date="2017-06-20 01:29:00"/>
    <updated date="2017-06-21 01:29"/>
    <release>Fedora 26</release>
    <severity>Important</severity>
    <description>Fixes CVE-2017-90001 &amp; more</description>
    <references>
      <reference href="https://bugzilla.redhat.com/show_bug.cgi?id=1234567" id="1234567" type="bugzilla" title="CVE-2017-90002 frobd"/>
      <reference href="https://access.redhat.com/security/cve/CVE-2017-90001" id="CVE-2017-90001" type="cve" title=""/>
    </references>
    <pkglist>
      <collection short="${collection}">
        <name>${collection}</name>
        <module name="frob" stream="2" version="1" context="c" arch="x86_64"/>
        <package name="frobd" version="2.0" release="1.el8" epoch="1" arch="x86_64" src="frobd-2.0-1.el8.src.rpm">
          <filename>frobd-2.0-1.el8.x86_64.rpm</filename>
        </package>
        <package name="frobd-libs" version="2.0" release="1.el8" epoch="1" arch="x86_64"/>
      </collection>
    </pkglist>
  </update>
</updates>
`;

interface OvalParts {
  maker: string;
  id: string;
  kind: string;
  title: string;
  platform: string;
  reference: string;
  criteria: string;
  more?: string;
}

const oval = ({
  maker,
  id,
  kind,
  title,
  platform,
  reference,
  criteria,
  more = '',
}: OvalParts) => `<?xml version="1.0" encoding="utf-8"?>
<oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5">
 <generator><oval:product_name>${maker}</oval:product_name></generator>
 <definitions>
  <!-- <definition id="none"></definition> -->
  <definition class="${kind}" id="${id}" version="1">
   <metadata>
    <title>${title}</title>
    <affected family="unix"><platform>${platform}</platform></affected>
    ${reference}
    <reference ref_id="CVE-2017-90001" ref_url="https://example.org/a%b" source="CVE"/>
    <description>frobs too much</description>
    <advisory from="security@example.org">
     <severity>Important</severity>
     <issued date="2017-06-20"/><updated date="2017-06-21"/>
     <cve cvss3="7.5/CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" cwe="CWE-400" impact="important" href="https://example.org/">CVE-2017-90001</cve>
     <bugzilla href="https://bugzilla.redhat.com/1234567" id="1234567"/>
     <affected_cpe_list><cpe>cpe:/o:redhat:enterprise_linux:8</cpe></affected_cpe_list>
     ${more}
    </advisory>
   </metadata>
   <criteria operator="AND">
    <criterion test_ref="t:1" comment="${platform} is installed"/>
    <criteria operator="OR">
     <criteria operator="AND">
      ${criteria}
      <criterion test_ref="t:3" comment="frobd is signed with its key"/>
     </criteria>
    </criteria>
   </criteria>
  </definition>
 </definitions>
</oval_definitions>
`;

const cvrf = (id: string, kind: string, contact: string) => `<?xml version="1.0" encoding="UTF-8"?>
<cvrfdoc xmlns="http://www.icasi.org/CVRF/schema/cvrf/1.1">
  <DocumentTitle xml:lang="en">Security update for frobd</DocumentTitle>
  <DocumentType>${kind}</DocumentType>
  <DocumentPublisher Type="Vendor"><ContactDetails>${contact}</ContactDetails></DocumentPublisher>
  <DocumentTracking>
    <Identification><ID>${id}</ID></Identification>
    <InitialReleaseDate>2017-06-20T01:29:00Z</InitialReleaseDate>
    <CurrentReleaseDate>2017-06-21T01:29:00Z</CurrentReleaseDate>
  </DocumentTracking>
  <DocumentNotes><Note Title="Details" Type="General" Ordinal="1">frobs too much</Note></DocumentNotes>
  <DocumentReferences><Reference><URL>https://bugzilla.suse.com/1234567</URL><Description>bug</Description></Reference></DocumentReferences>
  <ProductTree>
    <Branch Type="Product Name" Name="openSUSE Leap 42.2">
      <FullProductName ProductID="leap" CPE="cpe:/o:redhat:enterprise_linux:7">openSUSE Leap 42.2</FullProductName>
    </Branch>
    <Branch Type="Product Version" Name="frobd"><FullProductName ProductID="frobd-2.0-1.1">frobd-2.0-1.1</FullProductName></Branch>
    <Relationship ProductReference="frobd-2.0-1.1" RelationType="Default Component Of" RelatesToProductReference="leap">
      <FullProductName ProductID="leap:frobd-2.0-1.1">frobd of leap</FullProductName>
    </Relationship>
  </ProductTree>
  <Vulnerability Ordinal="1">
    <Notes><Note Title="Vulnerability Description" Type="General" Ordinal="1">frobs</Note></Notes>
    <CVE>CVE-2017-90001</CVE>
    <ProductStatuses><Status Type="Fixed"><ProductID>leap:frobd-2.0-1.1</ProductID></Status></ProductStatuses>
    <Threats><Threat Type="Impact"><Description>important</Description></Threat></Threats>
    <CVSSScoreSets><ScoreSet><BaseScore>4.3</BaseScore><Vector>AV:N/AC:M/Au:N/C:N/I:N/A:P</Vector></ScoreSet></CVSSScoreSets>
  </Vulnerability>
</cvrfdoc>
`;

const earlier = '<criterion test_ref="t:2" comment="frobd is earlier than 0:2.0-1.el8"/>';

const cefs = `<?xml version='1.0' standalone='yes'?>
<opt>
<CESA-2017--9001 description="Not available" issue_date="2017-06-20 01:29:00" references="https://access.redhat.com/errata/RHSA-2017:9001 https://lists.centos.org/pipermail/centos-announce/2017-June/1.html" severity="Important" synopsis="Important CentOS frobd Security Update" type="Security Advisory">
    <os_release>7</os_release>
    <packages>frobd-2.0-1.el7.src.rpm</packages>
    <packages>frobd-2.0-1.el7.x86_64.rpm</packages>
  </CESA-2017--9001>
</opt>
`;

const rss = `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0">
<channel>
    <title>Amazon Linux 2 Security Bulletins</title>
    <item>
        <title>ALAS-2017-901 (important): frobd</title>
        <description>CVE-2017-90001, CVE-2017-90002</description>
        <pubDate>Tue, 20 Jun 2017 01:29:00 GMT</pubDate>
        <lastBuildDate>Wed, 21 Jun 2017 01:29:00 GMT</lastBuildDate>
        <link>https://alas.aws.amazon.com/AL2/ALAS-2017-901.html</link>
    </item>
</channel>
</rss>
`;

const vuxml = `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE vuxml PUBLIC "-//vuxml.org//DTD VuXML 1.1//EN" "http://www.vuxml.org/dtd/vuxml-1/vuxml-11.dtd" [
<!ENTITY vuln-2003 SYSTEM "file:///etc/passwd">
]>
<vuxml xmlns="http://www.vuxml.org/apps/vuxml-1">
  <vuln vid="0c2db2aa-5584-11e7-9a7d-b499baebfea0">
    <topic>frobd -- frobbing</topic>
    <affects>
      <package><name>frobd</name><name>frobd-devel</name><range><lt>1.5_2,1</lt></range><range><ge>2.0</ge><lt>2.4.26</lt></range></package>
      <system><name>FreeBSD</name><range><gt>11.0</gt><le>11.0_5</le></range></system>
    </affects>
    <description><body xmlns="http://www.w3.org/1999/xhtml"><p>Somebody reports:</p><blockquote><ul><li>frobs</li></ul></blockquote></body></description>
    <references><url>https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2017-90001</url><cvename>CVE-2017-90002</cvename><freebsdpr>ports/1234</freebsdpr></references>
    <dates><discovery>2017-06-19</discovery><entry>2017-06-20</entry><modified>2017-06-21</modified></dates>
  </vuln>
  <vuln vid="0c2db2aa-5584-11e7-9a7d-b499baebfea1"><cancelled superseded="0c2db2aa-5584-11e7-9a7d-b499baebfea0"/></vuln>
</vuxml>
`;

const chrome = `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title type="text">Chrome Releases</title>
<entry>
<id>tag:blogger.com,1999:blog-8982037438137564684.post-1</id>
<published>2017-06-20T10:29:00.000-07:00</published><updated>2017-06-21T10:29:00.000-07:00</updated>
<title type="text">Stable Channel Update for Desktop</title>
<content type="html">&lt;p&gt;The stable channel has been updated to 59.0.3071.110/.111 for Windows and Mac, and 59.0.3071.109 for Linux.&lt;/p&gt;&lt;p&gt;[&lt;a href="https://crbug.com/725032"&gt;725032&lt;/a&gt;] High CVE-2017-90001: Frobbing&lt;/p&gt;</content>
<link rel="alternate" type="text/html" href="https://chromereleases.googleblog.com/2017/06/stable-channel-update-for-desktop_20.html"/>
</entry>
</feed>
`;

const mfsa = `## mfsa2017-99.yml
announced: June 20, 2017
impact: high
fixed_in:
- Firefox 54
- Firefox ESR 52.2
title: Security vulnerabilities fixed in Firefox 54
advisories:
  CVE-2017-90001:
    title: Frobbing
    impact: high
    reporter: Somebody
    description: |
      It frobs.
    bugs:
      - url: 1365602, 1365603
        desc: frobs
`;

const mfsaMd = `---
announced: January 26, 2016
fixed_in:
- Firefox 44
impact: Moderate
title: Frobbing
---

<h3>Description</h3>
<p>It frobs (<a href="http://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2016-90001">CVE-2016-90001</a>).</p>
`;

const secdbYaml = `---
distroversion: v3.6
reponame: main
packages:
  - pkg:
      name: frobd
      secfixes:
        2.0-r0:
          - CVE-2017-90001
        1.0-r1: CVE-2017-90002
`;

const rejected = `# not ours
frobd:
  - CVE-2017-90001
  - CVE-2017-90002 # another frobd
xen:
  - CVE-2017-90003
`;

const asa = `Arch Linux Security Advisory ASA-201706-1
========================================

Severity: High
Date    : 2017-06-20
CVE-ID  : CVE-2017-90001 CVE-2017-90002
          CVE-2017-90003
Package : frobd
Type    : multiple issues
Remote  : Yes
Link    : https://security.archlinux.org/AVG-1

Summary
=======

The package frobd before version 1:2.0-1 frobs.

Resolution
==========

Upgrade to 1:2.0-1.

# pacman -Syu "frobd>=1:2.0-1"

References
==========

https://frob.example.org/commit/0123456789abcdef
https://security.archlinux.org/CVE-2017-90001
`;

const netbsd = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

# $NetBSD$
#
#FORMAT 1.0.0
#
frobd>=1.0<2.4.26\tdenial-of-service\thttps://nvd.nist.gov/vuln/detail/CVE-2017-90001
{ap13,ap2{2,4}}-frob<2.0nb1\tremote-code-execution\thttps://nvd.nist.gov/vuln/detail/CVE-2017-90002
php{55,56}-[0-9]*\teol\thttps://www.netbsd.org/eol
frobd-1.2{,nb[0-9]*}\tunspecified\thttps://example.org/frob
-----BEGIN PGP SIGNATURE-----

iQ==
-----END PGP SIGNATURE-----
`;

const changelog = `Thu Jun 15 02:40:25 UTC 2017
patches/packages/frobd-2.0-x86_64-1_slack14.2.txz:  Upgraded.
  This update fixes frobbing.
  For more information, see:
    https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2017-90001
  (* Security fix *)
patches/packages/other-1.0-noarch-1_slack14.2.txz:  Rebuilt.
+--------------------------+
Wed Jun 14 22:04:45 UTC 2017
patches/packages/frobd-1.9-x86_64-1_slack14.2.txz:  Upgraded.
+--------------------------+
`;

const ssa = `[slackware-security]  frobd (SSA:2017-165-01)

New frobd packages are available to fix security issues.

Here are the details from the Slackware 14.2 ChangeLog:
+--------------------------+
patches/packages/frobd-2.0-i586-1_slack14.2.txz:  Upgraded.
  Fixed frobbing.
  For more information, see:
    https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2017-90001
  (* Security fix *)
+--------------------------+

Updated package for Slackware 14.2:
ftp://ftp.slackware.com/pub/slackware/slackware-14.2/patches/packages/frobd-2.0-i586-1_slack14.2.txz
`;

const osvYaml = `id: PYSEC-2017-9001
modified: '2017-06-21T01:29:00.5Z'
published: '2017-06-20T01:29:00Z'
aliases:
- CVE-2017-90001
affected:
- package: {ecosystem: PyPI, name: frobd}
  ranges:
  - type: ECOSYSTEM
    events:
    - introduced: '0'
    - fixed: '2.0'
references:
- type: FIX
  url: https://github.com/frob/frobd/commit/0123456789abcdef
`;

export const SAMPLES_OF_LISTS: readonly Sample[] = [
  {
    source: 'fedora',
    form: 'updateinfo',
    path: 'f-updateinfo.xml',
    text: updateinfo('FEDORA-2017-a1b2c3d4e5', 'updates@fedoraproject.org', 'F26'),
  },
  {
    source: 'amazon',
    form: 'updateinfo',
    path: 'a-updateinfo.xml',
    text: updateinfo('ALAS-2017-901', 'linux-security@amazon.com', 'amazon-linux-2'),
  },
  {
    source: 'alma',
    form: 'updateinfo',
    path: 'l-updateinfo.xml',
    text: updateinfo(
      'ALSA-2017:9001',
      'packager@almalinux.org',
      'almalinux-8-for-x86_64-baseos-rpms__8_0_default',
    ),
  },
  {
    source: 'rocky',
    form: 'updateinfo',
    path: 'r-updateinfo.xml',
    text: updateinfo('RLSA-2017:9001', 'releng@rockylinux.org', 'rocky-linux-8-x86-64-baseos-rpms'),
  },
  { source: 'amazon', form: 'rss', path: 'alas.rss', text: rss },
  {
    source: 'suse',
    form: 'cvrf',
    path: 'cvrf-suse-su-2017-9001-1.xml',
    text: cvrf('SUSE-SU-2017:9001-1', 'SUSE Patch', 'security@suse.de'),
  },
  {
    source: 'suse',
    form: 'cvrf-cve',
    path: 'cvrf-CVE-2017-90001.xml',
    text: cvrf('SUSE CVE-2017-90001', 'SUSE CVE', 'security@suse.de'),
  },
  {
    source: 'redhat',
    form: 'cvrf',
    path: 'cvrf-rhsa-2017-9001.xml',
    text: cvrf('RHSA-2017:9001', 'Security Advisory', 'secalert@redhat.com'),
  },
  { source: 'redhat', form: 'cefs', path: 'errata.latest.xml', text: cefs },
  {
    source: 'oracle',
    form: 'oval',
    path: 'com.oracle.elsa-all.xml',
    text: oval({
      maker: 'Oracle Errata System',
      id: 'oval:com.oracle.elsa:def:20179001',
      kind: 'patch',
      title: 'ELSA-2017-9001: frobd security update (IMPORTANT)',
      platform: 'Oracle Linux 7',
      reference:
        '<reference source="elsa" ref_id="ELSA-2017-9001" ref_url="https://linux.oracle.com/errata/ELSA-2017-9001.html"/>',
      criteria: `<criterion test_ref="t:4" comment="Oracle Linux arch is x86_64"/>${earlier}<criterion test_ref="t:5" comment="frobd is earlier than 2:2.0-1.ksplice1.el7"/>`,
    }),
  },
  {
    source: 'alma',
    form: 'oval',
    path: 'org.almalinux.alsa-8.xml',
    text: oval({
      maker: 'AlmaLinux OS Errata System',
      id: 'oval:org.almalinux.alsa:def:20179001',
      kind: 'patch',
      title: 'ALSA-2017:9001: frobd security update (Important)',
      platform: 'AlmaLinux 8',
      reference:
        '<reference ref_id="ALSA-2017:9001" source="ALSA" ref_url="https://errata.almalinux.org/8/ALSA-2017-9001.html"/>',
      criteria: earlier,
    }),
  },
  {
    source: 'redhat',
    form: 'oval',
    path: 'rhel-8.oval.xml',
    text: oval({
      maker: 'Red Hat OVAL Patch Definition Merger',
      id: 'oval:com.redhat.cve:def:201790001',
      kind: 'vulnerability',
      title: 'CVE-2017-90001 frobd: frobs (important)',
      platform: 'Red Hat Enterprise Linux 8',
      reference: '',
      criteria: '<criterion test_ref="t:2" comment="frobd is installed"/>',
      more: '<affected><resolution state="Will not fix"><component>frob:2/frobd</component></resolution></affected>',
    }),
  },
  {
    source: 'suse',
    form: 'oval',
    path: 'opensuse.leap.42.2.xml',
    text: oval({
      maker: 'Marcus Updateinfo to OVAL Converter',
      id: 'oval:org.opensuse.security:def: 201790001',
      kind: 'vulnerability',
      title: 'CVE-2017-90001',
      platform: 'openSUSE Leap 42.2',
      reference:
        '<reference ref_id="SUSE-SU-2017:9001-1" ref_url="https://lists.suse.com/1.html" source="SUSE-SU"/>',
      criteria:
        '<criterion test_ref="t:2" comment="frobd-2.0-1.1 is installed"/><criterion test_ref="t:6" comment="frobd-doc is not affected"/>',
    }),
  },
  {
    source: 'debian',
    form: 'oval',
    path: 'oval-definitions-jessie.xml',
    text: oval({
      maker: 'Debian',
      id: 'oval:org.debian:def:123',
      kind: 'vulnerability',
      title: 'CVE-2017-90001 frobd',
      platform: 'Debian GNU/Linux 8',
      reference: '',
      criteria:
        '<criterion test_ref="t:2" comment="frobd DPKG is earlier than 2.0-1"/><criterion test_ref="t:6" comment="frob DPKG is earlier than 0"/>',
    }),
  },
  {
    source: 'ubuntu',
    form: 'oval',
    path: 'com.ubuntu.xenial.cve.oval.xml',
    text: oval({
      maker: 'Canonical CVE OVAL Generator',
      id: 'oval:com.ubuntu.xenial:def:2017900010000000',
      kind: 'vulnerability',
      title: 'CVE-2017-90001 on Ubuntu 16.04 LTS (xenial) - medium',
      platform: 'Ubuntu 16.04 LTS',
      reference: '',
      criteria: `<criterion test_ref="t:2" comment="(CVE-2017-90001) frobd package in xenial was vulnerable but has been fixed (note: '2.0-1ubuntu1')."/>`,
    }),
  },
  { source: 'freebsd', form: 'vuxml', path: 'vuln.xml', text: vuxml },
  { source: 'chrome', form: 'releases', path: 'default.xml', text: chrome },
  { source: 'mozilla', form: 'mfsa', path: 'mfsa2017-99.yml', text: mfsa },
  { source: 'mozilla', form: 'mfsa-md', path: 'mfsa2016-99.md', text: mfsaMd },
  { source: 'alpine', form: 'secdb-yaml', path: 'v3.6/main.yaml', text: secdbYaml },
  { source: 'alpine', form: 'rejections', path: 'security-rejections/main.yaml', text: rejected },
  { source: 'arch', form: 'asa', path: 'ASA-201706-1.txt', text: asa },
  { source: 'netbsd', form: 'pkg-vulnerabilities', path: 'pkg-vulnerabilities', text: netbsd },
  { source: 'slackware', form: 'changelog', path: 'ChangeLog.txt', text: changelog },
  { source: 'slackware', form: 'ssa', path: 'ssa.txt', text: ssa },
  { source: 'osv', form: 'osv-yaml', path: 'PYSEC-2017-9001.yaml', text: osvYaml },
];
