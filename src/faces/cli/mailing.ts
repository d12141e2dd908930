import type { Config } from '#base/config';
import type { Database, Effect } from '#base/db';
import { MusterError } from '#base/errors';
import { type Mailer, makeMailer } from '#base/mail';
import { digestTimes, mailDeliverers, type Places } from '#faces/mail';

/** The mail server that the settings name; null where they name none. @throws MusterError CONFIG_INVALID where half of it is said */
export function mailerOf({ smtpUrl, mailFrom, publicUrl }: Config): Mailer | null {
  if (smtpUrl === undefined) return null;
  if (mailFrom === undefined)
    throw new MusterError('CONFIG_INVALID', 'smtpUrl is set, mailFrom is not: say whom mails are from');
  if (publicUrl === undefined)
    throw new MusterError(
      'CONFIG_INVALID',
      'smtpUrl is set, publicUrl is not: links in mails lead there, so say how others reach this Muster',
    );
  return makeMailer({ url: smtpUrl, from: mailFrom });
}

/** Where links in mails lead. */
export function placesOf({ publicUrl, host, port, team }: Config): Places {
  return { origin: new URL(publicUrl ?? `http://${host}:${port}`).origin, team };
}

/** Who carries out mails in the outbox; nobody where there is no mail server. */
export function deliverersOf(
  database: Database,
  config: Config,
): Record<string, (effect: Effect) => Promise<void>> {
  const mailer = mailerOf(config);
  if (mailer === null) return {};
  return mailDeliverers({ database, mailer, places: placesOf(config), nextDigest: digestTimes(config) });
}
