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
  const page = PAGES.get(topic.slice(0, colon));
  const name = topic.slice(colon + 1);
  return page === undefined || name === '' ? `${origin}/` : `${origin}/${page}/${encodeURIComponent(name)}`;
}
