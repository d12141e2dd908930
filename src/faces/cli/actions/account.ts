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
import type { Actor, Role, Scope } from '#domain/policies';
import type { Context } from '../context.ts';
import { readPassword } from '../read-password.ts';
import { table } from '../table.ts';
import { whoAmI } from '../who-am-i.ts';

interface CreateFlags {
  role: Exclude<Role, 'visitor'>;
  name?: string;
  email?: string;
}

interface TokenFlags {
  name: string;
  scope: Scope[];
  days: number;
}

/** `muster account create` */
export async function create(context: Context, handle: string, flags: CreateFlags): Promise<void> {
  const password = await readPassword(process.stdin, process.stderr);
  const person = { handle, name: flags.name ?? handle, email: flags.email ?? '', role: flags.role };
  const { account: made } = await context.withDatabase(async (database) =>
    done(await createAccount(database, operator(), { ...person, password }, new Date())),
  );
  context.result({ handle: made.handle, role: made.role }, () =>
    context.say(`@${made.handle} is made, as ${made.role}. Sign in: ${addressOf(context, '/sign-in')}`),
  );
}

/** `muster account list` */
export async function list(context: Context, words: string): Promise<void> {
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
}

/** `muster account role` */
export async function role(
  context: Context,
  handle: string,
  wanted: string,
  { reason }: { reason: string },
): Promise<void> {
  const changed = await context.withDatabase(async (database) =>
    done(await setRole(database, operator(), handle, { role: wanted, reason }, new Date())),
  );
  const { handle: whose, role: now } = changed.account;
  context.result({ handle: whose, role: now }, () => context.say(`@${whose} is ${now}.`));
}

/** `muster account disable` */
export async function disable(
  context: Context,
  handle: string,
  { reason }: { reason: string },
): Promise<void> {
  await context.withDatabase(async (database) =>
    done(await disableAccount(database, operator(), handle, reason, new Date())),
  );
  context.result({ handle, disabled: true }, () => context.say(`@${handle} is closed.`));
}

/** `muster account enable` */
export async function enable(context: Context, handle: string): Promise<void> {
  await context.withDatabase(async (database) =>
    done(await enableAccount(database, operator(), handle, new Date())),
  );
  context.result({ handle, disabled: false }, () => context.say(`@${handle} is open again.`));
}

/** `muster account recover` */
export async function recover(
  context: Context,
  handle: string,
  { reason }: { reason: string },
): Promise<void> {
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
}

/** `muster account token` */
export async function token(
  context: Context,
  handle: string,
  { name, scope, days }: TokenFlags,
): Promise<void> {
  const made = await context.withDatabase(async (database) => {
    const owner = await accountByHandle(database.queries, handle.replace(/^@/, '').toLowerCase());
    if (owner === null) throw new MusterError('NOT_FOUND', `there is no account ${handle}`);
    const wanted = { name, scopes: scope, days };
    return done(await makeToken(database, operator(), owner.id, wanted, new Date()));
  });
  context.result({ id: made.id, token: made.token }, () => context.say(made.token));
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
