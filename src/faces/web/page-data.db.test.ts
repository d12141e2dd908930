import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { asList, renderMarkdown, roundupList, roundupView } from '#domain/roundup';
import { sendChanges } from '#faces/editing';
import { testDatabase } from '../../../test/database.ts';
import { suggest } from '../../../test/suggestions.ts';
import { structureOf } from './page-structure.ts';
import { HOSTILE, seedMany, seedSample } from './sample-database.ts';
import { appOn, assertGuarded, CONFIG, parsed, sampleApp } from './testing-app.ts';

const { sample, get, textOf, jsonOf } = sampleApp(testDatabase);

describe('the roundup', () => {
  test('is the very object of the room as JSON, and its markdown as markdown', async () => {
    const view = await roundupView(sample.database.queries, CONFIG.team, 1);
    const asked = { team: CONFIG.team, number: 1, today: new Date().toISOString().slice(0, 10) };
    const { read } = await roundupList(sample.database, asked);
    assert.deepEqual(read?.list, asList(view));
    assert.equal((await roundupList(sample.database, { ...asked, number: 99 })).read, null);
    assert.ok(view.lines >= 2, 'the sample opens a roundup with lines');
    const { decisions, ...data } = await jsonOf('/roundups/1.json');
    assert.deepEqual(data, JSON.parse(JSON.stringify(view)));
    assert.deepEqual(decisions, { boxes: [], claims: [] });
    const markdown = await get('/roundups/1.md');
    assert.equal(await markdown.text(), renderMarkdown(view));
    assert.equal(markdown.headers.get('content-type'), 'text/markdown; charset=utf-8');
    assertGuarded(markdown, '.md');
    const again = await get('/roundups/1.md', {
      headers: { 'If-None-Match': markdown.headers.get('etag') ?? '' },
    });
    assert.equal(again.status, 304);
  });

  test('stands in the bar of every page with what is done', async () => {
    assert.match(structureOf(await textOf('/sources')).text, /Roundup 1 1 of \d/);
  });
});

describe('the issue', () => {
  test('shows what others did, where we stand and why', async () => {
    const { text } = structureOf(await textOf(`/issues/${sample.ids.issue}`));
    assert.match(text, /DSA-3773-1.*2017-01-27first.*1\.0\.1t-1\+deb8u6/s);
    assert.match(text, /GLSA-201702-07.*18 days/s);
    assert.match(text, /affected1\.0\.2j/);
    const data = await jsonOf(`/issues/${sample.ids.issue}.json`);
    assert.equal(data.severityBy, 'NVD');
    assert.deepEqual(data.roundups, [1]);
    assert.equal(data.advisories[0].patches[0].url.slice(0, 34), 'https://github.com/openssl/openssl');
    assert.ok(data.reports.length >= 2 && data.reports.every(({ why }: { why: string[] }) => why.length > 0));
  });

  test('lists the threads that name its vulnerabilities or are attached to it, also by an id it was merged from', async () => {
    await using database = await testDatabase();
    const ids = await seedSample(database);
    const app = appOn(database);
    const threads = async (issue: string) =>
      (await parsed(await app.request(`/issues/${issue}.json`))).threads as {
        total: number;
        shown: Record<string, unknown>[];
      };
    const { total, shown } = await threads(ids.issue);
    assert.equal(total, 1);
    const [thread] = shown;
    assert.deepEqual(
      [thread?.state, thread?.names, thread?.messages, thread?.lastAt],
      ['waiting', ['CVE-2017-3731'], 1, '2017-01-26T14:00:00.000Z'],
    );
    assert.deepEqual(await threads(ids.mergedInto), { total: 0, shown: [] });
    // As it stands where it was attached before the issues became one.
    const value = { as: 'attached', issue: ids.merged, knew: 99 };
    await sql`update thread set decision = ${JSON.stringify(value)}::jsonb, decided_at = now(), decided_by = 'sample',
      issue = ${ids.merged}`.execute(database.queries);
    assert.deepEqual(
      (await threads(ids.mergedInto)).shown.map(({ state, names }) => [state, names]),
      [['attached', []]],
    );
    assert.deepEqual(
      (await threads(ids.issue)).shown.map(({ state, elsewhere }) => [state, elsewhere]),
      [['elsewhere', ids.merged]],
    );
    const { text } = structureOf(await (await app.request(`/issues/${ids.issue}`)).text());
    assert.match(text, /On mailing lists.*openssl: <script>.*oss-security 1 message.*belongs to NSI/s);
  });

  test('never says absent of a channel that was never read', async () => {
    const { packages } = await jsonOf(`/issues/${sample.ids.issue}.json`);
    assert.deepEqual(
      packages[0].cells.map(({ channel, verdict }: Record<string, string>) => [channel, verdict]),
      [
        ['nixos-16.03', 'unknown'],
        ['nixos-16.09', 'affected'],
        ['nixos-unstable', 'unknown'],
      ],
    );
    for (const path of ['/issues.json', '/packages/openssl.json']) {
      const data = await jsonOf(path);
      const rows = data.rows ?? data.suggestions;
      for (const { cells } of rows)
        for (const cell of cells)
          if (cell.channel === 'nixos-16.03') assert.equal(cell.verdict, 'unknown', path);
    }
  });

  test('says what became part of it, if it truly did', async () => {
    const note = `${sample.ids.merged} became part of this issue.`;
    assert.ok((await textOf(`/issues/${sample.ids.mergedInto}?merged=${sample.ids.merged}`)).includes(note));
    assert.ok(
      !(await textOf(`/issues/${sample.ids.issue}?merged=${sample.ids.merged}`)).includes('became part'),
    );
    assert.ok(!(await textOf(`/issues/${sample.ids.issue}?merged=NSI-2017-9999`)).includes('became part'));
    const moved = await get(`/issues/${sample.ids.merged}`);
    assert.match(await moved.text(), new RegExp(`It became part of .*${sample.ids.mergedInto}`));
  });

  test('says that it has ended', async () => {
    assert.match(
      await textOf(`/issues/${sample.ids.ended}`),
      /last report was taken back on \d{4}-\d\d-\d\d/,
    );
    const listed = await jsonOf('/issues.json');
    assert.ok(
      !listed.rows.some(
        ({ issue }: { issue: string }) => issue === sample.ids.ended || issue === sample.ids.merged,
      ),
    );
  });
});

