import type { Queries } from '#base/db';
import { MusterError } from '#base/errors';
import { parseId } from '#base/formats';
import {
  announcementsOf,
  atomsOf,
  countIssues,
  explainIssue,
  issueById,
  issuesOfVulnerability,
  listIssues,
  mergeIssues,
  splitIssue,
  vulnerabilitiesById,
} from '#domain/issues';
import { hitsOfIssues } from '#domain/matching';
import type { Context } from '../context.ts';
import { table } from '../table.ts';
import { whoAmI } from '../who-am-i.ts';
import { matchWhatIsNew } from './match.ts';

/** `muster issue list` */
export async function list(context: Context, flags: { product?: string; limit: number }): Promise<void> {
  const { issues, total } = await context.withDatabase(async (database) => {
    await matchWhatIsNew(context, database);
    const { issues: count } = await countIssues(database.queries);
    const found = await listIssues(database.queries, { ...flags, offset: 0 });
    const atoms = await atomsOf(
      database.queries,
      found.map(({ id }) => id),
    );
    return {
      total: count,
      issues: found.map((each) => ({
        ...each,
        vulnerabilities: [
          ...new Set(
            atoms.filter((atom) => atom.issue === each.id).map(({ vulnerability }) => vulnerability),
          ),
        ],
      })),
    };
  });
  context.result({ total, issues }, () => {
    const { product } = flags;
    if (total === 0)
      return context.say('There is no issue yet: ./muster sync, and ./muster channel import NAME FILE');
    if (issues.length === 0) return context.say(`No issue is of a product named ${product}.`);
    const rows = issues.map(({ id, title, severity, opened, vulnerabilities }) => [
      id,
      opened.toISOString().slice(0, 10),
      severity ?? '–',
      vulnerabilities.length,
      title,
    ]);
    context.say(table(['issue', 'opened', 'severity', 'ids', 'title'], rows));
    if (issues.length === flags.limit && issues.length < total)
      context.say(`${issues.length} of ${product === undefined ? total : 'more'}; --limit shows more`);
  });
}

/** `muster issue show` */
export async function show(context: Context, wanted: string): Promise<void> {
  const { current, ...issue } = await context.query((queries) => everythingOf(queries, wanted));
  const { mergedFrom, vulnerabilities, advisories, patches, hits, why } = issue;
  context.result({ ...current, ...issue }, () => {
    const { say } = context;
    if (mergedFrom !== null) say(`${mergedFrom} was merged into ${current.id}.`);
    say(`${current.id}  ${current.title}  (${current.severity ?? 'severity unknown'})`);
    say('\nVulnerabilities');
    for (const { id, score, title } of vulnerabilities)
      say(`  ${id}  ${score === null ? '' : `CVSS ${score.toFixed(1)}  `}${title ?? ''}`.trimEnd());
    say('\nWhat others announced');
    if (advisories.length === 0) say('  No distribution that we read has announced it.');
    for (const { id: key, published, url } of advisories)
      say(
        `  ${key.padEnd(20)} ${published?.toISOString().slice(0, 10) ?? '          '}  ${url ?? ''}`.trimEnd(),
      );
    if (patches.length > 0) say('\nPatches');
    for (const { url, vulnerability } of patches) say(`  ${vulnerability ?? ''}  ${url}`);
    say('\nWhere it looks hit');
    if (hits.length === 0) say('  No package of ours looks like it.');
    for (const { channel, attr, version, verdict, evidence } of hits) {
      const telling = evidence.find((line) => line.verdict === verdict);
      say(
        `  ${channel.padEnd(16)} ${`${attr} ${version}`.padEnd(32)} ${verdict.padEnd(12)} ${telling?.why ?? ''}`.trimEnd(),
      );
    }
    say('\nWhy');
    for (const { sentence } of why) say(`  ${sentence}`);
  });
}

/** An issue by its id, or by a vulnerability that is in no other. */
async function issueNamed(queries: Queries, wanted: string) {
  const found = await issueById(queries, wanted.toUpperCase());
  if (found !== null) return found;
  const vulnerability = parseId(wanted);
  if (vulnerability === null) throw new MusterError('NOT_FOUND', `there is no issue ${wanted}`);
  const [issue, ...others] = await issuesOfVulnerability(queries, vulnerability);
  if (issue === undefined)
    throw new MusterError('NOT_FOUND', `${vulnerability} is in no issue (./muster match looks for new ones)`);
  if (others.length === 0) return { issue, redirect: null };
  const ids = [issue, ...others].map(({ id, title }) => `${id} (${title})`);
  throw new MusterError('USAGE', `${vulnerability} is in ${ids.length} issues, say which: ${ids.join(', ')}`);
}

/** All that is known of an issue, under the id that it has now. */
async function everythingOf(queries: Queries, wanted: string) {
  const found = await issueNamed(queries, wanted);
  const id = found.redirect ?? found.issue.id;
  const current = (found.redirect === null ? found : await issueById(queries, id))?.issue ?? found.issue;
  const atoms = await atomsOf(queries, [id]);
  const [vulnerabilities, announcements, hits, why] = await Promise.all([
    vulnerabilitiesById(queries, [...new Set(atoms.map(({ vulnerability }) => vulnerability))]),
    announcementsOf(queries, [id]),
    hitsOfIssues(queries, [id]),
    explainIssue(queries, id),
  ]);
  const { advisories = [], patches = [] } = announcements.get(id) ?? {};
  return {
    current,
    mergedFrom: found.redirect === null ? null : found.issue.id,
    atoms,
    vulnerabilities,
    advisories,
    patches,
    hits,
    why,
  };
}

/** `muster issue merge` */
export async function merge(
  context: Context,
  a: string,
  b: string,
  { reason }: { reason: string },
): Promise<void> {
  const id = await context.withDatabase((database) =>
    mergeIssues(database, a, b, { author: whoAmI(), reason }),
  );
  context.result({ issue: id }, () => context.say(`${a} and ${b} are ${id} now.`));
}

/** `muster issue split` */
export async function split(
  context: Context,
  id: string,
  vulnerabilities: string[],
  { reason }: { reason: string },
): Promise<void> {
  const [stays, goes] = await context.withDatabase((database) =>
    splitIssue(database, id, vulnerabilities, { author: whoAmI(), reason }),
  );
  context.result({ stays, goes }, () =>
    context.say(
      `${vulnerabilities.join(', ')} ${vulnerabilities.length === 1 ? 'is' : 'are'} ${goes} now; the rest stays ${stays}.`,
    ),
  );
}
