import { markdownToHtml } from '#base/formats';
import { CHANGES_ADDRESS, EDIT_ADDRESS } from '../editing-addresses.ts';
import { commentsAddress, REPORT_ADDRESS, withQuery } from '../list-addresses.ts';
import { markdownAddress } from '../markdown-addresses.ts';
import { escapedMarkup, html, type Markup } from '../markup/markup.ts';
import type { Called } from '../names.ts';
import { issueAddress, ownAddress, personAddress } from './addresses.ts';
import { Carried } from './editing-forms.tsx';
import { When } from './times.tsx';

/** What somebody said of an issue. */
export interface CommentView {
  number: number;
  by: Called;
  at: string;
  editedAt: string | null;
  /** Markdown; null where it was taken back or erased. */
  body: string | null;
  version: number;
  /** What whoever reads may do: its author rewords it, security takes it back. */
  may: 'edit' | 'take_back' | null;
}

export interface CommentsProps {
  issue: string;
  comments: readonly CommentView[];
  /** Whether there are older ones than are shown. */
  older: boolean;
  now: string;
  /** Where one signs in to say something; null for whoever may. */
  signIn: string | null;
}

/** What people said, the newest last, each with an address of its own; and the form to say something. */
export function Comments({ issue, comments, older, now, signIn }: CommentsProps) {
  return (
    <section aria-labelledby="comments">
      <h2 id="comments">What people said</h2>
      {older ? (
        <p class="small">
          <a href={`${withQuery(issueAddress(issue), { comments: 'all' })}#comments`}>
            Show what was said before
          </a>
        </p>
      ) : null}
      {comments.map((comment) => Comment({ issue, comment, now }))}
      {signIn === null ? (
        <SayForm issue={issue} after={comments.at(-1)?.number ?? 0} />
      ) : (
        <p class="small quiet">
          Saying something takes an account: <a href={ownAddress(signIn)}>sign in</a>. Without one,{' '}
          <a href={REPORT_ADDRESS}>report it</a>.
        </p>
      )}
    </section>
  );
}

function Comment({ issue, comment, now }: { issue: string; comment: CommentView; now: string }): Markup {
  const { number, by, at, editedAt, body, version, may } = comment;
  const who =
    by.handle === null
      ? html`<strong>${by.label}</strong>`
      : html`<a href="${personAddress(by.handle)}"><strong>${by.label}</strong></a>`;
  // What markdownToHtml makes can stand in a page: that is its promise.
  const words =
    body === null
      ? html`<p class="quiet">This was taken back.</p>`
      : escapedMarkup(markdownToHtml(body, { addressOf: markdownAddress }));
  return html`<article class="comment" id="comment-${number}" aria-label="Comment ${number}"><header class="meta">${who} <a class="quiet" href="#comment-${number}">${When(
    { at, now },
  )}</a>${editedAt === null || body === null ? null : html` <span class="quiet">edited</span>`}${
    body === null ? null : Deeds({ issue, number, version, may })
  }</header><div class="prose said-words">${words}</div></article>`;
}

function Deeds({
  issue,
  number,
  version,
  may,
}: Pick<CommentView, 'number' | 'version' | 'may'> & { issue: string }): Markup | null {
  if (may === null) return null;
  const back = `${issueAddress(issue)}#comment-${number}`;
  const id = `${issue}/${number}`;
  if (may === 'edit') {
    const href = withQuery(EDIT_ADDRESS, { at: `comment/${id}#body@${version}`, back });
    return html` <a class="small" href="${href}">edit<span class="hidden"> comment ${number}</span></a>`;
  }
  const change = JSON.stringify({ kind: 'comment', id, field: 'body', value: null, saw: version });
  return html` <form method="post" action="${CHANGES_ADDRESS}" class="inline">${Carried({ back })}<input type="hidden" name="change" value="${change}"/><button type="submit" class="button button-small">Take back<span class="hidden"> comment ${number}</span></button></form>`;
}

function SayForm({ issue, after }: { issue: string; after: number }) {
  return (
    <form class="edit say" method="post" action={commentsAddress(issue)} id={`say-${after}`} data-keep>
      <input type="hidden" name="after" value={after} />
      <p class="field">
        <label for="say-body">
          Say something <span class="quiet">in markdown; @handle tells somebody</span>
        </label>
        <textarea id="say-body" name="body" rows={3} maxlength={20_000} required />
      </p>
      <div class="buttons">
        <button type="submit" class="button">
          Say it
        </button>
      </div>
    </form>
  );
}
