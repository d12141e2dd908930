import { proposalAddress } from '../editing-addresses.ts';
import type { DiffLine, ProposalView } from '../proposal-views.ts';
import { issueAddress } from './addresses.ts';
import { Carried } from './editing-forms.tsx';
import { When } from './times.tsx';

export interface ProposalCardProps {
  proposal: ProposalView;
  now: string;
  back: string;
  /** On the page of an issue its id and title are not said again. */
  onIssue?: string;
  /** 2 on a page of its own, 3 in a list below a heading. */
  level?: 2 | 3;
}

/** A proposal: what becomes of what, who says so and why, and what can be done about it in one click or key. */
export function ProposalCard({ proposal, now, back, onIssue, level = 3 }: ProposalCardProps) {
  const { id, author, createdAt, remark, diff, more } = proposal;
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <article
      class="proposal"
      id={`proposal-${id}`}
      data-item
      data-fragment={[`proposal:${id}`, ...proposal.issues.map((issue) => `issue:${issue.id}`)].join(' ')}
    >
      <header class="proposal-head">
        <Heading>
          <a class="title" href={proposalAddress(id)} data-open>
            Proposal {id}
          </a>
        </Heading>
        <p class="meta">
          <span>
            by <strong>{author.label}</strong> <When at={createdAt} now={now} />
          </span>{' '}
          <StateWords proposal={proposal} now={now} />
        </p>
      </header>
      {remark === null ? null : <p class="remark">{remark}</p>}
      <Diff lines={diff} issues={proposal.issues} onIssue={onIssue} now={now} />
      {more > 0 ? (
        <p class="small quiet">
          and {more} more: <a href={proposalAddress(id)}>all of them</a>
        </p>
      ) : null}
      <Actions proposal={proposal} back={back} />
    </article>
  );
}

function StateWords({ proposal, now }: { proposal: ProposalView; now: string }) {
  const { state, stale, waitsFor, decided } = proposal;
  if (state === 'open')
    return (
      <>
        {waitsFor === 'second_opinion' ? (
          <span class="badge badge-second">waits for a second opinion</span>
        ) : (
          <span class="badge">waits for a decision</span>
        )}{' '}
        {stale ? <span class="badge badge-stale">something changed since</span> : null}
      </>
    );
  return (
    <span class={`badge badge-${state}`}>
      {state}
      {decided === null ? null : (
        <>
          {decided.amended ? ', amended' : ''} by {decided.by.label} <When at={decided.at} now={now} />
          {decided.reason === null ? '' : `: ${decided.reason}`}
        </>
      )}
    </span>
  );
}

export interface DiffProps {
  lines: readonly DiffLine[];
  issues: readonly { id: string; title: string }[];
  onIssue?: string | undefined;
  now: string;
}

/** Was → becomes, in words, by issue. */
export function Diff({ lines, issues, onIssue, now }: DiffProps) {
  const groups = [...issues, { id: null, title: '' }].map((issue) => ({
    issue,
    own: lines.filter((line) => line.issue === issue.id),
  }));
  return (
    <div class="diffs">
      {groups.map(({ issue, own }) =>
        own.length === 0 ? null : (
          <div class="diff-group">
            {issue.id === null || issue.id === onIssue ? null : (
              <p class="diff-issue">
                <a class="id" href={issueAddress(issue.id)}>
                  {issue.id}
                </a>{' '}
                {issue.title}
              </p>
            )}
            <ul class="diff plain">
              {own.map((line) => (
                <li>
                  <span class="diff-subject">{line.subject}</span>{' '}
                  <del>
                    <span class="hidden">was </span>
                    {line.was}
                  </del>{' '}
                  <span class="arrow" aria-hidden="true">
                    →
                  </span>{' '}
                  <ins>
                    <span class="hidden">becomes </span>
                    {line.becomes}
                  </ins>
                  {line.gone ? <span class="overtaken">There is no such thing any more.</span> : null}
                  {line.overtaken === null ? null : (
                    <span class="overtaken">
                      Now it is <strong>{line.overtaken.now}</strong>
                      {line.overtaken.by === null ? '' : `, set by ${line.overtaken.by}`}{' '}
                      {line.overtaken.at === null ? null : <When at={line.overtaken.at} now={now} />}.
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </div>
        ),
      )}
    </div>
  );
}

function Actions({ proposal, back }: { proposal: ProposalView; back: string }) {
  const { id, mayDecide, mayWithdraw, diff } = proposal;
  if (!mayDecide && !mayWithdraw) return null;
  const address = proposalAddress(id);
  return (
    <div class="buttons proposal-actions">
      {mayDecide ? (
        <>
          <form method="post" action={`${address}/accept`} data-live-form id={`accept-${id}`}>
            <Carried back={back}>
              {/* Whoever accepts has seen what it is now. */}
              {diff
                .filter(({ overtaken }) => overtaken !== null)
                .map(({ at }) => (
                  <input type="hidden" name="saw" value={at} />
                ))}
            </Carried>
            <button type="submit" class="button button-strong" data-key="y">
              Accept
            </button>
          </form>
          <form
            class="reject"
            method="post"
            action={`${address}/reject`}
            data-live-form
            data-keep
            id={`reject-${id}`}
          >
            <Carried back={back} />
            <label class="hidden" for={`reason-${id}`}>
              Why proposal {id} is rejected: its author reads it
            </label>
            <input
              id={`reason-${id}`}
              name="reason"
              required
              maxlength={4000}
              placeholder="why not, for its author"
              autocomplete="off"
              data-key="r"
            />
            <button type="submit" class="button">
              Reject
            </button>
          </form>
          <a class="button" href={`${address}/amend`} data-key="e">
            Amend
          </a>
        </>
      ) : null}
      {mayWithdraw ? (
        <form method="post" action={`${address}/withdraw`} data-live-form id={`withdraw-${id}`}>
          <Carried back={back} />
          <button type="submit" class="button">
            Take it back
          </button>
        </form>
      ) : null}
    </div>
  );
}
