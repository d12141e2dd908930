import { Readable } from 'node:stream';
import type { Database } from '#base/db';
import { defineChannel, importRevision, parsePackageSet } from '#domain/channels';
import { refreshInsight } from '#domain/insight';
import { computeIssues, issuesOfVulnerability, mergeIssues } from '#domain/issues';
import { rematch, settleSuggestions } from '#domain/matching';
import { openRoundup, tickLines } from '#domain/roundup';
import { type PackedFile, sourceNamed, syncFiles } from '#domain/sources';
import { knownLists, type Mailbox, syncMailbox } from '#domain/threads';

/** What somebody writes who wants our pages to run something. */
export const HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(2)>';

/** The moment at which the sample is looked at. */
export const NOW = new Date('2017-03-01T12:00:00Z');

/** Ids in the sample that tests ask for. */
export interface SampleIds {
  /** Of openssl, affected in one channel. */
  issue: string;
  /** Two of frobd, one of which became part of the other. */
  merged: string;
  mergedInto: string;
  /** Its only report was taken back. */
  ended: string;
}

/**
 * A small world of two distributions, NVD and three channels, made through the rooms as a real one is: an issue that hits
 * us, hostile texts wherever a text comes from outside, a merged issue, an ended one, one document in quarantine, an open
 * roundup. For tests.
 */
export async function seedSample(database: Database): Promise<SampleIds> {
  await sync(database, 'debian', 'data/DSA/list', DSA_LIST);
  await sync(database, 'gentoo', 'glsa-201702-07.xml', GLSA);
  await sync(database, 'nvd', 'nvdcve-1.1-2017.json', JSON.stringify({ CVE_Items: NVD_ITEMS }));
  await importChannels(database);
  await rematch(database);
  const issue = await issueOf(database, 'CVE-2017-3731');
  const ended = await issueOf(database, 'CVE-2017-90004');
  const pair = [
    await issueOf(database, 'CVE-2017-90001'),
    await issueOf(database, 'CVE-2017-90002'),
  ] as const;
  const mergedInto = await mergeIssues(database, ...pair, {
    author: 'sample',
    reason: 'one release fixes both',
  });
  const merged = pair[0] === mergedInto ? pair[1] : pair[0];
  // Debian takes its last advisory back.
  const kept = DSA_LIST.slice(DSA_LIST.indexOf('[22 Feb'));
  await sync(database, 'debian', 'data/DSA/list', kept);
  await rematch(database);
  await openRoundup(database, { at: NOW, since: new Date('2017-01-01'), lead: 'globin', actor: 'sample' });
  await tickLines(database, [{ issue: mergedInto, remark: HOSTILE }], { by: 'fpletz', cause: 'sample' });
  await seedThread(database);
  await holdOne(database);
  await settleSuggestions(database, NOW);
  await refreshInsight(database, NOW);
  return { issue, merged, mergedInto, ended };
}

/** A thread of a mailing list with hostile words and a patch; with a number, one more answer in it. */
export async function seedThread(database: Database, more?: number): Promise<void> {
  const list = 'List-Id: <oss-security.lists.openwall.com>';
  const opener = [
    ...[list, 'From: "<b>Ada</b>" <ada@example.org>', 'Message-ID: <sample-1@example.org>'],
    ...['Date: Thu, 26 Jan 2017 14:00:00 +0000', `Subject: [oss-security] openssl: ${HOSTILE}`, ''],
    ...[`Use CVE-2017-3731. ${HOSTILE}`, '', '-----BEGIN PGP SIGNED MESSAGE-----', '', HOSTILE],
    ...['-----BEGIN PGP SIGNATURE-----', '', 'AAAA', '-----END PGP SIGNATURE-----', ''],
    ...['--- a/ssl.c', '+++ b/ssl.c', '@@ -1,2 +1,2 @@', ` ${HOSTILE}`, '-old', '+new', ''],
  ];
  const answer = [
    ...[list, `From: Ben <ben@example.org>`, `Message-ID: <sample-${more}@example.org>`],
    ...['References: <sample-1@example.org>', `Date: Thu, 26 Jan 2017 15:00:00 +0000`],
    ...[`Subject: Re: openssl`, '', 'Ada wrote:', `> ${HOSTILE}`, `words ${more}`, ''],
  ];
  const bytes = Buffer.from((more === undefined ? opener : answer).join('\n'));
  const mailbox: Mailbox = {
    name: 'sample',
    async *read() {
      yield { kind: 'message', place: 'sample', bytes };
    },
    after: () => null,
  };
  await syncMailbox(database, mailbox, { lists: knownLists(), at: NOW });
}

