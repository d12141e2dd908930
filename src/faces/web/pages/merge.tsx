import { issueAddress } from '../components/addresses.ts';
import { Empty } from '../components/figures.tsx';
import { type FormProblem, TextField, Wrong } from '../components/form-fields.tsx';
import { type Collided, IssuePartView, type PartShown } from '../components/issue-part.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { mergeAddress } from '../list-addresses.ts';

export interface MergePageProps {
  frame: Frame;
  id: string;
  title: string;
  /** What was typed. */
  with: string;
  reason: string;
  /** What it would bring together; null until another issue is named. */
  preview: { parts: [PartShown, PartShown]; collisions: Collided[] } | null;
  problem: FormProblem | null;
}

/** `/issues/NSI-…/merge`: makes one issue of two, after showing what that moves. */
export function MergePage({ frame, id, title, with: other, reason, preview, problem }: MergePageProps) {
  return (
    <Layout frame={frame} title={`Merge ${id}`}>
      <header class="page-head">
        <p class="kicker">
          <a href={issueAddress(id)}>{id}</a> {title}
        </p>
        <h1>Merge it with another issue</h1>
        <p class="lead">
          Two issues are one if one fix closes both. What people decide of that outranks grouping for good; it
          can be taken back from the history.
        </p>
      </header>
      <form class="sheet" method="get" action={mergeAddress(id)}>
        <Wrong form="merge" problem={problem} />
        <TextField
          form="merge"
          name="with"
          label="The other issue"
          value={other}
          hint="NSI-2017-0043"
          autocomplete="off"
          required
          maxlength={40}
        />
        <p class="buttons">
          <button type="submit" class={preview === null ? 'button button-strong' : 'button'}>
            Show what that moves
          </button>
        </p>
      </form>
      {preview === null ? null : <Preview id={id} other={other} reason={reason} preview={preview} />}
    </Layout>
  );
}

function Preview({
  id,
  other,
  reason,
  preview: { parts, collisions },
}: {
  id: string;
  other: string;
  reason: string;
  preview: NonNullable<MergePageProps['preview']>;
}) {
  const [older, younger] = [...parts].sort((a, b) => (a.id < b.id ? -1 : 1));
  return (
    <section class="preview" aria-labelledby="preview">
      <h2 id="preview">What becomes one</h2>
      <p class="prose">
        Vulnerabilities, reports, statuses, comments and watches come together under one id: that of{' '}
        {older?.id} as a rule, or of whichever holds more. {younger?.id} leads there from then on.
      </p>
      <div class="parts">
        {parts.map((part) => (
          <IssuePartView part={part} />
        ))}
      </div>
      <h3>Where people said different things</h3>
      {collisions.length === 0 ? (
        <Empty>Nowhere: nothing has to be decided anew.</Empty>
      ) : (
        <>
          <p class="prose">
            What stands on the issue that stays, stays. The other becomes an open proposal in the name of who
            said it.
          </p>
          <ul class="plain">
            {collisions.map(({ subject, words }) => (
              <li>
                <strong>{subject}</strong>: {words[0]} <span class="quiet">or</span> {words[1]}
              </li>
            ))}
          </ul>
        </>
      )}
      <form class="sheet" method="post" action={mergeAddress(id)} id="merge">
        <input type="hidden" name="with" value={other} />
        <p class="field">
          <label for="merge-reason">Why they are one</label>
          <textarea id="merge-reason" name="reason" rows={2} maxlength={1000} required>
            {reason}
          </textarea>
        </p>
        <p class="buttons">
          <button type="submit" class="button button-strong">
            Make them one
          </button>
          <a href={issueAddress(id)}>Leave them two</a>
        </p>
      </form>
    </section>
  );
}
