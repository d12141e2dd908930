import { type Deed, type Queries, whoActed } from '#base/db';

/** What somebody did for a round. */
export interface Credit {
  /** `person:3` */
  person: string;
  ticks: number;
  statuses: number;
  /** Decisions on what the matcher proposed. */
  decisions: number;
  /** Proposals of theirs that were accepted. */
  proposals: number;
  /** Proposals of others that they accepted or rejected. */
  reviews: number;
  comments: number;
  /** Anything else: titles, packages, claims, rules. */
  edits: number;
}

/** Everybody who took part between two moments, those who did most first. Whose idea it was has the credit, whoever clicked. */
export async function creditsOf(queries: Queries, since: Date, until: Date): Promise<Credit[]> {
  return creditsFrom(await whoActed(queries, since, until));
}

const COUNTED: Readonly<Record<string, keyof Omit<Credit, 'person'>>> = {
  'roundup.line.ticked': 'ticks',
  'roundup_line.done.set': 'ticks',
  'status.set': 'statuses',
  'suggestion.decision.set': 'decisions',
  'comment.body.set': 'comments',
};

/** Entries that tell of the round itself, of accounts, or of a wish whose fulfilment is counted. */
const NOT_COUNTED =
  /^(?:proposal\.(?:made|withdrawn|moved)|account\.|api_token\.|passkey\.|event\.|roundup\.(?:opened|closed|reminded|credited))/;

export function creditsFrom(deeds: readonly Deed[]): Credit[] {
  const credits = new Map<string, Credit>();
  const add = (person: string, what: keyof Omit<Credit, 'person'>, count: number) => {
    if (!person.startsWith('person:')) return;
    const none = { ticks: 0, statuses: 0, decisions: 0, proposals: 0, reviews: 0, comments: 0, edits: 0 };
    const credit = credits.get(person) ?? { person, ...none };
    credit[what] += count;
    credits.set(person, credit);
  };
  for (const { actor, author, type, count } of deeds) {
    if (type === 'proposal.accepted' || type === 'proposal.rejected') {
      if (author !== actor) add(actor, 'reviews', count);
      if (type === 'proposal.accepted' && author !== null) add(author, 'proposals', count);
    } else if (!NOT_COUNTED.test(type)) {
      const what = Object.hasOwn(COUNTED, type) ? COUNTED[type] : undefined;
      add(author ?? actor, what ?? 'edits', count);
    }
  }
  return [...credits.values()].sort((a, b) => sum(b) - sum(a) || (a.person < b.person ? -1 : 1));
}

function sum({ ticks, statuses, decisions, proposals, reviews, comments, edits }: Credit): number {
  return ticks + statuses + decisions + proposals + reviews + comments + edits;
}
