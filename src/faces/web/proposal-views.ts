import { issuesById } from '#domain/issues';
import { atLeast, mayDecideProposal } from '#domain/policies';
import type { Change, FieldValue, Proposal } from '#domain/proposals';
import { issueOfChange, type NameOf, personIn, seenText, subjectWords, valueWords } from '#faces/editing';
import { type Compared, compare } from './editing-state.ts';
import type { Called } from './names.ts';
import type { Site } from './site.ts';
import type { Who } from './who.ts';

/** One change of a proposal in words. */
export interface DiffLine {
  issue: string | null;
  /** "openssl in nixos-17.03" */
  subject: string;
  was: string;
  becomes: string;
  /** Set where somebody changed it since: what it is now, and who did it. */
  overtaken: { now: string; by: string | null; at: string | null } | null;
  /** What it is about does not exist any more. */
  gone: boolean;
  /** The change itself, for the form that amends it. */
  kind: string;
  field: string;
  value: FieldValue;
  /** The field with the version that it has now. */
  at: string;
}

/** A proposal as pages and their JSON have it. */
export interface ProposalView {
  id: number;
  author: Called;
  createdAt: string;
  remark: string | null;
  state: Proposal['state'];
  /** One of its fields changed since it was made. */
  stale: boolean;
  waitsFor: Proposal['waitsFor'];
  decided: { by: Called; at: string; reason: string | null; amended: boolean } | null;
  issues: { id: string; title: string }[];
  diff: DiffLine[];
  /** How many more changes it has than are shown. */
  more: number;
  /** Whether whoever reads may accept, amend and reject it; or take it back. */
  mayDecide: boolean;
  mayWithdraw: boolean;
}

/** Proposals in words, with what became of their fields since: as many queries for fifty as for one. */
export async function viewProposals(
  site: Site,
  who: Who,
  proposals: readonly Proposal[],
  { shown = 20 }: { shown?: number } = {},
): Promise<ProposalView[]> {
  const changes = proposals.map((proposal) => (proposal.amended ?? proposal.changes).slice(0, shown));
  const compared = await compare(site.database, changes.flat());
  const ids = [...new Set(changes.flat().flatMap((change) => issueOfChange(change) ?? []))];
  const titles = new Map(
    (await issuesById(site.database.queries, ids)).map(({ id, title }) => [id, title] as const),
  );
  const names = await site.names([
    ...proposals.flatMap(({ author, decidedBy }) => [author, decidedBy]),
    ...compared.flatMap(({ change, was, now }) => [
      now?.by,
      ...[change.value, was, now?.value].flatMap(personIn),
    ]),
  ]);
  const nameOf: NameOf = (actor) => names(actor).label;
  let from = 0;
  return proposals.map((proposal, index): ProposalView => {
    const own = changes[index] ?? [];
    const diff = compared.slice(from, from + own.length).map((each) => lineOf(each, proposal, nameOf));
    from += own.length;
    const issues = [...new Set(diff.flatMap(({ issue }) => issue ?? []))];
    const open = proposal.state === 'open';
    return {
      id: proposal.id,
      author: names(proposal.author),
      createdAt: proposal.createdAt.toISOString(),
      remark: proposal.remark,
      state: proposal.state,
      stale: open && (proposal.staleSince !== null || diff.some(({ overtaken }) => overtaken !== null)),
      waitsFor: proposal.waitsFor,
      decided:
        proposal.decidedBy === null || proposal.decidedAt === null
          ? null
          : {
              by: names(proposal.decidedBy),
              at: proposal.decidedAt.toISOString(),
              reason: proposal.decisionReason,
              amended: proposal.amended !== null,
            },
      issues: issues.map((id) => ({ id, title: titles.get(id) ?? '' })),
      diff,
      more: (proposal.amended ?? proposal.changes).length - own.length,
      mayDecide: open && mayDecideProposal(who.actor, proposal),
      mayWithdraw: open && proposal.author === who.actor.id && atLeast(who.actor, 'contributor'),
    };
  });
}

function lineOf({ change, was, now, overtaken }: Compared, { state }: Proposal, nameOf: NameOf): DiffLine {
  const redacted = (change as Change & { redacted?: boolean }).redacted === true;
  return {
    issue: issueOfChange(change),
    subject: subjectWords(change),
    was: valueWords(change, was, nameOf),
    becomes: valueWords(change, redacted ? undefined : change.value, nameOf),
    overtaken:
      state === 'open' && overtaken && now !== null
        ? {
            now: valueWords(change, now.value, nameOf),
            by: now.by === null ? null : nameOf(now.by),
            at: now.at?.toISOString() ?? null,
          }
        : null,
    gone: now === null,
    kind: change.kind,
    field: change.field,
    value: change.value,
    at: seenText({ ...change, saw: now?.version ?? change.saw }),
  };
}
