/** Conditions on issues, for other rooms' readings (base/db, together.ts): each is SQL about expressions of the caller's. */

/** Whether a source has announced the issue. */
export function announcedBy(issue: string, source: string): string {
  return `exists (select from issue_card c where c.issue = ${issue} and c.sources @> array[${source}])`;
}

/** Whether that person has claimed the issue at that moment. */
export function claimedBy(issue: string, person: string, now: string): string {
  return `exists (select from issue_field f where f.issue = ${issue} and f.field = 'claim'
    and f.value->>'person' = ${person} and (f.value->>'until')::timestamptz > ${now})`;
}
