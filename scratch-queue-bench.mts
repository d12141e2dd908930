import { sql } from 'kysely';
import { openDatabase } from '#base/db';
import { nextSuggestions, rewriteQueue, settleSuggestions, takeBatch, queueCounts, decideSuggestions } from '#domain/matching';
import { EDITABLES } from '#faces/editing';
import { execSync } from 'node:child_process';
const database = await openDatabase({ data: '/tmp/qbench' }, { lingerSeconds: 60 });
const q = database.pool;
const has = await q.query('select count(*) as c from issue');
if (Number(has.rows[0].c) === 0) {
  await q.query(`insert into channel (name, lifecycle) values ('nixos-16.03','end_of_life'),('nixos-16.09','end_of_life'),('nixos-17.03','deprecated'),('nixos-17.09','supported'),('nixos-18.03','supported'),('nixos-unstable','development')`);
  await q.query(`insert into account (handle, name, role) select 'p-'||n, 'P'||n, 'triager' from generate_series(1,50) n`);
  await q.query(`insert into issue (id, year, number, product, title, severity, opened, last_report) select 'NSI-'||(2010+i%9)||'-'||lpad(i::text,6,'0'), 2010+i%9, i, 'package-'||i, 'package-'||i||': dos', (array['low','medium','high','critical'])[1+i%4], timestamptz '2010-01-01'+(i%3000||' days')::interval, '2018-01-01' from generate_series(1,60000) i`);
  await q.query(`insert into issue_atom (product, vulnerability, issue) select 'package-'||i, 'CVE-'||(2010+v%9)||'-'||(10000+v), 'NSI-'||(2010+i%9)||'-'||lpad(i::text,6,'0') from (select v, 1+(v-1)%60000 as i from generate_series(1,400000) v) x`);
  await q.query(`insert into suggestion (issue, attr, pname, score, reasons, matcher_version, verdict) select 'NSI-'||(2010+i%9)||'-'||lpad(i::text,6,'0'), 'package-'||(i+n*7), 'package-'||(i+n*7), 0.5+n/10.0, '[{"part":"name","points":0.5,"why":"the name is the same"},{"part":"version","points":0.2,"why":"1.2 < 1.3"}]', 1, 'affected' from generate_series(1,60000) i, generate_series(0, i%4) n`);
  await q.query(`insert into suggestion_channel (suggestion, channel, version, verdict, evidence) select s.id, c.name, '1.'||s.id%10, (array['affected','not_affected','unknown'])[1+(s.id+length(c.name))%3], jsonb_build_array(jsonb_build_object('vulnerability','CVE-2017-'||(10000+s.id),'verdict','affected','why','1.2 < 1.3, CVE record')) from suggestion s, channel c`);
  await q.query('analyze');
  await q.query('update matching_state set matched_at = now()');
}
function serverCpu() { // postmaster tree
  let t = 0;
  for (const line of execSync("ps -eo pid,args,cputimes").toString().split('\n')) if (/postgres/.test(line) && !/ps -eo/.test(line)) t += 0;
  return t;
}
const ticks = () => { // sum utime+stime of all postgres processes, in ms
  let sum = 0;
  const fs = require('node:fs') as typeof import('node:fs');
  for (const pid of fs.readdirSync('/proc')) { if (!/^\d+$/.test(pid)) continue; try { const s = fs.readFileSync(`/proc/${pid}/stat','utf8`.replace("','utf8",''),'utf8'); if (!s.includes('(postgres)')) continue; const cmd = fs.readFileSync(`/proc/${pid}/cmdline`,'utf8'); const f = s.slice(s.lastIndexOf(')')+2).split(' '); sum += (Number(f[11])+Number(f[12]))*10; } catch {} }
  return sum;
};
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
async function measure(name: string, n: number, f: (i: number) => Promise<unknown>) {
  for (let i = 0; i < Math.min(5, n); i++) await f(i);
  const t0 = performance.now(); const c0 = process.cpuUsage(); const s0 = ticks();
  for (let i = 0; i < n; i++) await f(i + 5);
  const c = process.cpuUsage(c0); const s = ticks() - s0;
  console.log(name.padEnd(46), 'node', ((c.user + c.system) / 1000 / n).toFixed(2), 'ms  pg', (s / n).toFixed(2), 'ms  wall', ((performance.now() - t0) / n).toFixed(2), 'ms');
}
const t = performance.now(); const s0 = ticks(); const c0 = process.cpuUsage();
await settleSuggestions(database);
await rewriteQueue(database);
const c = process.cpuUsage(c0);
console.log('settle+rewrite', ((performance.now() - t) / 1000).toFixed(1), 's wall; node', ((c.user + c.system) / 1e6).toFixed(1), 's pg', ((ticks() - s0) / 1000).toFixed(1), 's');
console.log(await queueCounts(database.queries));
console.log((await q.query('select count(*) from suggestion')).rows, (await q.query('select count(*) from suggestion_channel')).rows);
await q.query('analyze queue_entry');
// one person has skipped 3000 of the most urgent
await q.query(`insert into suggestion_skip (account, suggestion, fingerprint, at) select 1, suggestion, fingerprint, now() from queue_entry order by urgency desc, opened desc, suggestion limit 3000 on conflict do nothing`);
const N = 200;
await measure('next 1, nobody', N, () => nextSuggestions(database.queries, { account: null, limit: 1 }));
await measure('next 10, nobody', N, () => nextSuggestions(database.queries, { account: null, limit: 10 }));
await measure('next 10, who skipped nothing', N, () => nextSuggestions(database.queries, { account: 2, limit: 10 }));
await measure('next 10, who skipped 3000', N, () => nextSuggestions(database.queries, { account: 1, limit: 10 }));
await measure('next 100', N, () => nextSuggestions(database.queries, { account: 2, limit: 100 }));
await measure('next 10 of a channel', N, () => nextSuggestions(database.queries, { account: 2, limit: 10, filter: { channel: 'nixos-18.03' } }));
await measure('next 10 of an attr', N, () => nextSuggestions(database.queries, { account: 2, limit: 10, filter: { attr: 'package-777' } }));
await measure('next 10 severity low', N, () => nextSuggestions(database.queries, { account: 2, limit: 10, filter: { severity: 'low' } }));
await measure('next 10 again', N, () => nextSuggestions(database.queries, { account: 2, limit: 10, filter: { again: true } }));
await measure('counts', N, () => queueCounts(database.queries));
await measure('take a batch of ten (50 people)', 45, (i) => takeBatch(database, { id: `person:${i}`, role: 'triager', account: (i % 50) + 1 }));
await measure('dismiss one', 50, async (i) => { const [s] = await nextSuggestions(database.queries, { account: 2, limit: 1 }); await decideSuggestions(database, { id: 'person:2', role: 'triager', account: 2 }, [{ id: s!.id, decision: { decision: 'dismissed', reason: 'wrong_product' }, saw: s!.version }], { kinds: EDITABLES, rules: { secondOpinion: false } }); });
await measure('accept one', 50, async (i) => { const [s] = await nextSuggestions(database.queries, { account: 2, limit: 1 }); await decideSuggestions(database, { id: 'person:2', role: 'triager', account: 2 }, [{ id: s!.id, decision: { decision: 'accepted' }, saw: s!.version }], { kinds: EDITABLES, rules: { secondOpinion: false } }); });
await measure('dismiss 100', 5, async (i) => { const list = await nextSuggestions(database.queries, { account: 2, limit: 100 }); await decideSuggestions(database, { id: 'person:2', role: 'triager', account: 2 }, list.map((s) => ({ id: s.id, decision: { decision: 'dismissed' as const, reason: 'wrong_product' as const }, saw: s.version })), { kinds: EDITABLES, rules: { secondOpinion: false } }); });
await database.close();
