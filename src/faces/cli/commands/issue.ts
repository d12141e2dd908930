import { MusterError } from '#base/errors';
import {
  announcementsOf,
  atomsOf,
  countIssues,
  explainIssue,
  issueById,
  listIssues,
  mergeIssues,
  splitIssue,
  vulnerabilitiesById,
} from '#domain/issues';
import { hitsOfIssues, rematch } from '#domain/matching';
import { numberArgument, whoAmI } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';
import { table } from '../table.ts';

/** `muster issue list|show|merge|split` */
export function issueCommands({ program, run }: Cli): void {
  const issue = program.command('issue').description('Issues: the overarching problems that one fix closes.');

  const list = issue
    .command('list')
    .description('Issues, the one with the latest report first.')
    .option('--product <name>', 'only of this product')
    .option('--limit <n>', 'how many', numberArgument, 50)
    .action(
      run(async (context, flags: { product?: string; limit: number }) => {
        const { issues, total } = await context.withDatabase(async (database) => {
          await rematch(database, (done, of) => context.progress.show(`matching  ${done}/${of} issues`));
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
          const rows = issues.map(({ id, title, severity, opened, vulnerabilities }) => [
            id,
            opened.toISOString().slice(0, 10),
            severity ?? '–',
            vulnerabilities.length,
            title,
          ]);
          context.say(table(['issue', 'opened', 'severity', 'ids', 'title'], rows));
          if (issues.length < total) context.say(`${issues.length} of ${total}; --limit shows more`);
        });
      }),
    );
  examples(list, [
    './muster issue list',
    './muster issue list --product openssl',
    './muster issue list --limit 1000 --json',
  ]);

  const show = issue
    .command('show')
    .description(
      'One issue: what it holds, what others announced, where it looks hit, and why each report belongs to it.',
    )
    .argument('<id>', 'as NSI-2017-0043')
    .action(
      run(async (context, wanted: string) => {
        await context.withDatabase(async ({ queries }) => {
          const found = await issueById(queries, wanted);
          if (found === null) throw new MusterError('NOT_FOUND', `there is no issue ${wanted}`);
          const id = found.redirect ?? wanted;
          const current = found.redirect === null ? found.issue : (await issueById(queries, id))?.issue;
          const atoms = await atomsOf(queries, [id]);
          const [vulnerabilities, announcements, hits, why] = await Promise.all([
            vulnerabilitiesById(queries, [...new Set(atoms.map(({ vulnerability }) => vulnerability))]),
            announcementsOf(queries, [id]),
            hitsOfIssues(queries, [id]),
            explainIssue(queries, id),
          ]);
          const { advisories = [], patches = [] } = announcements.get(id) ?? {};
          context.result(
            {
              ...current,
              mergedFrom: id === wanted ? null : wanted,
              atoms,
              vulnerabilities,
              advisories,
              patches,
              hits,
              why,
            },
            () => {
              if (id !== wanted) context.say(`${wanted} was merged into ${id}.`);
              context.say(`${id}  ${current?.title ?? ''}  (${current?.severity ?? 'severity unknown'})`);
              context.say('\nVulnerabilities');
              for (const { id: cve, score, title } of vulnerabilities)
                context.say(
                  `  ${cve}  ${score === null ? '' : `CVSS ${score.toFixed(1)}  `}${title ?? ''}`.trimEnd(),
                );
              context.say('\nWhat others announced');
              for (const { id: key, published, url } of advisories)
                context.say(
                  `  ${key.padEnd(20)} ${published?.toISOString().slice(0, 10) ?? '          '}  ${url ?? ''}`.trimEnd(),
                );
              if (patches.length > 0) context.say('\nPatches');
              for (const { url, vulnerability } of patches) context.say(`  ${vulnerability ?? ''}  ${url}`);
              context.say('\nWhere it looks hit');
              if (hits.length === 0) context.say('  No package of ours looks like it.');
              for (const { channel, attr, version, verdict, evidence } of hits) {
                const telling = evidence.find((line) => line.verdict === verdict);
                context.say(
                  `  ${channel.padEnd(16)} ${`${attr} ${version}`.padEnd(32)} ${verdict.padEnd(12)} ${telling?.why ?? ''}`.trimEnd(),
                );
              }
              context.say('\nWhy');
              for (const { sentence } of why) context.say(`  ${sentence}`);
            },
          );
        });
      }),
    );
  examples(show, [
    './muster issue show NSI-2017-0043',
    './muster issue show NSI-2017-0043 --json',
    './muster issue show NSI-2017-0043 --data ./data/demo',
  ]);

  const merge = issue
    .command('merge')
    .description('Make one issue of two. Outranks every rule and survives every recomputation.')
    .argument('<id>')
    .argument('<other>')
    .requiredOption('--reason <text>', 'why: kept for good')
    .action(
      run(async (context, a: string, b: string, { reason }: { reason: string }) => {
        const id = await context.withDatabase((database) =>
          mergeIssues(database, a, b, { author: whoAmI(), reason }),
        );
        context.result({ issue: id }, () => context.say(`${a} and ${b} are ${id} now.`));
      }),
    );
  examples(merge, [
    './muster issue merge NSI-2017-0043 NSI-2017-0044 --reason "one release fixes both"',
    './muster issue merge NSI-2017-0043 NSI-2017-0044 --reason "same flaw" --json',
    './muster issue show NSI-2017-0044   (leads on)',
  ]);

  const split = issue
    .command('split')
    .description('Take vulnerabilities out of an issue into one of their own.')
    .argument('<id>')
    .argument('<vulnerability...>', 'ids to take out')
    .requiredOption('--reason <text>', 'why: kept for good')
    .action(
      run(async (context, id: string, vulnerabilities: string[], { reason }: { reason: string }) => {
        const [stays, goes] = await context.withDatabase((database) =>
          splitIssue(database, id, vulnerabilities, { author: whoAmI(), reason }),
        );
        context.result({ stays, goes }, () =>
          context.say(
            `${vulnerabilities.join(', ')} ${vulnerabilities.length === 1 ? 'is' : 'are'} ${goes} now; the rest stays ${stays}.`,
          ),
        );
      }),
    );
  examples(split, [
    './muster issue split NSI-2017-0043 CVE-2017-3731 --reason "fixed a release later"',
    './muster issue split NSI-2017-0043 CVE-2017-3731 CVE-2017-3732 --reason "other component"',
    './muster issue split NSI-2017-0043 CVE-2017-3731 --reason "…" --json',
  ]);
}
