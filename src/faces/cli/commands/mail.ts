import { type Cli, examples } from '../program.ts';

/** `muster mail status`, `mail try`, `mail again` */
export function mailCommands({ program, run }: Cli): void {
  const mail = program.command('mail').description('Mails to people, and how they get out.');
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
}
