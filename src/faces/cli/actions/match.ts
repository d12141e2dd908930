import type { Database } from '#base/db';
import { listChannels } from '#domain/channels';
import { countSuggestions, rematch } from '#domain/matching';
import type { Context } from '../context.ts';

/** Nothing found must not look like nothing there. */
export const NO_CHANNEL =
  'There is no channel yet, so no package was looked at: ./muster channel import NAME FILE';

/** `muster match` */
export async function match(context: Context): Promise<void> {
  const { channels, ...result } = await context.withDatabase(async (database) => ({
    ...(await matchWhatIsNew(context, database)),
    suggestions: await countSuggestions(database.queries),
    channels: (await listChannels(database.queries)).length,
  }));
  context.result(result, () => {
    if (channels === 0) return context.say(NO_CHANNEL);
    const { toLookAt, all } = result.suggestions;
    const done = result.ran
      ? `${result.issues} issues matched, ${result.fresh} new suggestions`
      : 'Nothing is new since the last time';
    context.say(`${done}. ${toLookAt} of ${all} suggestions are to be looked at; the others look safe.`);
  });
}

/** Brings issues and suggestions up to what came in, and shows how far it is. */
export function matchWhatIsNew({ progress }: Context, database: Database): ReturnType<typeof rematch> {
  return rematch(
    database,
    (done, of) => progress.show(`matching  ${done}/${of} issues`),
    (step) => progress.show(`issues  ${step}`),
  );
}
