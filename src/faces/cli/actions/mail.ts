import { outboxState, retryEffects } from '#base/db';
import { EXIT, MusterError } from '#base/errors';
import { MAIL_KINDS, trialLetter } from '#faces/mail';
import type { Context } from '../context.ts';
import { mailerOf, placesOf } from '../mailing.ts';

/** `muster mail status` */
export async function status(context: Context): Promise<void> {
  const state = await context.query((queries) => outboxState(queries, MAIL_KINDS));
  const server = context.config.smtpUrl !== undefined;
  if (state.givenUp + state.failing > 0) context.setExit(EXIT.failed);
  context.result({ server, ...state }, () => {
    if (!server) context.say('No mail server is set (smtpUrl): nothing goes out.');
    context.say(
      `${state.waiting} wait, ${state.failing} failed and are tried again, ${state.givenUp} given up.`,
    );
    for (const { kind, attempts, error, since, givenUp } of state.failures)
      context.say(
        `  ${since.toISOString()} ${kind}: ${givenUp ? 'given up after' : 'failed'} ${attempts} times: ${error}`,
      );
  });
}

/** `muster mail try` */
export async function attempt(context: Context, to: string): Promise<void> {
  if (!/^[^\s<>@,;]+@[^\s<>@,;]+$/.test(to)) throw new MusterError('USAGE', `"${to}" is no address`);
  const mailer = mailerOf(context.config);
  if (mailer === null)
    throw new MusterError('CONFIG_INVALID', 'smtpUrl is not set: say which server takes mail');
  try {
    const letter = trialLetter(placesOf(context.config));
    const { messageId } = await mailer.send({ key: `try:${to}:${Date.now()}`, to, ...letter });
    context.result({ to, messageId }, () => context.say(`The server took it, as ${messageId}.`));
  } finally {
    mailer.close();
  }
}

/** `muster mail again` */
export async function again(context: Context): Promise<void> {
  const mails = await context.query((queries) => retryEffects(queries, MAIL_KINDS));
  context.result({ mails }, () => context.say(`${mails} mails are tried again.`));
}
