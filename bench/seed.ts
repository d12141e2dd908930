import { createHash, randomBytes } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import type { Database } from '#base/db';
import { MusterError } from '#base/errors';
import { canonicalJson } from '#base/formats';
import { refreshCards } from '#domain/issues';
import { rewriteQueue } from '#domain/matching';

/** How much of everything; at full size what a team has after some years. */
export interface SeedSize {
  vulnerabilities: number;
  issues: number;
  channels: number;
  packages: number;
  statuses: number;
  people: number;
}

/** A hundredth of it, for a look and for tests. */
export const SMALL_SIZE: SeedSize = {
  vulnerabilities: 4_000,
  issues: 600,
  channels: 6,
  packages: 1_000,
  statuses: 10_000,
  people: 50,
};

export const FULL_SIZE: SeedSize = {
  vulnerabilities: 400_000,
  issues: 60_000,
  channels: 6,
  packages: 100_000,
  statuses: 1_000_000,
  people: 50,
};

export interface Seeded extends SeedSize {
  reports: number;
  suggestions: number;
  events: number;
  comments: number;
  /** The issue in the middle by number of statuses and reports, and one at the 99th percentile (≥ 12 reports, 4 packages × all channels, ≥ 40 events). */
  medianIssue: string;
  largeIssue: string;
  seconds: number;
}

const CHANNELS = [
  'nixos-16.03',
  'nixos-16.09',
  'nixos-17.03',
  'nixos-17.09',
  'nixos-18.03',
  'nixos-unstable',
];
const ROUNDUPS = 22;
const LIFECYCLES = ['end_of_life', 'end_of_life', 'deprecated', 'supported', 'supported', 'development'];

/**
 * Fills a fresh database with made-up data of a given size: the shapes are those of the real ones (most issues small, one in
 * a hundred large), the words are nobody's. The same size gives the same data.
 */
export async function seed(
  database: Database,
  size: SeedSize,
  progress: (words: string) => void = () => {},
): Promise<Seeded> {
  const started = performance.now();
  const { rows } = await database.pool.query<{ reports: number }>('select count(*) as reports from report');
  if ((rows[0]?.reports ?? 0) > 0)
    throw new MusterError('USAGE', 'a seed needs an empty database: name a new folder with --data');
  const step = async (words: string, statement: string, values: unknown[] = []) => {
    progress(words);
    await database.pool.query(statement, values);
  };
  await fillChannels(step, size);
  await fillReports(step, size);
  await fillIssues(step, size);
  await fillMatching(step, size);
  await fillPeople(step, size);
  const events = await fillDecisions(database, step, size, progress);
  await fillRoundup(step);
  progress('statistics');
  await database.pool.query('analyze');
  progress('the queue');
  await rewriteQueue(database);
  await refreshCards(database, { onStep: (made) => progress(`${made} cards`) });
  await database.pool.query('analyze issue_card, issue_boxes, queue_entry');
  return {
    ...size,
    ...(await counts(database)),
    events,
    ...(await examples(database)),
    seconds: Math.round(performance.now() - started) / 1000,
  };
}

/** What a seeded database offers to look at. @throws MusterError NOT_FOUND where it is not seeded */
export async function seeded(
  database: Database,
): Promise<{ medianIssue: string; largeIssue: string; roundup: number }> {
  const { rows } = await database.pool.query<{ seeds: number }>(
    `select count(*) as seeds from report where path = 'seed'`,
  );
  if ((rows[0]?.seeds ?? 0) === 0)
    throw new MusterError('NOT_FOUND', 'this database is not seeded: ./muster bench seed --data DIR');
  return { ...(await examples(database)), roundup: ROUNDUPS };
}

/** Id of issue number `i`: at least four digits. */
const ISSUE_ID = `'NSI-' || (2010 + i % 9) || '-' || lpad(i::text, greatest(4, length(i::text)), '0')`;

type Step = (words: string, statement: string, values?: unknown[]) => Promise<void>;

