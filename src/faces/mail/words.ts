import { type Block, htmlOf, textOf } from '#base/mail';

/** What a mail says, before anybody knows to whom. */
export interface Letter {
  subject: string;
  text: string;
  html: string;
}

/** Something that somebody is told. */
export interface ToldThing {
  words: string;
  topic: string;
}

/** Addresses in mails are whole ones. */
export interface Places {
  /** `https://muster.example.org` */
  origin: string;
  team: string;
}

/** A mail about one thing. */
export function noticeLetter(notice: ToldThing, places: Places, stop: string): Letter {
  const blocks: Block[] = [
    { kind: 'words', text: notice.words },
    { kind: 'link', text: 'Look at it', href: pageOf(notice.topic, places) },
  ];
  return { subject: `[${places.team}] ${notice.words}`, ...both(blocks, footer(places, stop)) };
}

/** A mail about all that somebody was told since the last one. */
export function digestLetter(notices: readonly ToldThing[], places: Places, stop: string): Letter {
  const count = notices.length === 1 ? 'One thing' : `${notices.length} things`;
  const blocks: Block[] = [
    { kind: 'words', text: `${count} since the last mail:` },
    {
      kind: 'list',
      items: notices.map(({ words, topic }) => ({ text: words, href: pageOf(topic, places) })),
    },
  ];
  return { subject: `[${places.team}] ${count} for you`, ...both(blocks, footer(places, stop)) };
}

/** A mail that shows whether an address reaches whoever says so. */
export function confirmLetter(handle: string, secret: string, { origin, team }: Places): Letter {
  const href = `${origin}/mail/confirm?link=${secret}`;
  const blocks: Block[] = [
    {
      kind: 'words',
      text: `Somebody, hopefully you, says that this is the address of @${handle} at ${origin}.`,
    },
    { kind: 'link', text: 'If so, confirm it within three days', href },
    { kind: 'words', text: 'If not, do nothing: no other mail will come.' },
  ];
  return { subject: `[${team}] Is this your address?`, ...both(blocks) };
}

/** A mail to one side of a change of address: the one that is left, or the one that is to come. */
export function addressLetter(
  { handle, side, to }: { handle: string; side: 'leave' | 'arrive'; to: string | null },
  secret: string,
  { origin, team }: Places,
): Letter {
  const href = `${origin}/mail/confirm?link=${secret}`;
  const what =
    to === null
      ? `wants @${handle} at ${origin} to have no address any more`
      : `wants ${to} to be the address of @${handle} at ${origin}`;
  const blocks: Block[] = [
    { kind: 'words', text: `Somebody, hopefully you, ${what}.` },
    { kind: 'link', text: 'If so, agree within three days', href },
    {
      kind: 'words',
      text:
        side === 'leave'
          ? 'If not, do nothing: everything stays as it is. But somebody is signed in as you: set another password, which ends every session.'
          : 'If not, do nothing: no other mail will come.',
    },
  ];
  const subject = side === 'leave' ? 'Shall mail for you go elsewhere?' : 'Is this your address?';
  return { subject: `[${team}] ${subject}`, ...both(blocks) };
}

/** A mail that asks somebody in. */
export function inviteLetter(
  { role, secret, expiresAt }: { role: string; secret: string; expiresAt: Date },
  { origin, team }: Places,
): Letter {
  const blocks: Block[] = [
    {
      kind: 'words',
      text: `The security team of ${team} asks you in at ${origin}, as ${role}.`,
    },
    {
      kind: 'link',
      text: `Make your account, once, until ${dayOf(expiresAt)}`,
      href: `${origin}/sign-up?invite=${secret}`,
    },
    { kind: 'words', text: 'Whoever has this link can use it: forward it to nobody.' },
  ];
  return { subject: `[${team}] You are asked in`, ...both(blocks) };
}

/** A mail with a way back into an account, which two admins have agreed on. */
export function recoveryLetter(
  { handle, secret, expiresAt }: { handle: string; secret: string; expiresAt: Date },
  { origin, team }: Places,
): Letter {
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const blocks: Block[] = [
    { kind: 'words', text: `Two admins have granted a way back into @${handle} at ${origin}.` },
    {
      kind: 'link',
      text: `Set a new password, once, until ${until}`,
      href: `${origin}/recover?link=${secret}`,
    },
    {
      kind: 'words',
      text: 'If you have not asked for it, do not use it, and tell the admins: somebody else has.',
    },
  ];
  return { subject: `[${team}] A way back into your account`, ...both(blocks) };
}

/** A mail that tells whoever reported something without an account what came of it. */
export function intakeLetter(
  { words, issue }: { words: string; issue: string | null },
  { origin, team }: Places,
): Letter {
  const blocks: Block[] = [
    { kind: 'words', text: `You reported something to the security team of ${team}, at ${origin}/report.` },
    { kind: 'words', text: words },
    ...(issue === null
      ? []
      : [
          {
            kind: 'link' as const,
            text: `It is in ${issue}`,
            href: `${origin}/issues/${encodeURIComponent(issue)}`,
          },
        ]),
    {
      kind: 'words',
      text: 'Thank you. Your address is forgotten with this mail: no other will come, and an answer reaches nobody.',
    },
  ];
  return { subject: `[${team}] What came of your report`, ...both(blocks) };
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** A mail that shows whether mails go out at all. */
export function trialLetter({ origin, team }: Places): Letter {
  const blocks: Block[] = [
    { kind: 'words', text: `Mails of Muster at ${origin} reach you. Whoever runs it asked for this one.` },
  ];
  return { subject: `[${team}] Mail works`, ...both(blocks) };
}

function footer({ origin, team }: Places, stop: string): Block[] {
  return [
    { kind: 'words', text: `You get this because you take part in the security work of ${team}.` },
    { kind: 'link', text: 'Choose what you get', href: `${origin}/account#mail` },
    { kind: 'link', text: 'No more mails', href: stop },
  ];
}

function both(blocks: readonly Block[], below: readonly Block[] = []): Pick<Letter, 'text' | 'html'> {
  return { text: textOf(blocks, below), html: htmlOf(blocks, below) };
}

const PAGES: ReadonlyMap<string, string> = new Map([
  ['issue', 'issues'],
  ['package', 'packages'],
  ['channel', 'channels'],
  ['roundup', 'roundups'],
  ['proposal', 'proposals'],
  ['person', 'people'],
]);

/** The page of a topic, `issue:NSI-2017-0043`; home where it has none. */
function pageOf(topic: string, { origin }: Places): string {
  const colon = topic.indexOf(':');
  if (topic.startsWith('source:')) return `${origin}/sources`;
  const page = PAGES.get(topic.slice(0, colon));
  const name = topic.slice(colon + 1);
  return page === undefined || name === '' ? `${origin}/` : `${origin}/${page}/${encodeURIComponent(name)}`;
}
