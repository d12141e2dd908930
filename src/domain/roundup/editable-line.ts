import { z } from 'zod';
import { namesOf } from '#domain/accounts';
import { mayDecide } from '#domain/policies';
import type { Editable, Written } from '#domain/proposals';
import { findRoundup, type LineChange, type StoredLine, updateLines } from './store.ts';
import { parseLineId, readLineFields } from './store-lines.ts';
import { linesNamed } from './tick-lines.ts';

/**
 * A line of a list, `31/NSI-2017-0043`: whether it is done (null: to do), and what stands behind it. What is said of a line
 * whose round is over counts where it was carried over to as well, as far as nothing was said there since.
 */
export const editableLine: Editable = {
  kind: 'roundup_line',
  fields: { done: z.literal(true).nullable(), remark: z.string().trim().min(1).max(4000).nullable() },
  read: readLineFields,
  may: (actor) => mayDecide(actor),
  async write(tx, changes) {
    const people = changes.flatMap(({ actor }) => accountOf(actor) ?? []);
    const names = new Map((await namesOf(tx, [...new Set(people)])).map(({ id, handle }) => [id, handle]));
    const changed = new Map<string, LineChange>();
    const byRound = new Map<number, Set<string>>();
    for (const { id } of changes) {
      const line = parseLineId(id);
      if (line !== null) byRound.set(line.roundup, (byRound.get(line.roundup) ?? new Set()).add(line.issue));
    }
    const lines = new Map<string, readonly StoredLine[]>();
    for (const [number, issues] of byRound) {
      const round = await findRoundup(tx, number);
      if (round === null) continue;
      for (const [issue, own] of await linesNamed(tx, round, [...issues]))
        lines.set(`${number}/${issue}`, own);
    }
    for (const { id, field, value, before, version, actor } of changes) {
      const own = parseLineId(id)?.roundup;
      for (const line of lines.get(id) ?? []) {
        if (line.roundup !== own && !goesAlong(line, { field, value, before })) continue;
        const key = `${line.roundup}/${line.issue}`;
        const change = changed.get(key) ?? {
          ...{ roundup: line.roundup, issue: line.issue, doneBy: line.doneBy, remark: line.remark },
        };
        if (field === 'done') {
          const by = names.get(accountOf(actor) ?? -1) ?? actor;
          changed.set(key, { ...change, doneBy: value === true ? (line.doneBy ?? by) : null, version });
        } else changed.set(key, { ...change, remark: value as string | null, remarkVersion: version });
      }
    }
    await updateLines(tx, [...changed.values()]);
  },
  history(id) {
    const slash = id.indexOf('/');
    return { entity: 'roundup', entityId: id.slice(0, slash), topics: [`issue:${id.slice(slash + 1)}`] };
  },
};

/**
 * Whether a line that goes on with another one follows a change of that. What is done stays so, by whoever was first; to open
 * the other one again opens that one alone; and words that were written here since are nobody else's to replace.
 */
function goesAlong(line: StoredLine, { field, value, before }: Pick<Written, 'field' | 'value' | 'before'>) {
  return field === 'done' ? value === true && line.doneBy === null : line.remarkVersion === before.version;
}

/** Lists name people by their handles, as markdown does. */
function accountOf(actor: string): number | null {
  const [, id] = /^person:(\d{1,15})$/.exec(actor) ?? [];
  return id === undefined ? null : Number(id);
}
