import { Argument, Option } from 'commander';
import { numberArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

/** What can be given to an account. It stands here too so that help need not load a room; a test keeps the two equal. */
export const GIVEN_ROLES = ['contributor', 'triager', 'security', 'admin'];
/** What a token may be for; likewise. */
export const TOKEN_SCOPES = ['read', 'propose', 'write', 'admin'];

const actions = () => import('../actions/account.ts');

/** `muster account create|list|role|disable|enable|recover|token` */
export function accountCommands({ program, run }: Cli): void {
  const account = program
    .command('account')
    .description('People who can sign in. The first admin is made here; admins do the rest on the pages.');

  const create = account
    .command('create')
    .description('Make an account. The password is asked for, or is the first line of what is piped in.')
    .argument('<handle>', 'what others call them, as ada')
    .addOption(new Option('--role <role>', 'what they may').choices(GIVEN_ROLES).default('contributor'))
    .option('--name <name>', 'shown beside what they do (default: the handle)')
    .option('--email <address>', 'seen by them and by admins')
    .action(run(async () => (await actions()).create));
  examples(create, [
    './muster account create ada --role admin --name "Ada Lovelace"',
    'pass show muster/ada | ./muster account create ada --role admin',
    './muster account create bob --email bob@example.org --json < password.txt',
  ]);

  const list = account
    .command('list')
    .description('Accounts, those who may do most first; closed ones, too.')
    .argument('[words]', 'part of a handle or a name', '')
    .action(run(async () => (await actions()).list));
  examples(list, ['./muster account list', './muster account list ada', './muster account list --json']);

  const role = account
    .command('role')
    .description('Give an account another role. It holds at once, for those who are signed in, too.')
    .argument('<handle>', 'whose account, as ada')
    .addArgument(new Argument('<role>', 'what they may from now on').choices(GIVEN_ROLES))
    .option('--reason <text>', 'stands in the history', '')
    .action(run(async () => (await actions()).role));
  examples(role, [
    './muster account role ada triager',
    './muster account role ada security --reason "joined the team"',
    './muster account role bob contributor --json',
  ]);

  const disable = account
    .command('disable')
    .description('Close an account: sessions end, tokens open nothing any more. What they did stays theirs.')
    .argument('<handle>', 'whose account, as ada')
    .requiredOption('--reason <text>', 'stands in the history')
    .action(run(async () => (await actions()).disable));
  examples(disable, [
    './muster account disable bob --reason "left the team"',
    './muster account disable @spammer --reason spam',
    './muster account disable bob --reason "asked for it" --json',
  ]);

  const enable = account
    .command('enable')
    .description('Open a closed account again, with the role that it had.')
    .argument('<handle>', 'whose account, as ada')
    .action(run(async () => (await actions()).enable));
  examples(enable, [
    './muster account enable bob',
    './muster account enable bob --json',
    './muster account enable bob --data ./data/demo',
  ]);

  const recover = account
    .command('recover')
    .description(
      'Ask for a way back into somebody’s account. An admin grants it on the pages; only where nobody else could is the link printed at once.',
    )
    .argument('<handle>', 'whose account, as ada')
    .requiredOption('--reason <text>', 'how you know that it is them: the admin decides by it')
    .action(run(async () => (await actions()).recover));
  examples(recover, [
    './muster account recover ada --reason "stands beside me"',
    './muster account recover @bob --reason "called from the number that we know"',
    './muster account recover ada --reason "lost the phone" --json',
  ]);

  const token = account
    .command('token')
    .description('Make an API token for an account, and print it this once.')
    .argument('<handle>', 'whose account, as ada')
    .requiredOption('--name <text>', 'what it is for')
    .addOption(new Option('--scope <scope...>', 'what it may').choices(TOKEN_SCOPES).default(['read']))
    .option('--days <n>', 'for how long it is good', numberArgument, 90)
    .action(run(async () => (await actions()).token));
  examples(token, [
    './muster account token ada --name "nightly report"',
    './muster account token bot --name ci --scope propose --days 30',
    './muster account token bot --name ci --scope read write --json',
  ]);
}
