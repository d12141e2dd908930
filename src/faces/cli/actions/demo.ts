import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Database, openDatabase } from '#base/db';
import { EXIT, MusterError } from '#base/errors';
import { readCorpusChannels } from '#demo/corpus-channels';
import { readSampleChannels } from '#demo/sample-channels';
import { type ChannelDefinition, defineChannel, importRevision, type RevisionInput } from '#domain/channels';
import { countIssues } from '#domain/issues';
import { countSuggestions } from '#domain/matching';
import { listRoundups, openRoundup, renderSummary, roundupView } from '#domain/roundup';
import { countReports, filesOfFolder, listQuarantine, SOURCES, syncFiles } from '#domain/sources';
import type { Context } from '../context.ts';
import { matchWhatIsNew } from './match.ts';
import { serveUntilStopped } from './serve.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const SAMPLE = join(ROOT, 'demo', 'sample');
const CORPUS = join(ROOT, '..', 'shared', 'data');
/** The week of httpd 2.4.26 and of what followed Stack Clash. */
const ROUNDUP = { since: new Date('2017-06-21T00:00:00Z'), at: new Date('2017-06-28T06:45:00Z') };
/** Says that a data folder is the demo's own: any other one is left alone. */
const MARK = 'this-is-the-demo';
const SHOWN_LINES = 60;

interface DemoFlags {
  port?: number;
  serve: boolean;
  full?: boolean;
  corpus: string;
}

/** `muster demo` */
export async function demo(
  context: Context,
  given: Omit<DemoFlags, 'corpus'> & { corpus?: string },
): Promise<void> {
  const flags = { corpus: CORPUS, ...given };
  const seconds: Record<string, number> = {};
  const data = demoFolder(context, flags);
  const database = await timed(seconds, 'database', () => openDatabase({ data }, { lingerSeconds: 3 }));
  try {
    context.say(`Muster demo · embedded PostgreSQL in ${data}`);
    const quarantined = await timed(seconds, 'reports', () => readReports(context, database, flags));
    const { reports } = await countReports(database.queries);
    row(
      context,
      'reports',
      `${SOURCES.length} sources    ${number(reports)} read    ${quarantined} quarantined`,
      seconds.reports,
    );

    const { channels, packages } = await timed(seconds, 'channels', () =>
      readChannels(context, database, flags),
    );
    row(context, 'channels', `${channels.join(' ')}    ${number(packages)} packages`, seconds.channels);

    const matched = await timed(seconds, 'matching', () => matchWhatIsNew(context, database));
    seconds.issues = matched.seconds.grouping;
    seconds.matching = matched.seconds.matching;
    const { issues, vulnerabilities } = await countIssues(database.queries);
    const { toLookAt } = await countSuggestions(database.queries);
    row(
      context,
      'issues',
      `${number(reports)} reports → ${number(vulnerabilities)} vulnerabilities → ${number(issues)} issues`,
      seconds.issues,
    );
    row(
      context,
      'matching',
      `${number(issues)} issues × ${channels.length} channels → ${number(toLookAt)} suggestions`,
      seconds.matching,
    );

    const view = await timed(seconds, 'roundup', async () => {
      if ((await listRoundups(database.queries)).length === 0)
        await openRoundup(database, { ...ROUNDUP, lead: 'demo', actor: 'machine:demo' });
      return roundupView(database.queries, context.config.team, 1);
    });
    context.say();
    context.say(renderSummary(view, { lines: SHOWN_LINES }).trimEnd());
    const refused = quarantined > 0 ? await tellQuarantine(context, database) : [];
    context.result({
      reports,
      vulnerabilities,
      issues,
      packages,
      suggestions: toLookAt,
      roundupLines: view.lines,
      quarantined,
      quarantine: refused,
      seconds,
    });
    if (flags.serve) {
      context.say();
      await serveUntilStopped(context, database, flags.port === undefined ? {} : { port: flags.port });
    }
  } finally {
    await database.close();
  }
}