/** Two issues of one product, half a year apart, that one thread names together. @returns the older one */
export async function seedTwins(database: Database, number: number): Promise<string> {
  const [a, b] = [91_000 + 2 * number, 91_001 + 2 * number];
  const list = [
    ...[`[20 Dec 2016] DLA-${b}-1 twin${number} - security update`, `\t{CVE-2016-${b}}`],
    ...[`\t[wheezy] - twin${number} 2.0-1`, `[20 May 2016] DLA-${a}-1 twin${number} - security update`],
    ...[`\t{CVE-2016-${a}}`, `\t[wheezy] - twin${number} 1.0-1`, ''],
  ];
  await sync(database, 'debian', `twins-${number}/data/DLA/list`, list.join('\n'));
  const bytes = Buffer.from(
    [
      ...['List-Id: <oss-security.lists.openwall.com>', 'From: Ada <ada@example.org>'],
      ...[`Message-ID: <twins-${number}@example.org>`, 'Date: Wed, 21 Dec 2016 14:00:00 +0000'],
      ...[`Subject: twin${number}: two ids for one flaw`, '', `CVE-2016-${a} and CVE-2016-${b} are one.`, ''],
    ].join('\n'),
  );
  const mailbox: Mailbox = {
    name: 'twins',
    async *read() {
      yield { kind: 'message', place: String(number), bytes };
    },
    after: () => null,
  };
  await syncMailbox(database, mailbox, { lists: knownLists(), at: NOW });
  await computeIssues(database);
  return issueOf(database, `CVE-2016-${a}`);
}

/** As many projects, each with one advisory, a package that may be hit, and a line in the open roundup. For tests. */
export async function seedMany(database: Database, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, n) => `project${String(n).padStart(4, '0')}`);
  const advisories = names.flatMap((name, n) => [
    `[22 Feb 2017] DSA-${8000 + n}-1 ${name} - security update`,
    `\t{CVE-2017-${80_000 + n}}`,
    `\t[jessie] - ${name} 2.0-1`,
  ]);
  await sync(database, 'debian', 'data/DSA/list', `${advisories.join('\n')}\n`);
  const packages = Object.fromEntries(names.map((name) => [name, entry(name, '1.0')]));
  await importRevision(database, {
    channel: 'nixos-16.09',
    commit: 'a'.repeat(40),
    committedAt: new Date('2017-02-20'),
    set: parsePackageSet(Buffer.from(JSON.stringify(packages))),
  });
  await rematch(database);
  await openRoundup(database, { at: NOW, since: new Date('2017-01-01'), actor: 'sample' });
}

async function sync(database: Database, source: string, path: string, text: string): Promise<void> {
  const file: PackedFile = { path, open: () => Readable.from([Buffer.from(text)]) };
  await syncFiles(database, sourceNamed(source), [file], { ours: true, accept: true });
}

/** A list that lost most of what it held: it waits for a person, and an alarm tells of it. */
async function holdOne(database: Database): Promise<void> {
  const list = (count: number) =>
    JSON.stringify({
      distroversion: 'v3.5',
      reponame: 'main',
      packages: Array.from({ length: count }, (_, n) => ({
        pkg: { name: `sample${n}`, secfixes: { '1.0-r0': [`CVE-2017-${96_000 + n}`] } },
      })),
    });
  const file = (count: number): PackedFile => ({
    path: 'secdb/v3.5/main.json',
    open: () => Readable.from([Buffer.from(list(count))]),
  });
  const alpine = sourceNamed('alpine');
  await syncFiles(database, alpine, [file(30)], { ours: true });
  await syncFiles(database, alpine, [file(3)], { ours: true }).catch(() => {});
}

async function issueOf(database: Database, vulnerability: string): Promise<string> {
  const [issue] = await issuesOfVulnerability(database.queries, vulnerability);
  if (issue === undefined) throw new Error(`the sample makes no issue of ${vulnerability}`);
  return issue.id;
}

const DSA_LIST = [
  '[23 Feb 2017] DSA-9004-1 gonesoft - security update',
  '\t{CVE-2017-90004}',
  '\t[jessie] - gonesoft 1.0-2',
  '[22 Feb 2017] DSA-9002-1 frobd - security update',
  '\t{CVE-2017-90002}',
  '\t[jessie] - frobd 2.0-1+deb8u2',
  `[14 Jan 2017] DSA-9001-1 frobd - ${HOSTILE}`,
  '\t{CVE-2017-90001}',
  '\t[jessie] - frobd 2.0-1+deb8u1',
  '[20 Feb 2017] DSA-9003-1 requests - security update',
  '\t{CVE-2017-90003}',
  '\t[jessie] - requests 2.4.3-6+deb8u1',
  '[27 Jan 2017] DSA-3773-1 openssl - security update',
  '\t{CVE-2016-7056 CVE-2017-3731}',
  '\t[jessie] - openssl 1.0.1t-1+deb8u6',
  `\tNOTE: ${HOSTILE} https://github.com/openssl/openssl/commit/00d965474b22b54e4275232bc71ee0c699c5cd21`,
  '',
].join('\n');

