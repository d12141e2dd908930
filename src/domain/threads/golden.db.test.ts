import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { eventsOf } from '#base/db';
import { submit } from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { ADA, made, OPTIONS, withPeople } from '../../../test/people.ts';
import { knownLists } from './lists.ts';
import { mboxAt } from './mailboxes.ts';
import { findThreads, type Thread, threadById } from './store-reading.ts';
import { syncMailbox } from './sync-mail.ts';
import { takeInMails } from './testing-threads.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data/feeds/mail/oss-security');
const skip = (() => {
  try {
    readdirSync(DATA);
    return false;
  } catch {
    return `no ${DATA}`;
  }
})();
const raw = (name: string) => readFileSync(join(DATA, `${name}.eml`));

function about({ messages, signature, facts }: Thread) {
  const of = (kind: string) => facts.filter((fact) => fact.kind === kind);
  return {
    messages,
    signature,
    cves: of('cve').map(({ value }) => value),
    products: of('product').map(({ value }) => value),
    patches: of('patch').map(({ value, label }) => label ?? value),
    advisories: of('advisory').map(({ value }) => value),
  };
}

const none = { messages: 1, signature: null, cves: [], products: [], patches: [], advisories: [] };
const httpd = (cve: string, patches: string[]) => ({ ...none, cves: [cve], products: ['apache2'], patches });
const APACHE = 'https://www.apache.org/dist/httpd/patches/apply_to_2.2.32';

/** By the day and the first words of their subjects. */
const EXPECTED: Record<string, object> = {
  'CVE Request: Linux: net: out-of-bounds': {
    ...none,
    messages: 2,
    signature: 'unknown_key',
    cves: ['CVE-2016-9755'],
    products: ['linux'],
  },
  'gstreamer multiple issues': {
    ...none,
    products: ['gst-plugins-bad', 'gst-plugins-base', 'gst-plugins-good', 'gstreamer'],
  },
  'FW: [DSA 3775-1] tcpdump security update': {
    ...none,
    signature: 'unknown_key',
    cves: 41,
    products: ['tcpdump'],
    advisories: ['DSA-3775-1'],
  },
  'CVE-2017-3167': httpd('CVE-2017-3167', [`${APACHE}/CVE-2017-3167.patch`]),
  'CVE-2017-3169': httpd('CVE-2017-3169', [`${APACHE}/CVE-2017-3169.patch`]),
  'CVE-2017-7659': httpd('CVE-2017-7659', []),
  'CVE-2017-7668': httpd('CVE-2017-7668', [`${APACHE}/CVE-2017-7668.patch`]),
  'CVE-2017-7679': httpd('CVE-2017-7679', [`${APACHE}/CVE-2017-7679.patch`]),
  'Qualys Security Advisory - The Stack Clash': { ...none, messages: 5 },
  'CVE-2017-15299': { ...none, cves: ['CVE-2017-15299'], products: ['linux'] },
  'Xen Security Advisory 253': {
    ...none,
    signature: 'unknown_key',
    products: ['xen'],
    patches: ['xsa253.patch'],
  },
};

describe('the sixteen messages of oss-security', { skip }, () => {
  test('become eleven items: a thread for each, with what it speaks of', async () => {
    await using database = await testDatabase();
    const options = { lists: knownLists() };
    const done = await syncMailbox(database, mboxAt(join(DATA, 'all.mboxrd')), options);
    assert.deepEqual([done.stored, done.threads, done.quarantined, done.foreign], [16, 11, 0, 0]);
    const found = await findThreads(database.queries, { limit: 100 });
    assert.equal(found.length, 11);
    for (const [begins, expected] of Object.entries(EXPECTED)) {
      const [thread, second] = found.filter(({ subject }) =>
        subject?.replace(/^(?:\[oss-security\] |Re: )*/, '').startsWith(begins),
      );
      assert.ok(thread !== undefined && second === undefined, begins);
      const { cves, ...rest } = about(thread);
      const { cves: wanted, ...others } = expected as { cves: string[] | number };
      assert.deepEqual(rest, others, begins);
      assert.deepEqual(typeof wanted === 'number' ? cves.length : cves, wanted, begins);
    }
    // The mailbox of each of its readers is another file, and says nothing new.
    const again = await syncMailbox(database, mboxAt(join(DATA, 'all.mboxrd')), options);
    assert.deepEqual([again.stored, again.unchanged], [0, 16]);
    const single = await takeInMails(
      database,
      readdirSync(DATA)
        .filter((name) => name.endsWith('.eml'))
        .map((name) => readFileSync(join(DATA, name))),
    );
    assert.deepEqual([single.stored, single.unchanged], [0, 16]);
  });

  test('request and reply are one item, which gains its CVE and comes back', async () => {
    await using database = await withPeople();
    await takeInMails(database, [raw('2016-12-01-cve-request-ipv6')]);
    const [request] = await findThreads(database.queries, { limit: 10 });
    assert.ok(request !== undefined);
    assert.deepEqual(about(request), { ...none, products: ['linux'] });
    const value = { as: 'dismissed', reason: 'talk', knew: request.factsVersion };
    const change = { kind: 'thread', id: String(request.id), field: 'decision', value, saw: 0 };
    await made(submit(database, ADA, { changes: [change] }, OPTIONS));
    assert.deepEqual(await findThreads(database.queries, { limit: 10 }), []);

    const done = await takeInMails(database, [raw('2016-12-01-mitre-assigns-CVE-2016-9755')]);
    assert.deepEqual([done.threads, done.reopened], [0, 1]);
    const [item, second] = await findThreads(database.queries, { state: 'reopened', limit: 10 });
    assert.ok(item !== undefined && second === undefined);
    assert.equal(item.id, request.id);
    const added = item.facts.filter(({ since }) => since > request.factsVersion);
    assert.deepEqual(
      added.map(({ kind, value: fact }) => [kind, fact]),
      [['cve', 'CVE-2016-9755']],
    );
    assert.deepEqual(item.decision, value, 'what was decided is not undone');
    const event = (await eventsOf(database.queries, 'thread', String(item.id))).at(-1);
    assert.deepEqual(
      [event?.type, event?.payload],
      ['thread.reopened', { added: [{ kind: 'cve', value: 'CVE-2016-9755', label: null }] }],
    );
  });

  test('a reply that says nothing new leaves what was decided', async () => {
    await using database = await withPeople();
    const name = (part: string) => raw(`2017-06-19-stackclash-${part}`);
    await takeInMails(database, [name('1-micay')]);
    const [thread] = await findThreads(database.queries, { limit: 10 });
    const value = { as: 'attached', issue: 'NSI-2017-0001', knew: thread?.factsVersion ?? 0 };
    const change = { kind: 'thread', id: String(thread?.id), field: 'decision', value, saw: 0 };
    await made(submit(database, ADA, { changes: [change] }, OPTIONS));
    const rest = ['5-law', '4-micay', '3-law-broken-thread', '2-meissner'].map(name);
    const done = await takeInMails(database, rest);
    assert.deepEqual([done.stored, done.reopened], [4, 0]);
    const after = await threadById(database.queries, thread?.id ?? 0);
    assert.deepEqual([after?.messages, after?.waits, after?.issue], [5, false, 'NSI-2017-0001']);
  });
});
