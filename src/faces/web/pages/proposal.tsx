import { issueAddress } from '../components/addresses.ts';
import { Carried, FieldsFor, type Typed, typedOf } from '../components/editing-forms.tsx';
import { ProposalCard } from '../components/proposal-card.tsx';
import { PROPOSALS_ADDRESS, proposalAddress } from '../editing-addresses.ts';
import { type Frame, Layout } from '../layout.tsx';
import type { ProposalView } from '../proposal-views.ts';

export interface ProposalPageProps {
  frame: Frame;
  proposal: ProposalView;
  /** Whether the whole set can be taken back. */
  mayUndo: boolean;
}

/** One proposal, or one change set that was made at once. */
export function ProposalPage({ frame, proposal, mayUndo }: ProposalPageProps) {
  const address = proposalAddress(proposal.id);
  return (
    <Layout
      frame={frame}
      title={`Proposal ${proposal.id}`}
      live={[`proposal:${proposal.id}`, ...proposal.issues.slice(0, 40).map(({ id }) => `issue:${id}`)]}
      alternates={[{ type: 'application/json', href: `${address}.json` }]}
    >
      <header class="page-head">
        <p class="kicker">
          <a href={PROPOSALS_ADDRESS}>Proposals</a>
        </p>
        <h1>Proposal {proposal.id}</h1>
      </header>
      <section aria-label="The proposal" data-items>
        <ProposalCard proposal={proposal} now={frame.now} back={address} level={2} />
        {mayUndo ? (
          <form method="post" action={`${address}/undo`} class="buttons">
            <Carried back={address} />
            <button type="submit" class="button">
              Undo all of it
            </button>
          </form>
        ) : null}
      </section>
    </Layout>
  );
}

export interface AmendPageProps {
  frame: Frame;
  proposal: ProposalView;
  problems: string[];
  /** What was typed, by its name in the form, where it comes back. */
  typed: Typed | null;
  person: string | null;
}

/** A proposal as a form: each change can be set otherwise or left out, and is then accepted. */
export function AmendPage({ frame, proposal, problems, typed, person }: AmendPageProps) {
  const address = proposalAddress(proposal.id);
  return (
    <Layout frame={frame} title={`Amend proposal ${proposal.id}`}>
      <header class="page-head">
        <p class="kicker">
          <a href={address}>Proposal {proposal.id}</a> by {proposal.author.label}
        </p>
        <h1>Amend and accept</h1>
        {proposal.remark === null ? null : <p class="lead">{proposal.remark}</p>}
      </header>
      {problems.length === 0 ? null : (
        <div class="note note-wrong" role="alert">
          <ul>
            {problems.map((why) => (
              <li>{why}</li>
            ))}
          </ul>
        </div>
      )}
      <form class="edit" method="post" action={`${address}/amend`} data-keep id="amend">
        <Carried back={address} />
        {proposal.diff.map((line, index) => (
          <fieldset class="amend-change">
            <legend>
              {line.issue === null ? null : (
                <a class="id" href={issueAddress(line.issue)}>
                  {line.issue}
                </a>
              )}{' '}
              {line.subject}
            </legend>
            <p class="small">
              It is <strong>{line.overtaken?.now ?? line.was}</strong>.
            </p>
            <input type="hidden" name={`${index}.at`} value={line.at} />
            <FieldsFor
              kind={line.kind}
              field={line.field}
              scope={`amend-${index}`}
              prefix={`${index}.`}
              typed={
                typed === null ? typedOf(line.kind, line.field, line.value, person) : groupOf(typed, index)
              }
            />
            <label class="check">
              <input
                type="checkbox"
                name={`${index}.leave_out`}
                value="yes"
                checked={typed?.[`${index}.leave_out`] === 'yes'}
              />{' '}
              leave this one out
            </label>
          </fieldset>
        ))}
        <p class="field">
          <label for="amend-reason">Why, for its author</label>
          <input id="amend-reason" name="reason" maxlength={4000} value={typed?.reason} autocomplete="off" />
        </p>
        <div class="buttons">
          <button type="submit" class="button button-strong">
            Accept as amended
          </button>
          <a href={address}>Back without it</a>
        </div>
      </form>
    </Layout>
  );
}

function groupOf(typed: Typed, index: number): Typed {
  const prefix = `${index}.`;
  return Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}
