import { issueAddress } from '../components/addresses.ts';
import { Carried } from '../components/editing-forms.tsx';
import { Empty } from '../components/figures.tsx';
import { Day } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { mergeAddress, REGROUPINGS_ADDRESS, withQuery } from '../list-addresses.ts';

/** A suggestion to merge or split, as pages and their JSON have it. */
export interface RegroupingView {
  key: string;
  kind: 'merge' | 'split';
  product: string;
  issue: { id: string; title: string };
  /** Of a merge: the other one. */
  other: { id: string; title: string } | null;
  /** Of a split: what would go. */
  out: string[];
  why: string[];
  proposedAt: string;
  /** "different flaws"; null while it waits. */
  dismissed: string | null;
  version: number;
}

export interface RegroupingsPageProps {
  frame: Frame;
  state: 'waiting' | 'dismissed' | 'all';
  issue: string | null;
  waiting: number;
  regroupings: RegroupingView[];
  /** Number of the next page; null where there is none. */
  next: number | null;
  /** What whoever reads may do: dismiss, and follow. */
  permission: 'apply' | 'propose' | 'refuse';
  mayFollow: boolean;
  changeKey: string;
}

export const REGROUPING_WORDS: Readonly<Record<string, string>> = {
  different_flaws: 'different flaws',
  one_flaw: 'one flaw',
  fixed_apart: 'fixed apart',
  fixed_together: 'fixed together',
  other: 'another reason',
};

/** Issues that may be one, and issues that may be two: for people to decide on. */
export function RegroupingsPage(props: RegroupingsPageProps) {
  const { frame, state, issue, waiting, regroupings, next } = props;
  return (
    <Layout
      frame={frame}
      title="Merge or split"
      description="Issues that may be one, and issues that may be two."
      live={['regroupings']}
    >
      <header class="page-head">
        <h1>Merge or split</h1>
        <p class="lead">
          Where what all reports say together, records or mail disagree with the issues as they are. Looked
          for every night; nothing is merged or split by itself. {waiting} {waiting === 1 ? 'waits' : 'wait'}.
        </p>
        {issue === null ? null : (
          <p>
            Only of <a href={issueAddress(issue)}>{issue}</a>. <a href={REGROUPINGS_ADDRESS}>Show all</a>
          </p>
        )}
      </header>
      <nav class="filters" aria-label="Which suggestions">
        <ul class="plain">
          {(['waiting', 'dismissed', 'all'] as const).map((each) => (
            <li>
              <a
                href={withQuery(REGROUPINGS_ADDRESS, {
                  state: each === 'waiting' ? undefined : each,
                  issue: issue ?? undefined,
                })}
                aria-current={state === each ? 'true' : undefined}
              >
                {each}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {regroupings.length === 0 ? (
        <Empty>Nothing {state === 'dismissed' ? 'was dismissed' : 'waits'} here.</Empty>
      ) : (
        <ol class="plain threads" data-items>
          {regroupings.map((each) => (
            <Suggested regrouping={each} page={props} />
          ))}
        </ol>
      )}
      {next === null ? null : (
        <nav class="pager" aria-label="Pages">
          <span />
          <a
            rel="next"
            href={withQuery(REGROUPINGS_ADDRESS, {
              state: state === 'waiting' ? undefined : state,
              issue: issue ?? undefined,
              page: next,
            })}
          >
            More
          </a>
        </nav>
      )}
    </Layout>
  );
}

function Suggested({ regrouping, page }: { regrouping: RegroupingView; page: RegroupingsPageProps }) {
  const { key, kind, issue, other, out, why, proposedAt, dismissed } = regrouping;
  return (
    <li class="thread-line" data-item tabindex={-1} id={`regrouping-${key}`}>
      <h2>
        {kind === 'merge' ? 'One issue? ' : 'Two issues? '}
        <a href={issueAddress(issue.id)}>{issue.id}</a> <span class="quiet">{issue.title}</span>
        {other === null ? null : (
          <>
            {' and '}
            <a href={issueAddress(other.id)}>{other.id}</a> <span class="quiet">{other.title}</span>
          </>
        )}
      </h2>
      {kind === 'split' ? <p>{out.join(', ')} would be a problem of its own.</p> : null}
      {why.map((sentence) => (
        <p>{sentence}</p>
      ))}
      <p class="quiet">
        Suggested <Day at={proposedAt} />
        {dismissed === null ? '' : `; dismissed: ${dismissed}`}
      </p>
      {page.permission === 'refuse' ? null : <Deeds regrouping={regrouping} page={page} />}
    </li>
  );
}

function Deeds({ regrouping, page }: { regrouping: RegroupingView; page: RegroupingsPageProps }) {
  const { key, kind, issue, other, dismissed, version } = regrouping;
  const { frame, mayFollow, changeKey, permission } = page;
  const form = (deed: string) => (
    <Carried back={frame.path} changeKey={`${changeKey}-${deed}-${key.slice(0, 8)}`}>
      <input type="hidden" name="deed" value={deed} />
      <input type="hidden" name="key-of" value={key} />
      <input type="hidden" name="saw" value={String(version)} />
    </Carried>
  );
  const propose = permission === 'propose' ? 'Propose to ' : '';
  return (
    <div class="buttons">
      {mayFollow && dismissed === null ? (
        <form method="post" action={REGROUPINGS_ADDRESS}>
          {form('follow')}
          <p class="field">
            <label for={`why-${key}`}>
              {kind === 'merge' ? 'Why they are one' : 'Why they are two'}{' '}
              <span class="quiet">kept for good</span>
            </label>
            <input id={`why-${key}`} name="remark" maxlength={1000} required autocomplete="off" />
          </p>
          <button type="submit" class="button button-strong">
            {kind === 'merge' ? 'Merge them' : 'Split it'}
          </button>{' '}
          {other === null ? null : (
            <a class="button" href={withQuery(mergeAddress(issue.id), { with: other.id })}>
              What it moves
            </a>
          )}
        </form>
      ) : null}
      <form method="post" action={REGROUPINGS_ADDRESS}>
        {form(dismissed === null ? 'dismiss' : 'reopen')}
        {dismissed === null ? (
          <>
            <label for={`reason-${key}`} class="hidden">
              Why not
            </label>{' '}
            <select id={`reason-${key}`} name="reason">
              {(kind === 'merge' ? ['different_flaws', 'fixed_apart'] : ['one_flaw', 'fixed_together']).map(
                (reason) => (
                  <option value={reason}>{REGROUPING_WORDS[reason]}</option>
                ),
              )}
            </select>{' '}
          </>
        ) : null}
        <button type="submit" class="button">
          {propose === ''
            ? dismissed === null
              ? 'Dismiss'
              : 'Let it wait again'
            : `${propose}${dismissed === null ? 'dismiss' : 'let it wait again'}`}
        </button>
      </form>
    </div>
  );
}