const GLSA = `<?xml version="1.0" encoding="UTF-8"?>
<glsa id="201702-07">
  <title>OpenSSL: ${HOSTILE.replaceAll('<', '&lt;')}</title>
  <synopsis>${HOSTILE.replaceAll('<', '&lt;')}</synopsis>
  <product type="ebuild">openssl</product>
  <announced>2017-02-14</announced>
  <revised count="1">2017-02-14</revised>
  <access>remote</access>
  <affected>
    <package name="dev-libs/openssl" auto="yes" arch="*">
      <unaffected range="ge">1.0.2k</unaffected>
      <vulnerable range="lt">1.0.2k</vulnerable>
    </package>
  </affected>
  <description><p>${HOSTILE.replaceAll('<', '&lt;')}</p></description>
  <impact type="normal"><p>A crash.</p></impact>
  <references>
    <uri link="https://nvd.nist.gov/vuln/detail/CVE-2017-3731">CVE-2017-3731</uri>
    <uri link="javascript:alert(1)">Click</uri>
  </references>
</glsa>
`;

function nvdItem(
  id: string,
  description: string,
  { cpe, before, score = null }: { cpe?: string; before?: string; score?: number | null } = {},
) {
  const range = before === undefined ? {} : { versionEndExcluding: before };
  const vector = 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
  return {
    cve: {
      data_type: 'CVE',
      data_version: '4.0',
      CVE_data_meta: { ID: id, ASSIGNER: 'cve@example.org' },
      problemtype: { problemtype_data: [{ description: [{ lang: 'en', value: 'CWE-125' }] }] },
      references: {
        reference_data: [
          { url: 'https://example.org/"onmouseover="alert(1)', name: HOSTILE, tags: ['Patch'] },
        ],
      },
      description: { description_data: [{ lang: 'en', value: description }] },
    },
    configurations: {
      CVE_data_version: '4.0',
      nodes:
        cpe === undefined
          ? []
          : [
              {
                operator: 'OR',
                cpe_match: [{ vulnerable: true, cpe23Uri: `cpe:2.3:a:${cpe}:*:*:*:*:*:*:*:*`, ...range }],
              },
            ],
    },
    impact:
      score === null
        ? {}
        : {
            baseMetricV3: {
              cvssV3: {
                version: '3.0',
                vectorString: vector,
                baseScore: score,
                baseSeverity: score >= 9 ? 'CRITICAL' : 'HIGH',
              },
            },
          },
    publishedDate: '2017-01-26T10:00Z',
    lastModifiedDate: '2017-02-01T10:00Z',
  };
}

const NVD_ITEMS: unknown[] = [
  nvdItem('CVE-2017-3731', `A truncated packet makes OpenSSL read out of bounds. ${HOSTILE}`, {
    cpe: 'openssl:openssl',
    before: '1.0.2k',
    score: 9.1,
  }),
  nvdItem('CVE-2017-90001', 'frobd frobs too much.', { cpe: 'frob:frobd', before: '2.1', score: 7.5 }),
  nvdItem('CVE-2017-90003', 'requests forgets whom it asked.', {
    cpe: 'python:requests',
    before: '2.14.0',
    score: 7.5,
  }),
  // Nobody announced it, and no channel has the software.
  nvdItem('CVE-2017-90010', 'A laundry service lets anybody wash.', { cpe: 'acme:laundry', score: 7.5 }),
  nvdItem('CVE-2017-90011', '** REJECT ** DO NOT USE THIS CANDIDATE NUMBER.'),
  // Without an id it is no record: into quarantine.
  { ...nvdItem('CVE-2017-90012', HOSTILE), cve: { CVE_data_meta: { ID: HOSTILE } } },
];

type Entry = Record<string, unknown>;

function entry(name: string, version: string, meta: Entry = {}): Entry {
  return { name: `${name}-${version}`, pname: name, version, system: 'x86_64-linux', meta };
}

async function importChannels(database: Database): Promise<void> {
  const common = {
    'haskellPackages.json': entry('haskell-json', '0.9.1'),
    haskellPackages: entry('haskell-packages', '1'),
    [`evil${HOSTILE}`]: entry('evil', '1.0', { description: HOSTILE, homepage: 'javascript:alert(1)' }),
    frobd: entry('frobd', '2.0', { description: HOSTILE }),
  };
  const openssl = (version: string) =>
    entry('openssl', version, {
      description: 'A cryptographic library',
      position: 'pkgs/development/libraries/openssl/default.nix:10',
      maintainers: [{ name: HOSTILE, github: 'a/../b"', email: 'someone@example.org' }],
    });
  const sets: [string, string, Record<string, Entry>][] = [
    [
      'nixos-16.09',
      '2017-02-20',
      { ...common, openssl: openssl('1.0.2j'), openssl_1_0_2: openssl('1.0.2j') },
    ],
    ['nixos-unstable', '2017-02-25', { ...common, openssl: openssl('1.0.2k') }],
  ];
  for (const [channel, date, packages] of sets)
    await importRevision(database, {
      channel,
      commit: Buffer.from(channel).toString('hex').padEnd(40, '0').slice(0, 40),
      committedAt: new Date(date),
      set: parsePackageSet(Buffer.from(JSON.stringify(packages))),
    });
  const by = { actor: 'sample', cause: 'sample' };
  await defineChannel(database, 'nixos-16.03', { lifecycle: 'end_of_life', endOfLife: '2016-10-31' }, by);
}
