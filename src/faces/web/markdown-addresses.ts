import type { AddressOf } from '#base/formats';
import { issueAddress, personAddress } from './components/addresses.ts';
import { eventAddress, proposalAddress } from './editing-addresses.ts';
import { SEARCH_ADDRESS, vulnerabilityAddress, withQuery } from './list-addresses.ts';

/** Where what somebody wrote leads: numbers to their pages, `@ada` to her. Always the same, so that what was rendered is kept. */
export const markdownAddress: AddressOf = ({ kind, id }) => {
  switch (kind) {
    case 'vulnerability':
      return vulnerabilityAddress(id);
    case 'issue':
      return issueAddress(id);
    case 'person':
      return personAddress(id);
    case 'proposal':
      return proposalAddress(Number(id));
    case 'event':
      return eventAddress(Number(id));
    // Whose it is only a look says: the search leads straight to it.
    case 'advisory':
      return withQuery(SEARCH_ADDRESS, { q: id });
  }
};