async function fillChannels(step: Step, { channels, packages }: SeedSize): Promise<void> {
  const names = CHANNELS.slice(-channels);
  const cycles = LIFECYCLES.slice(-channels);
  await step(
    'channels',
    `insert into channel (name, lifecycle, released, end_of_life)
     select n, c, date '2016-03-31' + (o * 182)::int, date '2016-10-31' + (o * 182)::int
     from unnest($1::text[], $2::text[]) with ordinality as x(n, c, o)`,
    [names, cycles],
  );
  await step(
    'revisions',
    `insert into revision (channel, commit, committed_at, packages, content_hash, patches_known)
     select name, encode(sha256((name || r)::bytea), 'hex'), timestamptz '2018-06-01' - (r || ' days')::interval, $1,
       sha256((name || r)::bytea), true
     from channel, generate_series(0, 90, 7) r`,
    [packages],
  );
  await step(
    'packages',
    `insert into package_fact (hash, attr, name, pname, version, description, position, patches, maintainers)
     select sha256(('p' || p || 'v' || v)::bytea), 'package-' || p, 'package-' || p || '-' || v || '.' || p % 10, 'package-' || p,
       v || '.' || p % 10, 'A program that does thing number ' || p, 'pkgs/by-name/' || p || '/package.nix',
       case when p % 50 = 0 then array['CVE-2017-' || (10000 + p) || '.patch'] else '{}' end,
       case when p % 3 = 0 then '[]'::jsonb
         else jsonb_build_array(jsonb_build_object('name', 'Maintainer ' || p % 1500, 'github', 'maintainer' || p % 1500)) end
     from generate_series(1, $1::int) p, generate_series(1, 2) v`,
    [packages],
  );
  await step(
    'package sets',
    `insert into package_period (channel, attr, fact, since, until)
     select c.name, 'package-' || p, sha256(('p' || p || 'v' || case when p % 7 < c.o then 2 else 1 end)::bytea),
       timestamptz '2016-01-01', null
     from generate_series(1, $1::int) p, (select name, row_number() over (order by name) as o from channel) c`,
    [packages],
  );
  await step(
    'package names',
    `insert into package_name (attr, pname) select 'package-' || p, 'package-' || p from generate_series(1, $1::int) p`,
    [packages],
  );
}

/** An issue's weight: one in a hundred is large. Its reports, packages and flaws follow from it. */
const SHAPE = `(select i, case when i % 100 = 0 then 12 + i % 700 / 100 else 1 + i % 7 end as advisories,
  case when i % 100 = 0 then 4 else 1 + i % 4 end as packages from generate_series(1, $1::int) i)`;

async function fillReports(step: Step, { vulnerabilities, issues }: SeedSize): Promise<void> {
  const raw = Buffer.from('{"made":"up"}');
  await step('raw bytes', `insert into raw_pack (directory, bytes) values ($1, $2)`, [
    Buffer.alloc(40),
    brotliCompressSync(raw),
  ]);
  await step(
    'vulnerabilities',
    `insert into vulnerability (id, canonical, title, description, published, severity, score, weaknesses, flaw)
     select id, id, 'Flaw ' || v, 'The program of number ' || v || ' handles a length wrongly, so that a crafted file makes it crash.',
       timestamptz '2010-01-01' + (v % 3000 || ' days')::interval, (array['low','medium','high','critical'])[1 + v % 4],
       1 + v % 90 / 10.0, array['CWE-' || (20 + v % 700)], 'buffer overflow'
     from (select v, 'CVE-' || (2010 + v % 9) || '-' || (10000 + v) as id from generate_series(1, $1::int) v) x`,
    [vulnerabilities],
  );
  await step(
    'records',
    `insert into report (source, key, document, format, kind, raw, pack, parser_version, title, published, url, vulnerabilities,
       path, changed, links)
     select 'cve', id, id, 'cve-5', 'record', '\\x00', 1, 1, title, published, 'https://cve.example/' || id, array[id], 'seed', 1,
       '[]'::json
     from vulnerability order by id`,
  );
  await step(
    'advisories',
    `insert into report (source, key, document, format, kind, raw, pack, parser_version, title, published, url, vulnerabilities,
       path, changed, links)
     select (array['debian','ubuntu','gentoo','redhat'])[1 + a % 4], 'ADV-' || i || '-' || a, 'a', 'seed', 'advisory', '\\x00', 1, 1,
       'package-' || i || ' security update', timestamptz '2010-01-01' + (i % 3000 + a || ' days')::interval,
       'https://advisories.example/ADV-' || i || '-' || a, array['CVE-' || (2010 + i % 9) || '-' || (10000 + i)], 'seed', 1,
       json_build_array('phttps://git.example/package-' || i || '/commit/' || substr(md5(i::text || a % 2), 1, 12), 'whttps://news.example/' || i)
     from ${SHAPE} s, generate_series(1, s.advisories) a`,
    [issues],
  );
  await step(
    'fixed versions',
    `insert into report_affected (report, ecosystem, name, release, status, fixed)
     select id, source, 'package-' || split_part(key, '-', 2), 'stable', 'fixed', '1.' || id % 10 || '-2'
     from report where kind = 'advisory'`,
  );
  await step(
    'which report names what',
    `insert into report_vulnerability (vulnerability, report) select vulnerabilities[1], id from report`,
  );
}

