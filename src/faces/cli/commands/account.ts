import { Option } from 'commander';
import { type ErrorCode, MusterError } from '#base/errors';
import {
  accountByHandle,
  createAccount,
  disableAccount,
  enableAccount,
  listAccounts,
  makeToken,
  type Outcome,
  type RefusalCode,
  recoverByOperator,
  setRole,
} from '#domain/accounts';
import { type Actor, ROLES, SCOPES } from '#domain/policies';
import { numberArgument, whoAmI } from '../arguments.ts';
import type { Context } from '../context.ts';
import { type Cli, examples } from '../program.ts';
import { readPassword } from '../read-password.ts';
import { table } from '../table.ts';

const GIVEN_ROLES = ROLES.filter((role) => role !== 'visitor');

interface CreateFlags {
  role: (typeof GIVEN_ROLES)[number];
  name?: string;
  email?: string;
}

interface TokenFlags {
  name: string;
  scope: string[];
  days: number;
}

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
    .action(
      run(async (context, handle: string, flags: CreateFlags) => {
        const password = await readPassword(process.stdin, process.stderr);
        const person = { handle, name: flags.name ?? handle, email: flags.email ?? '', role: flags.role };
        const { account: made } = await context.withDatabase(async (database) =>
          done(await createAccount(database, operator(), { ...person, password }, new Date())),
        );
        context.result({ handle: made.handle, role: made.role }, () =>
          context.say(`@${made.handle} is made, as ${made.role}. Sign in: ${addressOf(context, '/sign-in')}`),
        );
      }),
    );
  examples(create, [
    './muster account create ada --role admin --name "Ada Lovelace"',
    'pass show muster/ada | ./muster account create ada --role admin',
    './muster account create bob --email bob@example.org --json < password.txt',
  ]);

  const list = account
    .command('list')
    .description('Accounts, those who may do most first; closed ones, too.')
    .argument('[words]', 'part of a handle or a name', '')
    .action(
      run(async (context, words: string) => {
        const { rows, total } = await context.withDatabase(({ queries }) =>
          listAccounts(queries, { words, disabled: true, limit: 1000, offset: 0 }),
        );
        context.result({ accounts: rows, total }, () => {
          if (rows.length === 0) context.say('There is none: ./muster account create HANDLE --role admin');
          else
            context.say(
              table(
                ['handle', 'role', 'name', 'since', 'state'],
                rows.map(({ handle, role, name, createdAt, disabledAt }) => [
                  handle,
                  role,
                  name,
                  createdAt.toISOString().slice(0, 10),
                  disabledAt === null ? 'open' : `closed ${disabledAt.toISOString().slice(0, 10)}`,
                ]),
              ),
            );
          if (total > rows.length) context.say(`… and ${total - rows.length} more`);
        });
      }),
    );
  examples(list, ['./muster account list', './muster account list ada', './muster account list --json']);

  const role = account
    .command('role')
    .description('Give an account another role. It holds at once, for those who are signed in, too.')
    .argument('<handle>')
    .addArgument(program.createArgument('<role>').choices(GIVEN_ROLES))
    .option('--reason <text>', 'stands in the history', '')
    .action(
      run(async (context, handle: string, wanted: string, { reason }: { reason: string }) => {
        const changed = await context.withDatabase(async (database) =>
          done(await setRole(database, operator(), handle, { role: wanted, reason }, new Date())),
        );
        const { handle: whose, role: now } = changed.account;
        context.result({ handle: whose, role: now }, () => context.say(`@${whose} is ${now}.`));
      }),
    );
  examples(role, [
    './muster account role ada triager',
    './muster account role ada security --reason "joined the team"',
    './muster account role bob contributor --json',
  ]);

  const disable = account
    .command('disable')
    .description('Close an account: sessions end, tokens open nothing any more. What they did stays theirs.')
    .argument('<handle>')
    .requiredOption('--reason <text>', 'stands in the history')
    .action(
      run(async (context, handle: string, { reason }: { reason: string }) => {
        await context.withDatabase(async (database) =>
          done(await disableAccount(database, operator(), handle, reason, new Date())),
        );
        context.result({ handle, disabled: true }, () => context.say(`@${handle} is closed.`));
      }),
    );
  examples(disable, [
    './muster account disable bob --reason "left the team"',
    './muster account disable @spammer --reason spam',
    './muster account disable bob --reason "asked for it" --json',
  ]);

  const enable = account
    .command('enable')
    .description('Open a closed account again, with the role that it had.')
    .argument('<handle>')
    .action(
      run(async (context, handle: string) => {
        await context.withDatabase(async (database) =>
          done(await enableAccount(database, operator(), handle, new Date())),
        );
        context.result({ handle, disabled: false }, () => context.say(`@${handle} is open again.`));
      }),
    );
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
    .argument('<handle>')
    .requiredOption('--reason <text>', 'how you know that it is them: the admin decides by it')
    .action(
      run(async (context, handle: string, { reason }: { reason: string }) => {
        const asked = await context.withDatabase(async (database) =>
          done(await recoverByOperator(database, operator(), handle, reason, new Date())),
        );
        const link = asked.secret === null ? null : addressOf(context, `/recover?link=${asked.secret}`);
        context.result({ recovery: asked.id, link }, () =>
          context.say(
            link === null
              ? `Asked. An admin grants it: ${addressOf(context, '/accounts')}`
              : `There is no other admin to grant it, so here it is, good once, for a day:\n${link}`,
          ),
        );
      }),
    );
  examples(recover, [
    './muster account recover ada --reason "stands beside me"',
    './muster account recover @bob --reason "called from the number that we know"',
    './muster account recover ada --reason "lost the phone" --json',
  ]);

  const token = account
    .command('token')
    .description('Make an API token for an account, and print it this once.')
    .argument('<handle>')
    .requiredOption('--name <text>', 'what it is for')
    .addOption(new Option('--scope <scope...>', 'what it may').choices(SCOPES).default(['read']))
    .option('--days <n>', 'for how long it is good', numberArgument, 90)
    .action(
      run(async (context, handle: string, { name, scope, days }: TokenFlags) => {
        const made = await context.withDatabase(async (database) => {
          const owner = await accountByHandle(database.queries, handle.replace(/^@/, '').toLowerCase());
          if (owner === null) throw new MusterError('NOT_FOUND', `there is no account ${handle}`);
          const wanted = { name, scopes: scope, days };
          return done(await makeToken(database, operator(), owner.id, wanted, new Date()));
        });
        context.result({ id: made.id, token: made.token }, () => context.say(made.token));
      }),
    );
  examples(token, [
    './muster account token ada --name "nightly report"',
    './muster account token bot --name ci --scope propose --days 30',
    './muster account token bot --name ci --scope read write --json',
  ]);
}

/** Whoever has the machine itself may do all that admins may, and is named in the history. */
function operator(): Actor {
  return { id: whoAmI(), role: 'admin', account: null };
}

const CODES: Readonly<Record<RefusalCode, ErrorCode>> = {
  MALFORMED: 'USAGE',
  TAKEN: 'TRANSITION_BARRED',
  UNKNOWN: 'NOT_FOUND',
  FORBIDDEN: 'FORBIDDEN',
  BARRED: 'TRANSITION_BARRED',
  WRONG: 'UNAUTHENTICATED',
  LIMITED: 'RATE_LIMITED',
};

/** @throws MusterError for what was refused */
function done<T extends object>(outcome: Outcome<T>): { outcome: 'done' } & T {
  if (outcome.outcome === 'done') return outcome;
  const why = outcome.why.replace(/\.$/, '');
  throw new MusterError(CODES[outcome.code], outcome.field === null ? why : `${outcome.field}: ${why}`);
}

function addressOf({ config }: Context, path: string): string {
  const base = config.publicUrl ?? `http://${config.host}:${config.port}`;
  return `${base.replace(/\/$/, '')}${path}`;
}
