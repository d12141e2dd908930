import { issueArgument, numberArgument, reasonArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

const actions = () => import('../actions/issue.ts');

/** `muster issue list|show|merge|split` */
export function issueCommands({ program, run }: Cli): void {
  const issue = program.command('issue').description('Issues: the overarching problems that one fix closes.');

  const list = issue
    .command('list')
    .description('Issues, the one with the latest report first.')
    .option('--product <name>', 'only of this product')
    .option('--limit <n>', 'how many', numberArgument, 50)
    .action(run(async () => (await actions()).list));
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
    .argument('<id>', 'as NSI-2017-0043, or a vulnerability of it, as CVE-2017-3167')
    .action(run(async () => (await actions()).show));
  examples(show, [
    './muster issue show NSI-2017-0043',
    './muster issue show CVE-2017-3167',
    './muster issue show NSI-2017-0043 --json',
  ]);

  const merge = issue
    .command('merge')
    .description('Make one issue of two. Outranks every rule and survives every recomputation.')
    .argument('<id>', 'as NSI-2017-0043', issueArgument)
    .argument('<other>', 'the issue that is the same problem', issueArgument)
    .requiredOption('--reason <text>', 'why: kept for good', reasonArgument)
    .action(run(async () => (await actions()).merge));
  examples(merge, [
    './muster issue merge NSI-2017-0043 NSI-2017-0044 --reason "one release fixes both"',
    './muster issue merge NSI-2017-0043 NSI-2017-0044 --reason "same flaw" --json',
    './muster issue show NSI-2017-0044   (leads on)',
  ]);

  const split = issue
    .command('split')
    .description('Take vulnerabilities out of an issue into one of their own.')
    .argument('<id>', 'as NSI-2017-0043', issueArgument)
    .argument('<vulnerability...>', 'ids to take out, as CVE-2017-3731')
    .requiredOption('--reason <text>', 'why: kept for good', reasonArgument)
    .action(run(async () => (await actions()).split));
  examples(split, [
    './muster issue split NSI-2017-0043 CVE-2017-3731 --reason "fixed a release later"',
    './muster issue split NSI-2017-0043 CVE-2017-3731 CVE-2017-3732 --reason "other component"',
    './muster issue split NSI-2017-0043 CVE-2017-3731 --reason "…" --json',
  ]);
}