async function fillIssues(step: Step, { vulnerabilities, issues }: SeedSize): Promise<void> {
  await step(
    'issues',
    `insert into issue (id, year, number, product, title, severity, opened, last_report)
     select ${ISSUE_ID}, 2010 + i % 9, i, 'package-' || i,
       'package-' || i || ': denial of service', (array['low','medium','high','critical'])[1 + i % 4],
       timestamptz '2010-01-01' + (i % 3000 || ' days')::interval, timestamptz '2010-01-01' + (i % 3000 + 20 || ' days')::interval
     from generate_series(1, $1::int) i`,
    [issues],
  );
  await step(
    'atoms',
    `insert into issue_atom (product, vulnerability, issue)
     select 'package-' || i, 'CVE-' || (2010 + v % 9) || '-' || (10000 + v), ${ISSUE_ID}
     from (select v, 1 + (v - 1) % $2::int as i from generate_series(1, $1::int) v) x`,
    [vulnerabilities, issues],
  );
  await step(
    'memberships',
    `insert into issue_report (issue, report, published, coverage, why)
     select ${ISSUE_ID}, r.id, r.published, 'full', '{"rule":"opens"}'
     from (select id, published, split_part(key, '-', 2)::int as i from report where kind = 'advisory') r`,
  );
}

/** As the matcher stores it (migration 0005): why stands with the issue, suggestions and their channels name places in it. */
async function fillMatching(step: Step, { issues }: SeedSize): Promise<void> {
  await step(
    'suggestions',
    `insert into suggestion (issue, attr, pname, score, reasons, matcher_version, verdict, due_since)
     select ${ISSUE_ID}, 'package-' || (i + n * 7), 'package-' || (i + n * 7), 0.5 + n / 10.0, 0, 1, 'affected', clock_timestamp()
     from ${SHAPE} s, generate_series(0, s.packages - 1) n`,
    [issues],
  );
  await step(
    'verdicts',
    `insert into suggestion_channel (suggestion, channel, version, verdict, evidence)
     select s.id, c.name, '1.' || s.id % 10, (array['affected','not_affected','unknown'])[1 + (s.id + length(c.name)) % 3],
       (s.id + length(c.name)) % 3
     from suggestion s, channel c`,
  );
  await step(
    'evidence',
    `insert into issue_evidence (issue, evidence)
     select issue, json_build_object('reasons', '[[["name",0.5,"the name is the same"],["cpe",0.2,"so NVD calls it"]]]'::json,
       'vulnerabilities', json_build_array(min(vulnerability)), 'verdicts', '[["affected",[],[[0,"affected","1.2 < 1.3, CVE record"]]],
         ["not_affected",[],[[0,"not_affected","1.3 ≥ 1.3, where the affected versions end"]]],
         ["unknown",[],[[0,"unknown","no record names versions"]]]]'::json)
     from issue_atom group by issue`,
  );
  await step(
    'cells',
    `insert into issue_cells (issue, cells)
     select issue, json_build_array(attrs, versions, json_build_array(flaw || ': 1.2 < 1.3, CVE record',
         flaw || ': 1.3 ≥ 1.3, where the affected versions end', flaw || ': no record names versions'),
       json_agg(channel order by channel), json_agg(numbers order by channel))
     from (select a.issue, a.attrs, a.versions, a.flaw, c.channel,
         json_agg(n.number order by array_position(array['affected','unknown','not_affected'], c.verdict), s.attr, n.place) as numbers
       from (select s.issue, array_agg(distinct s.attr) as attrs, array_agg(distinct c.version) as versions,
             min(t.vulnerability) as flaw
           from suggestion s join issue_atom t on t.issue = s.issue join suggestion_channel c on c.suggestion = s.id
           group by s.issue) a
         join suggestion s on s.issue = a.issue join suggestion_channel c on c.suggestion = s.id,
         unnest(array[array_position(a.attrs, s.attr) - 1, array_position(a.versions, c.version) - 1,
           array_position(array['affected','unknown','not_affected'], c.verdict) - 1, c.evidence])
           with ordinality n(number, place)
       group by a.issue, a.attrs, a.versions, a.flaw, c.channel) of_channel
     group by issue, attrs, versions, flaw`,
  );
  await step(
    'the worst in each channel',
    `insert into issue_channel (issue, channel, verdict)
     select s.issue, c.channel, min(c.verdict) from suggestion s join suggestion_channel c on c.suggestion = s.id
     where c.verdict <> 'not_affected' group by 1, 2`,
  );
  await step(
    'what was matched',
    `insert into matched_issue (issue, due, names, digest, suggestions, to_look_at)
     select issue, false, array_agg(attr), 'seed', count(*), count(*) from suggestion group by issue`,
  );
}

