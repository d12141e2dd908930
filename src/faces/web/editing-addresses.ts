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
