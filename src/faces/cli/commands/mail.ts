import { numberArgument, reasonArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

const received = () => import('../actions/mail-received.ts');

/** `muster mail status`, `mail try`, `mail again`; `mail sync`, `mail boxes`, `mail key …`, `mail redact` */
export function mailCommands({ program, run }: Cli): void {
  const mail = program
    .command('mail')
    .description('Mails to people, and how they get out; mail of mailing lists, and how it comes in.');
  const status = mail
    .command('status')
    .description('How many mails wait, and which ones the server did not take, with what it said.')
    .action(run(async () => (await import('../actions/mail.ts')).status));
  examples(status, [
    './muster mail status',
    './muster mail status --json',
    './muster mail status --data ./data/demo',
  ]);
  const attempt = mail
    .command('try')
    .description('Send one mail now, to see whether it arrives.')
    .argument('<address>', 'where to')
    .action(run(async () => (await import('../actions/mail.ts')).attempt));
  examples(attempt, [
    './muster mail try you@example.org',
    'MUSTER_SMTP_URL=smtp://localhost MUSTER_MAIL_FROM=muster@example.org ./muster mail try you@example.org',
    './muster mail try you@example.org --json',
  ]);
  const again = mail
    .command('again')
    .description('Have every mail that failed tried again soon, also those that were given up.')
    .action(run(async () => (await import('../actions/mail.ts')).again));
  examples(again, [
    './muster mail again',
    './muster mail again --json',
    './muster mail again && ./muster worker --once',
  ]);
  const sync = mail
    .command('sync')
    .description(
      'Read mail of mailing lists into threads: from the mailboxes of the settings, or from those that are named.',
    )
    .option('--mbox <file...>', 'archives in mbox form')
    .option('--maildir <folder...>', 'maildirs')
    .option('--list <id>', 'every message is of that list (its List-Id), also those that do not say so')
    .option('--archive', 'brought in as history: new threads wait for nobody')
    .action(run(async () => (await received()).sync));
  examples(sync, [
    './muster mail sync',
    './muster mail sync --mbox oss-security-2016.mbox --archive',
    './muster mail sync --maildir ~/Maildir/lists --json',
  ]);
  const boxes = mail
    .command('boxes')
    .description('How far each mailbox has been read, and what went wrong at the last time.')
    .action(run(async () => (await received()).boxes));
  examples(boxes, [
    './muster mail boxes',
    './muster mail boxes --json',
    './muster mail boxes --data ./data/demo',
  ]);
  const key = mail.command('key').description('Keys of people whose signatures are checked.');
  const add = key
    .command('add')
    .description('Check the signatures of those keys from now on, and those that stand in messages already.')
    .argument('<file>', 'public keys, armoured')
    .action(run(async () => (await received()).addKey));
  examples(add, [
    './muster mail key add security-team.asc',
    './muster mail key add keys.asc --json',
    './muster mail key add - < keys.asc',
  ]);
  const keys = key
    .command('list')
    .description('Whose signatures are checked.')
    .action(run(async () => (await received()).listKeys));
  examples(keys, [
    './muster mail key list',
    './muster mail key list --json',
    './muster mail key list --data ./data/demo',
  ]);
  const remove = key
    .command('remove')
    .description('Check the signatures of a key no longer.')
    .argument('<fingerprint>', 'its fingerprint, with or without blanks')
    .action(run(async () => (await received()).dropKey));
  examples(remove, [
    './muster mail key remove 0123456789ABCDEF0123456789ABCDEF01234567',
    './muster mail key remove "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567"',
    './muster mail key remove 0123456789ABCDEF0123456789ABCDEF01234567 --json',
  ]);
  const redact = mail
    .command('redact')
    .description('Erase a message of a list for good: its words, its subject, whose it was.')
    .argument('<message>', 'its number', numberArgument)
    .requiredOption(
      '--reason <text>',
      'why; the history keeps it, so say nothing of what is erased',
      reasonArgument,
    )
    .action(run(async () => (await received()).redactOne));
  examples(redact, [
    './muster mail redact 4711 --reason "asked for by its author"',
    './muster mail redact 4711 --reason "a password" --json',
    './muster mail redact 4711 --reason "personal data" && ./muster log verify',
  ]);
}