async function fillPeople(step: Step, { people }: SeedSize): Promise<void> {
  await step(
    'people',
    `insert into account (handle, name, role) select 'person-' || p, 'Person ' || p,
       case when p = 1 then 'admin' when p % 5 = 0 then 'contributor' else 'triager' end from generate_series(1, $1::int) p`,
    [people],
  );
}

interface SeedEvent {
  entity: string;
  entity_id: string;
  type: string;
  actor: string;
  cause: string;
  payload: Record<string, unknown>;
}

/** Statuses, comments and fields, each with its entry in the history. */
async function fillDecisions(
  database: Database,
  step: Step,
  { issues, statuses, channels, people }: SeedSize,
  progress: (words: string) => void,
): Promise<number> {
  const words = ['affected', 'fixed', 'not_affected', 'under_investigation', 'fix_pending'];
  const names = CHANNELS.slice(-channels);
  const chain = new EventChain(database);
  let left = statuses;
  const rows: string[] = [];
  const flush = async () => {
    if (rows.length === 0) return;
    const json = `[${rows.join(',')}]`;
    rows.length = 0;
    await database.pool.query(
      `insert into issue_package (issue, package, version) select issue, package, min(version)
       from json_to_recordset($1::json) as r(issue text, package text, version bigint) group by 1, 2
       on conflict do nothing`,
      [json],
    );
    await database.pool.query(
      `insert into status (issue, package, channel, status, justification, version, changed_at, changed_by)
       select issue, package, channel, status, case when status = 'not_affected' then 'vulnerable_code_not_present' end, version,
         timestamptz '2018-01-01', actor
       from json_to_recordset($1::json) as r(issue text, package text, channel text, status text, version bigint, actor text)`,
      [json],
    );
  };
  for (let i = issues; i >= 1 && left > 0; i -= 1) {
    if (i % 5000 === 0) progress(`statuses, ${statuses - left} of ${statuses}`);
    const issue = `NSI-${2010 + (i % 9)}-${String(i).padStart(4, '0')}`;
    const count = i % 100 === 0 ? 4 : 1 + (i % 4);
    // The spare ones of a size go to packages beyond those that the matcher proposed.
    const spare = i % 2 === 0 ? 1 : 0;
    for (let n = 0; n < Math.min(4, count + spare) && left > 0; n += 1) {
      for (const [c, channel] of names.entries()) {
        const status = words[(i + n + c) % words.length] ?? 'affected';
        const name = `package-${i + n * 7}`;
        const actor = `person:${1 + (i % people)}`;
        const version = await chain.append({
          entity: 'issue',
          entity_id: issue,
          type: 'status.set',
          actor,
          cause: 'edit',
          payload: {
            kind: 'status',
            id: `${issue}/${name}/${channel}`,
            field: 'value',
            value: { status },
            was: 0,
            proposal: null,
          },
        });
        rows.push(JSON.stringify({ issue, package: name, channel, status, version, actor }));
        left -= 1;
        if (left === 0) break;
      }
    }
    const talk = i % 100 === 0 ? 16 : i % 3 === 0 ? 1 : 0;
    for (let n = 0; n < talk; n += 1)
      await chain.append({
        entity: 'issue',
        entity_id: issue,
        type: 'comment.made',
        actor: `person:${1 + ((i + n) % people)}`,
        cause: 'comment',
        payload: { comment: true },
      });
    if (rows.length >= 6000) await flush();
  }
  await flush();
  const events = await chain.end();
  await step(
    'comments',
    `insert into comment (issue, author, body, created_at, version)
     select entity_id, actor, 'I looked at it: the vulnerable part is **not** built in *' || entity_id || '*. See CVE-2017-3731.', at, id
     from event where type = 'comment.made'`,
  );
  return events;
}

