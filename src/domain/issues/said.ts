import { eventsById, type Tx } from '#base/db';
import { type Change, type FieldState, type FieldValue, touchOf } from '#domain/proposals';
import { boxId } from './status.ts';
import { fieldsSaidOf, listingsOf } from './store-carry.ts';
import { storedStatusesOf } from './store-statuses.ts';

/** What somebody said of a field of an issue, of a package under it or of a box; null where they set it back. */
export interface Said {
  issue: string;
  kind: 'package' | 'status' | 'issue';
  id: string;
  field: string;
  value: FieldValue;
  version: number;
  by: string;
  at: Date;
}

/** Everything that people said of some issues, by issue: packages first, for boxes stand on them. */
export async function saidOf(tx: Tx, issues: readonly string[]): Promise<Map<string, Said[]>> {
  const [listings, statuses, fields] = [
    await listingsOf(tx, issues),
    await storedStatusesOf(tx, issues),
    await fieldsSaidOf(tx, issues),
  ];
  const events = await eventsById(
    tx,
    listings.map(({ version }) => version),
  );
  const all: Said[] = [
    ...listings.map(({ issue, package: name, kind, listed, version }): Said => {
      const event = events.get(version);
      const author = event?.payload?.author;
      return {
        issue,
        kind: 'package',
        id: `${issue}/${name}`,
        field: 'value',
        value: listed ? kind : null,
        version,
        by: typeof author === 'string' ? author : (event?.actor ?? 'machine:unknown'),
        at: event?.at ?? new Date(0),
      };
    }),
    ...statuses.map(
      ({ value, version, changedAt, changedBy, ...box }): Said => ({
        issue: box.issue,
        kind: 'status',
        id: boxId(box),
        field: 'value',
        value: value as FieldValue,
        version,
        by: changedBy,
        at: changedAt,
      }),
    ),
    ...fields.map((row): Said => ({ ...row, kind: 'issue', id: row.issue })),
  ];
  const byIssue = new Map<string, Said[]>();
  for (const said of all) byIssue.set(said.issue, [...(byIssue.get(said.issue) ?? []), said]);
  return byIssue;
}

/** The same said of another issue, whose field is as `now`. */
export function saidOn(to: string, { issue, kind, id, field, value }: Said, now: FieldState): Change {
  return { kind, id: onIssue(id, issue, to), field, value, saw: now.version };
}

/** The id of a field, a package or a box, or of an issue's part in something (`stack-clash/NSI-2017-0043`), on another issue. */
export function onIssue(id: string, from: string, to: string): string {
  if (id === from) return to;
  if (id.endsWith(`/${from}`)) return `${id.slice(0, -from.length)}${to}`;
  return id.startsWith(`${from}/`) ? `${to}${id.slice(from.length)}` : id;
}

export function touchOn(to: string, said: Said): string {
  return touchOf({ kind: said.kind, id: onIssue(said.id, said.issue, to), field: said.field });
}