describe('lists and counts', () => {
  test('home counts what the channels show', async () => {
    const home = await jsonOf('/index.json');
    const channel = await jsonOf('/channels/nixos-16.09.json');
    const row = home.channels.find(
      ({ channel: head }: { channel: { name: string } }) => head.name === 'nixos-16.09',
    );
    assert.deepEqual(row.affected, channel.counts.affected);
    const shown = Object.values<number>(channel.counts.affected).concat(
      Object.values<number>(channel.counts.unknown),
    );
    assert.equal(
      channel.suggestions.total,
      shown.reduce((a, b) => a + b, 0),
    );
    assert.equal(channel.suggestions.rows[0].severity, 'critical');
    assert.deepEqual(
      home.burning.map(({ issue, channels }: { issue: string; channels: string[] }) => [issue, channels]),
      [[sample.ids.issue, ['nixos-16.09']]],
    );
    assert.equal(home.roundup.completed, 1);
    assert.deepEqual(
      home.waiting.find(({ label }: { label: string }) => label.includes('quarantine')).count,
      1,
    );
  });

  test('an issue that was merged or has ended is counted nowhere', async () => {
    const { channels } = await jsonOf('/channels.json');
    for (const { channel, affected, unknown } of channels) {
      const { suggestions } = await jsonOf(`/channels/${channel.name}.json`);
      const open = suggestions.rows.map(({ issue }: { issue: string }) => issue);
      assert.ok(!open.includes(sample.ids.merged) && !open.includes(sample.ids.ended));
      const total = Object.values<number>(affected).reduce((a, b) => a + b, 0) + unknown;
      assert.equal(total, open.length, channel.name);
    }
  });

  test('a package shows what concerns the one that stands for it', async () => {
    for (const attr of ['openssl', 'openssl_1_0_2']) {
      const { suggestions } = await jsonOf(`/packages/${attr}.json`);
      assert.deepEqual(
        suggestions.map(({ title }: { title: string }) => title.split(':')[0]),
        ['openssl'],
        attr,
      );
      const cell = suggestions[0].cells.find(({ channel }: { channel: string }) => channel === 'nixos-16.09');
      assert.equal(cell.verdict, 'affected', attr);
    }
  });

  test('a package shows no mail address, and no link that runs something', async () => {
    for (const path of ['/packages/openssl', '/packages/openssl.json'])
      assert.doesNotMatch(await textOf(path), /someone@example\.org/);
    const evil = await textOf(`/packages/${encodeURIComponent(`evil${HOSTILE}`)}`);
    assert.doesNotMatch(evil, /href="javascript:/);
  });

  test('what lies past the last page is the last page', async () => {
    const { page, pages, rows } = await jsonOf('/issues.json?page=999999');
    assert.deepEqual([page, pages], [1, 1]);
    assert.ok(rows.length > 0);
  });
});

describe('are we hit?', () => {
  const answers = async (id: string) => {
    const { channels } = await jsonOf(`/${id}.json`);
    return Object.fromEntries(
      channels.map(({ channel, answer }: { channel: { name: string }; answer: string }) => [
        channel.name,
        answer,
      ]),
    );
  };

  test('is answered for each channel by the one vulnerability, not by its whole issue', async () => {
    assert.deepEqual(await answers('CVE-2017-3731'), {
      'nixos-16.03': 'no_packages',
      'nixos-16.09': 'affected',
      'nixos-unstable': 'not_affected',
    });
    assert.deepEqual(await answers('CVE-2016-7056'), {
      'nixos-16.03': 'no_packages',
      'nixos-16.09': 'unknown',
      'nixos-unstable': 'unknown',
    });
  });

  test('is never answered by silence', async () => {
    assert.match(await textOf('/CVE-2017-3731'), /It looks so: nixos-16\.09\./);
    assert.match(await textOf('/CVE-2017-90010'), /Nobody has looked yet/);
    assert.equal((await answers('CVE-2017-90010'))['nixos-16.09'], 'no_issue');
    assert.equal((await answers('CVE-2017-90003'))['nixos-16.09'], 'absent');
    assert.match(await textOf('/CVE-2017-90011'), /The number was withdrawn/);
    assert.match(await textOf('/CVE-2031-99999'), /never heard of it/);
    assert.equal((await answers('CVE-2031-99999'))['nixos-unstable'], 'unheard');
  });

  test('by what people said, where they did, whatever the matcher sees', async () => {
    await using database = await testDatabase();
    const { issue } = await seedSample(database);
    const value = { status: 'fixed', fixedIn: '1.0.2k' };
    const change = { kind: 'status', id: `${issue}/openssl/nixos-16.09`, field: 'value', value, saw: 0 };
    const actor = { id: 'person:1', role: 'triager' as const, account: 1 };
    const rules = { secondOpinion: false };
    const answer = await sendChanges(database, actor, { changes: [change] }, { rules });
    assert.equal(answer.outcome, 'accepted', JSON.stringify(answer));
    const app = appOn(database);
    const { channels } = await parsed(await app.request('/CVE-2017-3731.json'));
    assert.deepEqual(
      channels.map(({ answer: one }: { answer: string }) => one),
      ['no_packages', 'fixed', 'not_affected'],
    );
    const { text } = structureOf(await (await app.request('/CVE-2017-3731')).text());
    assert.match(text, /It was, and is fixed: nixos-16\.09/);
    assert.match(text, /fixed in 1\.0\.2k/);
  });

  test('names the issues', async () => {
    const { issues } = await jsonOf('/CVE-2017-3731.json');
    assert.deepEqual(
      issues.map(({ id }: { id: string }) => id),
      [sample.ids.issue],
    );
  });
});

describe('raw documents', () => {
  test('come as they were, as a file of plain text without an origin', async () => {
    const response = await get('/reports/gentoo/GLSA-201702-07/raw');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(
      response.headers.get('content-disposition'),
      'attachment; filename="gentoo-GLSA-201702-07.txt"',
    );
    assert.equal(
      response.headers.get('content-security-policy'),
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    );
    const text = await response.text();
    assert.ok(text.startsWith('<?xml'));
    const { raw } = await jsonOf('/reports/gentoo/GLSA-201702-07.json');
    assert.equal(raw.bytes, Buffer.byteLength(text));
  });

  test('keys may have any sign in them', async () => {
    const key = `a/b:c%2F..?#é "'<>;\u2028`;
    await sample.database.pool.query('update report set key = $1 where key = $2', [key, 'DSA-3773-1']);
    try {
      const path = `/reports/debian/${encodeURIComponent(key)}`;
      const data = await jsonOf(`${path}.json`);
      assert.equal(data.id, key);
      assert.equal(data.raw.href, `${path}/raw`);
      const response = await get(data.raw.href);
      assert.equal(response.status, 200);
      assert.match(
        response.headers.get('content-disposition') ?? '',
        /^attachment; filename="[A-Za-z0-9._-]+\.txt"$/,
      );
      assert.match(await response.text(), /DSA-3773-1/);
      assert.ok((await textOf('/CVE-2017-3731')).includes(`href="${path.replaceAll("'", '&#39;')}"`));
    } finally {
      await sample.database.pool.query('update report set key = $1 where key = $2', ['DSA-3773-1', key]);
    }
  });

  test('also of what stands in quarantine', async () => {
    const { quarantine } = await jsonOf('/sources.json');
    assert.equal(quarantine.total, 1);
    const response = await get(quarantine.rows[0].raw);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-disposition') ?? '', /^attachment;/);
    assert.ok((await response.text()).includes('script'));
  });
});

describe('how much a page asks the database', () => {
  test('the number of queries does not grow with the page', async () => {
    for (const [path, most] of [
      ['/', 12],
      ['/roundups/1', 16],
      [`/issues/${sample.ids.issue}`, 26],
      ['/issues', 8],
      ['/channels/nixos-16.09', 10],
      ['/packages/openssl', 12],
      ['/CVE-2017-3731', 16],
    ] as const) {
      const count = await countQueries(() => get(path));
      assert.ok(count <= most, `${path} asks ${count} times`);
    }
  });
});

test('a roundup of a hundred lines asks no more often than one of two', async () => {
  await using many = await testDatabase();
  await seedMany(many, 100);
  const long = appOn(many);
  let lines = 0;
  const count = await countQueries(async () => {
    const response = await long.request('/roundups/1.json');
    ({ lines } = await parsed(response));
    return response;
  });
  assert.equal(lines, 100);
  assert.ok(count <= 14, `${count} queries`);
  const page = await countQueries(() => long.request('/roundups/1'));
  assert.ok(page <= 16, `${page} queries with the frame, which a warm server keeps in part`);
});

test('a package with hundreds of issues shows a hundred, and each of them once from link to link', async () => {
  await using many = await testDatabase();
  await seedMany(many, 130);
  const { rows } = await many.pool.query<{ id: string }>('select id from issue order by id');
  await suggest(
    many,
    rows.map(({ id }) => ({
      ...{ issue: id, attr: 'project0000' },
      cells: [{ channel: 'nixos-16.09', version: '1.0', verdict: 'unknown' as const }],
    })),
  );
  const long = appOn(many);
  const path = '/packages/project0000';
  const first = await parsed(await long.request(`${path}.json`));
  assert.deepEqual([first.suggestions.length, first.total, first.after], [100, 130, null]);
  const second = await parsed(await long.request(`${path}.json?after=${first.next}`));
  assert.deepEqual([second.suggestions.length, second.total, second.next], [30, 130, null]);
  const seen = [...first.suggestions, ...second.suggestions].map(({ issue }: { issue: string }) => issue);
  assert.deepEqual(
    seen.toSorted(),
    rows.map(({ id }) => id),
  );
  const html = await (await long.request(path)).text();
  assert.ok(html.includes(`href="${path}?after=${first.next}#suggestions"`));
  // It goes on behind an issue that concerns another package alone, too.
  await many.pool.query(`update suggestion set state = 'stale' where attr = 'project0000' and issue = $1`, [
    first.next,
  ]);
  const later = await parsed(await long.request(`${path}.json?after=${first.next}`));
  assert.deepEqual(later.suggestions, second.suggestions);
  assert.equal((await long.request(`${path}?after=x`)).status, 400);
});

test('a package with hundreds of issues: the API tells them in parts in the order of the page, its feed the latest', async () => {
  await using many = await testDatabase();
  await seedMany(many, 130);
  const { rows } = await many.pool.query<{ id: string }>('select id from issue order by id');
  const cells = [{ channel: 'nixos-16.09', version: '1.0', verdict: 'unknown' as const }];
  await suggest(
    many,
    rows.map(({ id: issue }) => ({ issue, attr: 'project0000', cells })),
  );
  const long = appOn(many);
  const page = await parsed(await long.request('/packages/project0000.json'));
  const address = '/api/v1/packages/project0000?limit=100';
  const first = await parsed(await long.request(address));
  const issuesOf = ({ suggestions }: { suggestions: { issue: string }[] }) => [
    ...new Set(suggestions.map(({ issue }) => issue)),
  ];
  assert.deepEqual([issuesOf(first).length, first.total], [100, 130]);
  assert.deepEqual(issuesOf(first).toSorted(), issuesOf(page).toSorted());
  const second = await parsed(await long.request(`${address}&cursor=${first.next}`));
  assert.deepEqual([issuesOf(second).length, second.total, second.next], [30, 130, null]);
  assert.equal(new Set([...issuesOf(first), ...issuesOf(second)]).size, 130);
  assert.equal((await long.request(`${address}&cursor=x`)).status, 400);
  const text = await (await long.request('/feeds/packages/project0000')).text();
  assert.equal(text.match(/<entry>/g)?.length, 50);
});

async function countQueries(work: () => Response | Promise<Response>): Promise<number> {
  const { query } = pg.Client.prototype;
  let count = 0;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    count += 1;
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return count;
}