/** Appends to the history as appendEvents does, thousands at a time. */
class EventChain {
  private readonly database: Database;
  private id = 0;
  private previous: Buffer = Buffer.alloc(32);
  private rows: string[] = [];

  constructor(database: Database) {
    this.database = database;
  }

  async append(event: SeedEvent): Promise<number> {
    this.id += 1;
    const { entity, entity_id, type, actor, cause } = event;
    const payload = canonicalJson(event.payload);
    const salt = randomBytes(16);
    const payloadHash = createHash('sha256').update(salt).update(payload).digest();
    const header = { id: this.id, at: '2018-01-01T00:00:00.000Z', entity, entity_id, type, actor, cause };
    const hash = createHash('sha256')
      .update(this.previous)
      .update(canonicalJson(header))
      .update(payloadHash)
      .digest();
    const hex = (bytes: Buffer) => `\\x${bytes.toString('hex')}`;
    this.rows.push(
      JSON.stringify({
        ...header,
        payload,
        salt: hex(salt),
        payload_hash: hex(payloadHash),
        previous: hex(this.previous),
        hash: hex(hash),
      }),
    );
    this.previous = hash;
    if (this.rows.length >= 5000) await this.flush();
    return this.id;
  }

  async end(): Promise<number> {
    await this.flush();
    await this.database.pool.query('update event_head set id = $1, hash = $2', [this.id, this.previous]);
    return this.id;
  }

  private async flush(): Promise<void> {
    if (this.rows.length === 0) return;
    const json = `[${this.rows.join(',')}]`;
    this.rows = [];
    await this.database.pool.query(
      `insert into event (id, at, entity, entity_id, type, actor, cause, payload, salt, payload_hash, previous, hash)
       select id, at, entity, entity_id, type, actor, cause, payload::jsonb, salt::bytea, payload_hash::bytea, previous::bytea, hash::bytea
       from json_to_recordset($1::json) as e(id bigint, at timestamptz, entity text, entity_id text, type text, actor text,
         cause text, payload text, salt text, payload_hash text, previous text, hash text)`,
      [json],
    );
  }
}

async function fillRoundup(step: Step): Promise<void> {
  await step(
    'roundups',
    `insert into roundup (number, opened_at, covers_since, covers_until, closed_at)
     select n, timestamptz '2018-01-03' + (n * 7 || ' days')::interval, timestamptz '2017-12-27' + (n * 7 || ' days')::interval,
       timestamptz '2018-01-03' + (n * 7 || ' days')::interval, case when n < ${ROUNDUPS} then timestamptz '2018-01-09' + (n * 7 || ' days')::interval end
     from generate_series(1, ${ROUNDUPS}) n`,
  );
  await step(
    'lines of the roundup',
    `insert into roundup_line (roundup, issue, done_at, done_by)
     select ${ROUNDUPS}, id, case when number % 3 = 0 then timestamptz '2018-06-07' end, case when number % 3 = 0 then 'person:2' end
     from issue order by last_report desc, id limit 100`,
  );
}

async function counts(database: Database) {
  const { rows } = await database.pool.query<{ reports: number; suggestions: number; comments: number }>(
    `select (select count(*) from report) as reports, (select count(*) from suggestion) as suggestions,
       (select count(*) from comment) as comments`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no counts');
  return row;
}

async function examples(database: Database): Promise<{ medianIssue: string; largeIssue: string }> {
  const { rows } = await database.pool.query<{ median: string; large: string }>(
    `with sized as (
       select i.id, (select count(*) from issue_report r where r.issue = i.id) + (select count(*) from status s where s.issue = i.id) as size
       from issue i where i.number > (select max(number) - 2000 from issue))
     select (select id from sized order by size, id offset (select count(*) / 2 from sized) limit 1) as median,
       (select id from sized order by size desc, id offset (select greatest(count(*) / 100 - 1, 0) from sized) limit 1) as large`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no issues');
  return { medianIssue: row.median, largeIssue: row.large };
}
