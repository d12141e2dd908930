import { appendEvents, type Database, lockHistory } from '#base/db';
import { webAddress } from '#base/formats';
import { EMAIL_RULE, type Limit, readEmail, takeFromBucket } from '#domain/accounts';
import { countWaitingIntake, insertIntake, intakeByKey } from './store-intake.ts';

/** What a visitor fills in. */
export interface VisitorReport {
  /** The first question: whether everybody may know of it already. */
  isPublic: boolean;
  url?: string | undefined;
  words?: string | undefined;
  package?: string | undefined;
  /** Where they may be answered; seen by triagers alone, and forgotten once the report is decided on. */
  email?: string | undefined;
  /** Chosen by the sender: sent twice is stored once. */
  key?: string | undefined;
}

export interface ReceiveOptions {
  /** Where it came from, hashed with something that is forgotten: for the limit alone, and not stored. */
  sender: string;
  /** Whom to write to about what is not public, and with which key (settings securityContact, securityKey). */
  securityContact: string | null;
  securityKey: string | null;
  at?: Date;
}

export type Received =
  | { outcome: 'received'; id: number }
  /** Nothing of it was stored, nor that it came. */
  | { outcome: 'not_public'; contact: string | null; key: string | null }
  | { outcome: 'refused'; why: string }
  | { outcome: 'limited'; seconds: number };

/** From one sender; and from everybody together, so that no crowd can bury what waits. */
const FROM_ONE: Limit = { capacity: 5, perSeconds: 3600 };
const FROM_ALL: Limit = { capacity: 200, perSeconds: 3600 };
const MOST_WAITING = 2000;
const LONGEST = 10_000;

/**
 * Takes in what somebody without an account reports. What is not public is not for here: nothing of it is stored, and the
 * answer says whom to write to. What is taken in is seen by triagers only, until one of them releases it (editableIntake);
 * the history says that something came, and nothing of it.
 */
export async function receiveReport(
  database: Database,
  report: VisitorReport,
  options: ReceiveOptions,
): Promise<Received> {
  if (!report.isPublic)
    return { outcome: 'not_public', contact: options.securityContact, key: options.securityKey };
  const { at = new Date() } = options;
  const [words, pkg] = [textOf(report.words), textOf(report.package)];
  const given = textOf(report.url);
  const url = given === null ? null : webAddress(given);
  if (given !== null && url === null)
    return { outcome: 'refused', why: 'the address must begin with https:// or http://' };
  if (url === null && words === null)
    return { outcome: 'refused', why: 'an address or a few words are needed' };
  if ((words?.length ?? 0) > LONGEST || (pkg?.length ?? 0) > 200)
    return { outcome: 'refused', why: `that is too long: at most ${LONGEST} characters` };
  const reply = textOf(report.email);
  const email = reply === null ? null : readEmail(reply);
  if (reply !== null && email === null) return { outcome: 'refused', why: EMAIL_RULE };
  return database.transaction(async (tx): Promise<Received> => {
    const { id: last } = await lockHistory(tx);
    const known = report.key === undefined ? null : await intakeByKey(tx, report.key);
    if (known !== null) return { outcome: 'received', id: known };
    const wait =
      (await takeFromBucket(tx, `intake:${options.sender}`, FROM_ONE, at)) ??
      (await takeFromBucket(tx, 'intake', FROM_ALL, at));
    if (wait !== null) return { outcome: 'limited', seconds: wait };
    if ((await countWaitingIntake(tx)) >= MOST_WAITING) return { outcome: 'limited', seconds: 3600 };
    const event = last + 1;
    const key = report.key ?? null;
    const id = await insertIntake(tx, { receivedAt: at, url, words, package: pkg, email, key, event });
    await appendEvents(
      tx,
      [
        {
          entity: 'intake',
          entityId: String(id),
          type: 'intake.received',
          actor: 'visitor',
          cause: 'form',
          payload: { kind: 'intake', id: String(id), field: 'report' },
          topics: ['intake'],
        },
      ],
      at,
    );
    return { outcome: 'received', id };
  });
}

function textOf(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
