import type { Context } from 'hono';
import { eventById } from '#base/db';
import { mayDecide } from '#domain/policies';
import { type FieldValue, proposalById } from '#domain/proposals';
import { isPublic, personIn, subjectWords, valueWords } from '#faces/editing';
import { eventAddress, proposalAddress } from './editing-addresses.ts';
import { changeOf, eventWords } from './history-entries.ts';
import type { Notice } from './layout.tsx';
import type { Site } from './site.ts';
import { whoOf } from './who.ts';

/**
 * What was just done, of whoever comes back from a form: `?set=12` names a change set, `?undone=34` an entry of the history.
 * It is read from there: whoever writes the address does not write the page.
 */
export async function readNotice(c: Context, site: Site): Promise<Notice | null> {
  const set = numberIn(c.req.query('set'));
  if (set !== null) return ofSet(c, site, set);
  const undone = numberIn(c.req.query('undone'));
  return undone === null ? null : ofUndo(site, undone);
}

async function ofSet(c: Context, site: Site, id: number): Promise<Notice | null> {
  const set = await proposalById(site.database.queries, id);
  if (set === null || !set.topics.every(isPublic)) return null;
  const href = proposalAddress(id);
  if (set.state === 'open') {
    const words =
      set.waitsFor === 'second_opinion'
        ? `Proposal ${id} waits for somebody else’s opinion.`
        : `Proposal ${id} is made: somebody who may decide will look at it.`;
    return { words, href, undo: null };
  }
  if (set.state !== 'accepted') return { words: `Proposal ${id} is ${set.state}.`, href, undo: null };
  const changes = set.amended ?? set.changes;
  const [first] = changes;
  if (first === undefined) return null;
  const names = await site.names(personIn(first.value));
  const words = `${subjectWords(first)}: ${valueWords(first, first.value, (actor) => names(actor).label)}`;
  const undo = mayDecide(whoOf(c).actor) === 'apply' ? `${href}/undo` : null;
  return {
    words: changes.length === 1 ? `${words}.` : `${words}, and ${changes.length - 1} more.`,
    href,
    undo,
  };
}

async function ofUndo(site: Site, id: number): Promise<Notice | null> {
  const event = await eventById(site.database.queries, id);
  if (event === null || changeOf(event.payload) === null || !isPublic(`${event.entity}:${event.entityId}`))
    return null;
  const names = await site.names(personIn(event.payload?.value as FieldValue | undefined));
  const words = eventWords(event, (actor) => names(actor).label);
  return { words: `${words[0]?.toUpperCase()}${words.slice(1)}.`, href: eventAddress(id), undo: null };
}

function numberIn(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}
