import { issueOfChange } from '#faces/editing';
import type { ConflictJson } from '../changes-answer.ts';
import { CHANGES_ADDRESS } from '../editing-addresses.ts';
import { Carried } from './editing-forms.tsx';
import { When } from './times.tsx';

export interface ConflictListProps {
  conflicts: readonly ConflictJson[];
  now: string;
}

/** What it was, what they set, what you set: for every field in which somebody was faster. */
export function ConflictList({ conflicts, now }: ConflictListProps) {
  return (
    <ul class="conflicts plain">
      {conflicts.map((conflict) => (
        <li class="conflict">
          <p class="conflict-subject">
            {issueOfChange(conflict)} · {conflict.subject}
          </p>
          <dl class="three">
            <div>
              <dt>It was</dt>
              <dd>{conflict.words.was}</dd>
            </div>
            <div>
              <dt>
                {conflict.byName} set{' '}
                {conflict.at === null ? null : (
                  <span class="quiet">
                    <When at={conflict.at} now={now} />
                  </span>
                )}
              </dt>
              <dd>{conflict.words.theirs}</dd>
            </div>
            <div>
              <dt>You set</dt>
              <dd>{conflict.words.yours}</dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}

export interface ConflictChoiceProps {
  /** Every change of the set, those in conflict with the version that is now before the reader's eyes. */
  mine: readonly string[];
  /** The changes that nobody contradicted. */
  others: readonly string[];
  /** Where the forms go; a proposal that is accepted has an address of its own. */
  action?: string;
  back: string;
  remark: string;
  propose: boolean;
}

/** Two buttons: keep theirs, set mine. */
export function ConflictChoice({
  mine,
  others,
  action = CHANGES_ADDRESS,
  back,
  remark,
  propose,
}: ConflictChoiceProps) {
  const carried = (changes: readonly string[]) => (
    <Carried back={back}>
      {changes.map((change) => (
        <input type="hidden" name="change" value={change} />
      ))}
      {remark === '' ? null : <input type="hidden" name="remark" value={remark} />}
      {propose ? <input type="hidden" name="propose" value="yes" /> : null}
    </Carried>
  );
  return (
    <div class="buttons">
      {others.length === 0 ? (
        <a class="button" href={back}>
          Keep theirs
        </a>
      ) : (
        <form method="post" action={action}>
          {carried(others)}
          <button type="submit" class="button">
            Keep theirs, make the other {others.length}
          </button>
        </form>
      )}
      <form method="post" action={action}>
        {carried(mine)}
        <button type="submit" class="button button-strong">
          Set mine
        </button>
      </form>
    </div>
  );
}
