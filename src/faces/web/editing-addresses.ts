import { type Seen, seenText } from '#faces/editing';

/** Addresses of forms that change something, and of what tells of changes. */

export const CHANGES_ADDRESS = '/changes';
export const EDIT_ADDRESS = '/edit';
export const PROPOSALS_ADDRESS = '/proposals';
export const HISTORY_ADDRESS = '/history';
export const KEYS_ADDRESS = '/keys';

export function proposalAddress(id: number): string {
  return `${PROPOSALS_ADDRESS}/${id}`;
}

export function eventAddress(id: number): string {
  return `/events/${id}`;
}

/** The form for some fields, which leads back to a page. */
export function editAddress(fields: readonly Seen[], back: string): string {
  const query = new URLSearchParams();
  for (const seen of fields) query.append('at', seenText(seen));
  query.append('back', back);
  return `${EDIT_ADDRESS}?${query}`;
}
