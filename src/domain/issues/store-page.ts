import type { Reading } from '#base/db';
import type { IssueBrief, IssueCard } from './card.ts';
import { affectedAgain, type Status } from './status.ts';
import type { Issue } from './store.ts';
import type { IssueFields } from './store-fields.ts';
import type { StoredStatus } from './store-statuses.ts';

/** All that the issues room knows of one issue. */
export interface IssuePage {
  issue: Issue;
  /** Where it leads, if it was merged away. */
  redirect: string | null;
  endedAt: Date | null;
  /** Null where it has to be made first, see refreshCards. */
  card: IssueCard | null;
  statuses: StoredStatus[];
  fields: IssueFields;
}

/** A box as `issue_boxes` has it. */
type PackedBox = [
  name: string,
  channel: string,
  status: string,
  version: number,
  actor: string,
  at: string,
  more: Record<string, string> | null,
];

type PackedFields = Record<string, [IssueFields[string]['value'], number]>;

interface StoredPage {
  issue: Record<'opened' | 'lastReport' | 'createdAt' | 'grownAt', string> & Omit<Issue, 'opened'>;
  redirect: string | null;
  endedAt: string | null;
  changed: number;
  made: number | null;
  page: IssueCard | null;
  boxes: PackedBox[] | null;
  fields: PackedFields | null;
}

const HEAD = `json_build_object('id', i.id, 'product', i.product, 'title', i.title, 'severity', i.severity,
  'opened', i.opened, 'lastReport', i.last_report, 'createdAt', i.created_at, 'grownAt', i.grown_at)`;

const FIELDS = `(select json_object_agg(f.field, json_build_array(f.value, f.version)) from issue_field f
  where f.issue = i.id)`;

/** The issue whose id is `$1`; null where there never was one. */
export const issuePageReading: Reading<IssuePage | null> = {
  sql: `select json_build_object('issue', ${HEAD}, 'redirect', i.redirect, 'endedAt', i.ended_at, 'changed', i.changed,
      'made', c.changed, 'page', c.page, 'boxes', b.boxes, 'fields', ${FIELDS})
    from issue i left join issue_card c on c.issue = i.id left join issue_boxes b on b.issue = i.id where i.id = $1`,
  read: (json) => {
    if (json === null) return null;
    const { issue, redirect, endedAt, changed, made, page, boxes, fields } = json as StoredPage;
    return {
      issue: asIssue(issue, fields),
      redirect,
      endedAt: endedAt === null ? null : new Date(endedAt),
      card: made === changed ? page : null,
      statuses: statusesIn(issue.id, boxes),
      fields: fieldsIn(fields),
    };
  },
};

/** What a list shows of an issue. */
export interface IssueLine {
  issue: Issue;
  /** Null where it has to be made first, see refreshCards. */
  brief: IssueBrief | null;
  fields: IssueFields;
  /** What people decided of a package in a channel; null where nobody did. */
  decided(name: string, channel: string): LineStatus | null;
  /** Everybody who decided something, some of them more than once. */
  deciders(): string[];
}

/** What people decided of one box, as lists show it. */
export interface LineStatus {
  value: Status;
  version: number;
  changedBy: string;
}

/** Lines of the issues whose ids are `$1` (text[]), by id; unknown ones are left out. */
export const issueLinesReading: Reading<Map<string, IssueLine>> = issueLinesAmong('$1::text[]');

/**
 * The same of the ids that an expression gives: `array(select issue from …)`.
 *
 * @param attrs of a list of single packages: an expression for which of issue `i`’s are shown; the others' boxes are left out
 */
export function issueLinesAmong(ids: string, attrs?: string): Reading<Map<string, IssueLine>> {
  const boxes = attrs === undefined ? 'b.boxes' : boxesOf(attrs);
  return {
    sql: `select json_agg(json_build_array(${HEAD}, case when c.changed = i.changed then c.brief end, ${boxes}, ${FIELDS}))
      from issue i left join issue_card c on c.issue = i.id ${attrs === undefined ? 'left join issue_boxes b on b.issue = i.id' : ''}
      where i.id = any(${ids})`,
    read: (json) => {
      const today = new Date().toISOString().slice(0, 10);
      return new Map(
        ((json ?? []) as PackedLine[]).map(([head, brief, boxes, fields]) => [
          head.id,
          lineOf(asIssue(head, fields), brief, boxes ?? [], fieldsIn(fields), today),
        ]),
      );
    },
  };
}

/** As issue_boxes has them, of some packages of issue `i` alone. */
function boxesOf(attrs: string): string {
  // Most say nothing more: what would say so is not made for them.
  return `(select json_agg(json_build_array(s.package, s.channel, s.status, s.version, s.changed_by, null,
      case when coalesce(s.justification, s.fixed_in, s.link, s.note, s.until::text) is not null then
        json_strip_nulls(json_build_object('justification', s.justification, 'until', s.until, 'fixedIn', s.fixed_in,
          'link', s.link, 'note', s.note)) end))
    from status s where s.issue = i.id and s.package = any(${attrs}))`;
}

type PackedLine = [
  head: StoredPage['issue'],
  brief: IssueBrief | null,
  boxes: PackedBox[] | null,
  fields: PackedFields | null,
];

/** A list shows few of the boxes in full, so they stay as they came. */
function lineOf(
  issue: Issue,
  brief: IssueBrief | null,
  boxes: readonly PackedBox[],
  fields: IssueFields,
  today: string,
): IssueLine {
  return {
    ...{ issue, brief, fields },
    decided: (wanted, channel) => {
      for (const box of boxes)
        if (box[1] === channel && box[0] === wanted)
          return { value: statusIn(box, today), version: box[3], changedBy: box[4] };
      return null;
    },
    deciders: () => boxes.map(([, , , , changedBy]) => changedBy),
  };
}

/** What people say of it outranks what was derived. */
function asIssue(head: StoredPage['issue'], fields: PackedFields | null): Issue {
  return {
    ...head,
    title: (fields?.title?.[0] as string | null | undefined) ?? head.title,
    severity: (fields?.severity?.[0] as Issue['severity'] | undefined) ?? head.severity,
    opened: new Date(head.opened),
    lastReport: new Date(head.lastReport),
    createdAt: new Date(head.createdAt),
    grownAt: new Date(head.grownAt),
  };
}

function statusesIn(issue: string, boxes: readonly PackedBox[] | null): StoredStatus[] {
  if (boxes === null) return [];
  const today = new Date().toISOString().slice(0, 10);
  return boxes.map((box) => {
    const [name, channel, , version, changedBy, at] = box;
    return {
      ...{ issue, package: name, channel, version, changedBy, changedAt: new Date(at) },
      value: statusIn(box, today),
    };
  });
}

/** What was postponed up to today or before reads as affected, whether or not the job has been there (statusesOf). */
function statusIn([, , status, , , , more]: PackedBox, today: string): Status {
  const value = { status, ...more } as Status;
  return value.status === 'postponed' && value.until <= today ? affectedAgain(value) : value;
}

/** A claim that has run out reads as none (fieldsOfIssues). */
function fieldsIn(fields: PackedFields | null): IssueFields {
  if (fields === null) return {};
  const now = new Date().toISOString();
  return Object.fromEntries(
    Object.entries(fields).map(([field, [value, version]]) => {
      const until = field === 'claim' ? (value as { until?: string } | null)?.until : undefined;
      return [field, { value: until !== undefined && until <= now ? null : value, version }];
    }),
  );
}
