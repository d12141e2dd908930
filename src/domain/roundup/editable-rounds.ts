import { z } from 'zod';
import type { Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { addresseesOf } from '#domain/accounts';
import { mayPlanRounds } from '#domain/policies';
import type { Editable, Written } from '#domain/proposals';
import {
  eraseItems,
  readItems,
  readLeads,
  readRota,
  writeItems,
  writeLeads,
  writeRota,
} from './store-rounds.ts';

const person = z.string().regex(/^person:[1-9]\d{0,14}$/, 'must be a person');

/** Who leads which week: `id` is the day on which it opens, `2026-11-25`. */
export const editableRota: Editable = {
  kind: 'rota',
  fields: { value: person.nullable() },
  read: readRota,
  may: (actor) => mayPlanRounds(actor),
  async write(tx, changes) {
    await checkPeople(tx, changes);
    await writeRota(tx, changes);
  },
  history: (id) => ({ entity: 'rota', entityId: id, topics: ['rota'] }),
};

/** Who leads a round that is open, by its number: most often whom the rota named. */
export const editableRoundup: Editable = {
  kind: 'roundup',
  fields: { lead: person.nullable() },
  read: readLeads,
  may: (actor) => mayPlanRounds(actor),
  async write(tx, changes) {
    await checkPeople(tx, changes);
    await writeLeads(tx, changes);
  },
  history: (id) => ({ entity: 'roundup', entityId: id, topics: [] }),
};

/** What is to be done before a round is closed, `31/announce`; null where it was taken off the list. */
export const editableItem: Editable = {
  kind: 'roundup_item',
  fields: {
    value: z.strictObject({ words: z.string().trim().min(3).max(500), done: z.boolean() }).nullable(),
  },
  read: readItems,
  may: (actor) => mayPlanRounds(actor),
  write: writeItems,
  erase: eraseItems,
  history: (id) => ({ entity: 'roundup', entityId: id.slice(0, id.indexOf('/')), topics: [] }),
};

/** @throws MusterError NOT_FOUND where somebody is nobody, or cannot sign in any more */
async function checkPeople(tx: Tx, changes: readonly Written[]): Promise<void> {
  const named = changes.flatMap(({ value }) => (typeof value === 'string' ? [Number(value.slice(7))] : []));
  const known = new Set((await addresseesOf(tx, named)).map(({ id }) => id));
  const unknown = named.find((id) => !known.has(id));
  if (unknown !== undefined)
    throw new MusterError('NOT_FOUND', `there is nobody with the account ${unknown}`);
}
