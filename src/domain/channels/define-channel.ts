import { appendEvents, type Database } from '#base/db';
import { MusterError } from '#base/errors';
import { parseIsoDate } from '#base/formats';
import { type Channel, checkChannelName, guessLifecycle, LIFECYCLES, type Lifecycle } from './channel.ts';
import { channelForUpdate, lockChannel, saveChannel } from './store.ts';

/** What is to be known of a channel; what is left out stays as it is. */
export interface ChannelDefinition {
  lifecycle?: Lifecycle | undefined;
  /** Days, as `2017-03-31`; null takes the day away. */
  released?: string | null | undefined;
  endOfLife?: string | null | undefined;
}

/**
 * Makes a channel, or changes what is known of it. Event `channel.defined` for a new one, `channel.changed` with the old
 * and new values otherwise; none where nothing changes.
 *
 * @returns the channel as it is now
 * @throws MusterError USAGE
 */
export async function defineChannel(
  database: Database,
  name: string,
  definition: ChannelDefinition,
  by: { actor: string; cause: string },
): Promise<Channel> {
  checkChannelName(name);
  checkDefinition(definition);
  return await database.transaction(async (tx) => {
    const { isNew } = await lockChannel(tx, name, definition.lifecycle ?? guessLifecycle(name));
    const before = await channelForUpdate(tx, name);
    if (before === null) throw new MusterError('NOT_FOUND', `there is no channel ${name}`);
    const after = { ...before, ...given(definition) };
    const changed = Object.entries(after).filter(([key, value]) => before[key as keyof Channel] !== value);
    if (changed.length > 0) await saveChannel(tx, after);
    if (!isNew && changed.length === 0) return after;
    const change = {
      from: Object.fromEntries(changed.map(([key]) => [key, before[key as keyof Channel]])),
      to: Object.fromEntries(changed),
    };
    await appendEvents(tx, [
      {
        entity: 'channel',
        entityId: name,
        type: isNew ? 'channel.defined' : 'channel.changed',
        ...by,
        payload: isNew ? { ...after } : change,
      },
    ]);
    return after;
  });
}

/**
 * Sets where a channel is in its life. Only the label changes: an ended channel keeps its revisions, and goes on being
 * matched and counted.
 *
 * @throws MusterError NOT_FOUND where there is no such channel
 */
export async function setLifecycle(
  database: Database,
  name: string,
  lifecycle: Lifecycle,
  by: { actor: string; cause: string },
): Promise<Channel> {
  const known = await database.transaction((tx) => channelForUpdate(tx, name));
  if (known === null) throw new MusterError('NOT_FOUND', `there is no channel ${name}`);
  return await defineChannel(database, name, { lifecycle }, by);
}

function given(definition: ChannelDefinition): Partial<Channel> {
  return Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined));
}

function checkDefinition({ lifecycle, released, endOfLife }: ChannelDefinition): void {
  if (lifecycle !== undefined && !LIFECYCLES.includes(lifecycle))
    throw new MusterError('USAGE', `"${lifecycle}" is not a life cycle: ${LIFECYCLES.join(', ')}`);
  for (const day of [released, endOfLife]) {
    if (day && (day.length !== 10 || parseIsoDate(day) === null))
      throw new MusterError('USAGE', `"${day}" is not a day: write 2017-03-31`);
  }
  if (released && endOfLife && endOfLife < released)
    throw new MusterError('USAGE', `a channel cannot end on ${endOfLife}, before its release on ${released}`);
}