/** What was refused and why, and that the exit code says so: in the corpus it is an archive that is damaged on purpose. */
async function tellQuarantine(context: Context, database: Database) {
  const entries = await listQuarantine(database.queries);
  context.setExit(EXIT.quarantined);
  context.say();
  context.say(
    `Put into quarantine, as it cannot be read (everything else was): ${entries.length}, hence exit code ${EXIT.quarantined}.`,
  );
  for (const { source, path, document, reason, message } of entries)
    context.say(
      `  ${source}  ${path}${document === '' || document === path ? '' : `  ${document}`}: ${reason}, ${message}`,
    );
  return entries.map(({ source, path, document, reason, message }) => ({
    source,
    path,
    document,
    reason,
    message,
  }));
}

/** The demo's own folder; one that holds anything else is refused. */
function demoFolder({ config, dataIsDefault }: Context, { full }: DemoFlags): string {
  const folder = dataIsDefault ? (full ? './data/demo-full' : './data/demo') : config.data;
  const mark = join(folder, MARK);
  if (existsSync(join(folder, 'postgres')) && !existsSync(mark)) {
    throw new MusterError(
      'USAGE',
      `${folder} holds a database that is not the demo's; give it another folder with --data`,
    );
  }
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(mark, 'Made by ./muster demo; may be deleted.\n');
  } catch (cause) {
    throw new MusterError('FILE_UNREADABLE', `cannot write to ${folder}`, { cause });
  }
  return folder;
}

async function readReports(
  context: Context,
  database: Database,
  { full, corpus }: DemoFlags,
): Promise<number> {
  let quarantined = 0;
  for (const source of SOURCES) {
    const folders = full
      ? [...[source.id, ...source.aliases].map((name) => join(corpus, 'feeds', name)), join(corpus, 'cve')]
      : [join(SAMPLE, 'reports', source.id)];
    for (const folder of folders.filter((each) => existsSync(each))) {
      const files = (await filesOfFolder(folder)).map((file) => ({
        ...file,
        path: `${folder.split('/').at(-1)}/${file.path}`,
      }));
      const ours = !folder.endsWith('/cve') || !full;
      const result = await syncFiles(database, source, files, {
        ours,
        onProgress: ({ file, documents }) =>
          context.progress.show(`reading  ${source.id}  ${documents} documents  ${file}`),
      });
      quarantined += result.quarantined;
    }
  }
  return quarantined;
}

async function readChannels(
  context: Context,
  database: Database,
  { full, corpus }: DemoFlags,
): Promise<{ channels: string[]; packages: number }> {
  const by = { actor: 'machine:demo', cause: 'demo' };
  const newest = new Map<string, { at: Date; packages: number }>();
  const inputs: Iterable<RevisionInput & Partial<ChannelDefinition>> = full
    ? readCorpusChannels(join(corpus, 'packages'))
    : readSampleChannels(join(SAMPLE, 'channels'));
  for (const input of inputs) {
    const { channel } = input;
    context.progress.show(`channels  ${channel}  ${input.committedAt.toISOString().slice(0, 10)}`);
    const { packages, committedAt } = await importRevision(database, { ...input, by });
    if (input.lifecycle !== undefined) {
      const { lifecycle, released, endOfLife } = input;
      await defineChannel(database, channel, { lifecycle, released, endOfLife }, by);
    }
    if ((newest.get(channel)?.at ?? committedAt) <= committedAt)
      newest.set(channel, { at: committedAt, packages });
  }
  return {
    channels: [...newest.keys()],
    packages: [...newest.values()].reduce((sum, each) => sum + each.packages, 0),
  };
}

async function timed<T>(seconds: Record<string, number>, name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  seconds[name] = Math.round((performance.now() - start) / 10) / 100;
  return result;
}

function row(context: Context, name: string, text: string, seconds: number | undefined): void {
  context.say(`  ${name.padEnd(11)} ${text}    ${(seconds ?? 0).toFixed(1)} s`);
}

function number(n: number): string {
  return n.toLocaleString('en-US');
}
