import { type KeptRows, keptRows, type ReadFirst, type Reading } from '#base/db';
import type { IssueBrief, IssueCard } from './card.ts';
import type { IssueExploitation } from './exploitation.ts';
import { type LineStatus, type PackedBoxes, type PackedRest, statusAt, unpackBoxes } from './pack-boxes.ts';
import type { Issue } from './store.ts';
import { EXPLOITATION } from './store-exploitation.ts';
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
  exploitation: IssueExploitation | null;
}

type PackedFields = Record<string, [IssueFields[string]['value'], number]>;

interface StoredPage {
  issue: Record<'opened' | 'lastReport' | 'createdAt' | 'grownAt', string> & Omit<Issue, 'opened'>;
  redirect: string | null;
  endedAt: string | null;
  changed: number;
  made: number | null;
  page: IssueCard | null;
  boxes: PackedBoxes | null;
  rest: PackedRest | null;
  fields: PackedFields | null;
  exploitation: IssueExploitation | null;
}

const HEAD = `json_build_object('id', i.id, 'product', i.product, 'title', i.title, 'severity', i.severity,
  'opened', i.opened, 'lastReport', i.last_report, 'createdAt', i.created_at, 'grownAt', i.grown_at)`;

const FIELDS = `(select json_object_agg(f.field, json_build_array(f.value, f.version)) from issue_field f
  where f.issue = i.id)`;

/** The issue whose id is `$1`; null where there never was one. */
export const issuePageReading: Reading<IssuePage | null> = {
  sql: `select json_build_object('issue', ${HEAD}, 'redirect', i.redirect, 'endedAt', i.ended_at, 'changed', i.changed,
      'made', c.changed, 'page', c.page, 'boxes', b.boxes, 'rest', b.rest, 'fields', ${FIELDS},
      'exploitation', ${EXPLOITATION})
    from issue i left join issue_card c on c.issue = i.id left join issue_boxes b on b.issue = i.id
      left join issue_exploitation x on x.issue = i.id where i.id = $1`,
  read: (json) => {
    if (json === null) return null;
    const { issue, redirect, endedAt, changed, made, page, boxes, rest, fields, exploitation } =
      json as StoredPage;
    return {
      issue: asIssue(issue, fields),
      redirect,
      endedAt: endedAt === null ? null : new Date(endedAt),
      card: made === changed ? page : null,
      statuses: unpackBoxes(issue.id, boxes, rest, new Date().toISOString().slice(0, 10)),
      fields: fieldsIn(fields),
      exploitation,
    };
  },
};

/**
 * What leads from elsewhere to the issue whose id is `$1`: rows of one of its vulnerabilities, and rows of an id under which it
 * is known, those merged into it among them. For readings of rooms that come after.
 */
export const issueKeysFirst: ReadFirst = {
  name: 'issue_keys',
  sql: `select vulnerability, null::text as issue from issue_atom where issue = $1
    union all select null, id from issue where id = $1 or redirect = $1`,
};

/** What a list shows of an issue. What people say of it outranks what was derived. */
export interface IssueLine {
  issue: Pick<Issue, 'id' | 'product' | 'title' | 'severity' | 'opened'>;
  /** Null where it has to be made first, see refreshCards. */
  brief: IssueBrief | null;
  /** Whether it is used by attackers, or likely to be; null where no signal says so. */
  exploitation: IssueExploitation | null;
  /** Of them a claim may have run out since it was read. */
  fields: IssueFields;
  /** What people decided of a package in a channel; null where nobody did. */
  decided(name: string, channel: string): LineStatus | null;
  /** Everybody who decided something. */
  deciders: readonly string[];
}

/** Lines of issues, by id; unknown ones are left out. */
export const issueLines: KeptRows<IssueLine> = keptRows<PackedLine, IssueLine>({
  marks: (ids) => `select i.id, concat(i.xmin, '.', c.xmin, '.', b.xmin, '.', x.xmin, '.',
      (select concat(count(*), '.', max(f.xmin::text::bigint)) from issue_field f where f.issue = i.id)) as mark
    from issue i left join issue_card c on c.issue = i.id left join issue_boxes b on b.issue = i.id
      left join issue_exploitation x on x.issue = i.id
    where i.id = any(${ids})`,
  rows: `select i.id, json_build_array(i.id, i.product, i.title, i.severity, i.opened,
      case when c.changed = i.changed then c.brief end, b.boxes, ${FIELDS}, ${EXPLOITATION}) as data
    from issue i left join issue_card c on c.issue = i.id left join issue_boxes b on b.issue = i.id
      left join issue_exploitation x on x.issue = i.id
    where i.id = any($1::text[])`,
  read: lineOf,
  most: 3000,
});

type PackedLine = [
  id: string,
  product: string,
  title: string,
  severity: Issue['severity'],
  opened: string,
  brief: IssueBrief | null,
  boxes: PackedBoxes | null,
  fields: PackedFields | null,
  exploitation: IssueExploitation | null,
];

/** A list shows few of the boxes, so they stay packed. */
function lineOf([
  id,
  product,
  title,
  severity,
  opened,
  brief,
  boxes,
  packed,
  exploitation,
]: PackedLine): IssueLine {
  const fields = allFieldsIn(packed);
  return {
    issue: {
      ...{ id, product },
      title: (fields.title?.value as string | null | undefined) ?? title,
      severity: (fields.severity?.value as Issue['severity'] | undefined) ?? severity,
      opened: new Date(opened),
    },
    brief,
    exploitation,
    fields,
    decided: (name, channel) => statusAt(boxes, name, channel, new Date().toISOString().slice(0, 10)),
    deciders: boxes?.[2] ?? [],
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

/** A claim that has run out reads as none (fieldsOfIssues). */
function fieldsIn(packed: PackedFields | null): IssueFields {
  const fields = allFieldsIn(packed);
  const until = (fields.claim?.value as { until?: string } | null | undefined)?.until;
  if (until === undefined || until > new Date().toISOString()) return fields;
  return { ...fields, claim: { value: null, version: fields.claim?.version ?? 0 } };
}

function allFieldsIn(packed: PackedFields | null): IssueFields {
  if (packed === null) return {};
  return Object.fromEntries(
    Object.entries(packed).map(([field, [value, version]]) => [field, { value, version }]),
  );
}
