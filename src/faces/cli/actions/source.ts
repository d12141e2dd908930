import { listQuarantine, SOURCES, sourceNamed, sourceStates } from '#domain/sources';
import type { Context } from '../context.ts';
import { table } from '../table.ts';

/** `muster source list` */
export async function list(context: Context): Promise<void> {
  const states = await context.query(sourceStates);
  const rows = SOURCES.map(({ id, title, homepage, licence }) => {
    const state = states.find((each) => each.source === id);
    return {
      source: id,
      title,
      homepage,
      licence: licence.name,
      reports: state?.reports ?? 0,
      quarantined: state?.quarantined ?? 0,
      newest: state?.newest?.toISOString().slice(0, 10) ?? null,
      lastSuccess: state?.last_success?.toISOString() ?? null,
      lastError: state?.last_error ?? null,
    };
  });
  context.result(rows, () => {
    context.say(
      table(
        ['source', 'reports', 'quarantined', 'newest', 'last read', 'licence'],
        rows.map((row) => [
          row.source,
          row.reports,
          row.quarantined,
          row.newest ?? '–',
          row.lastSuccess?.slice(0, 16).replace('T', ' ') ?? 'never',
          row.licence,
        ]),
      ),
    );
    for (const { source, lastError } of rows)
      if (lastError !== null) context.say(`${source}: the last run failed: ${lastError}`);
  });
}

/** `muster source quarantine` */
export async function quarantine(context: Context, name: string | undefined): Promise<void> {
  const id = name === undefined ? undefined : sourceNamed(name).id;
  const entries = await context.query((queries) => listQuarantine(queries, id));
  context.result(entries, () => {
    if (entries.length === 0) context.say('Nothing is in quarantine.');
    for (const { source: of, path, document, reason, place, message } of entries) {
      context.say(`${of}  ${path}${document === '' || document === path ? '' : `  ${document}`}`);
      context.say(`    ${reason}${place === '' ? '' : ` at ${place}`}: ${message}`);
    }
  });
}
