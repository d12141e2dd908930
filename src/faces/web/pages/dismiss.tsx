import { SUGGESTION_DISMISSALS } from '#domain/matching';
import type { Permission } from '#domain/policies';
import { SUGGESTION_WORDS } from '#faces/editing';
import { issueAddress, ownAddress } from '../components/addresses.ts';
import { Carried } from '../components/editing-forms.tsx';
import { counted } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { QUEUE_ADDRESS } from '../list-addresses.ts';

export interface DismissPageProps {
  frame: Frame;
  /** What is to be dismissed: as it was seen, and what it is called. */
  chosen: { at: string; id: string; issue: string; package: string; title: string }[];
  permission: Permission;
  back: string;
  /** Made by the server, so that a form that is sent twice is made once. */
  changeKey: string;
}

/** Why suggestions are none of ours, and whether that is to be remembered. */
export function DismissPage({ frame, chosen, permission, back, changeKey }: DismissPageProps) {
  const [single, second] = chosen;
  const one = single !== undefined && second === undefined ? single : undefined;
  const title =
    one === undefined ? `Dismiss ${counted(chosen.length, 'suggestion')}` : `${one.package} is not it`;
  return (
    <Layout frame={frame} title={title}>
      <header class="page-head">
        {one === undefined ? null : (
          <p class="kicker">
            <a href={issueAddress(one.issue)}>{one.issue}</a> {one.title}
          </p>
        )}
        <h1>{title}</h1>
      </header>
      {permission === 'refuse' ? (
        <p class="note">
          Deciding takes an account; proposing takes no rights beyond that.{' '}
          <a href={ownAddress(back)}>Back to the queue</a>
        </p>
      ) : (
        <form class="edit" method="post" action={QUEUE_ADDRESS} id="edit" data-keep>
          <Carried back={back} changeKey={changeKey}>
            <input type="hidden" name="deed" value="dismiss" />
            {chosen.map(({ at }) => (
              <input type="hidden" name="at" value={at} />
            ))}
          </Carried>
          {one === undefined ? (
            <ul class="plain">
              {chosen.map(({ id, title: words }) => (
                <li>
                  {id} <span class="quiet">{words}</span>
                </li>
              ))}
            </ul>
          ) : null}
          <fieldset class="choices">
            <legend>Because it is</legend>
            {SUGGESTION_DISMISSALS.map((reason, index) => (
              <label class="choice">
                <input type="radio" name="reason" value={reason} checked={index === 0} required />{' '}
                {SUGGESTION_WORDS[reason]}
              </label>
            ))}
          </fieldset>
          <p class="field">
            <label for="edit-note">
              In your words <span class="quiet">needed for another reason</span>
            </label>
            <textarea id="edit-note" name="note" rows={2} maxlength={4000} />
          </p>
          <p class="field">
            <label for="edit-product">
              Never propose it again for the product{' '}
              <span class="quiet">as records call it; empty: only this once</span>
            </label>
            <input id="edit-product" name="product" maxlength={200} autocomplete="off" spellcheck={false} />
          </p>
          <div class="buttons">
            <button type="submit" class="button button-strong">
              {permission === 'propose' ? 'Propose to dismiss' : 'Dismiss'}
            </button>
            <a href={ownAddress(back)}>Back without it</a>
          </div>
        </form>
      )}
    </Layout>
  );
}
