import { issueAddress } from '../components/addresses.ts';
import { Empty, Facts, NextPage } from '../components/figures.tsx';
import { type FormProblem, TextField, Wrong } from '../components/form-fields.tsx';
import { OutsideLink } from '../components/links.tsx';
import { When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { INTAKE_ADDRESS, intakeAddress, NEW_ISSUE_ADDRESS, withQuery } from '../list-addresses.ts';
import type { Called } from '../names.ts';

/** What a visitor sent, as triagers see it. */
export interface IntakeRow {
  number: number;
  receivedAt: string;
  url: string | null;
  words: string | null;
  package: string | null;
  email: string | null;
  /** What became of it: "belongs to NSI-2017-0043"; null while it waits. */
  decided: { words: string; by: Called | null; at: string | null; issue: string | null } | null;
  /** What a decision has to have seen. */
  version: number;
}

export interface IntakeListPageProps {
  frame: Frame;
  rows: IntakeRow[];
  waiting: number;
  /** Number of the last one shown, where there are more. */
  next: number | null;
  /** The one that was decided on just now. */
  done: IntakeRow | null;
}

/** `/intake`: what visitors sent and nobody has decided on, the oldest first. For triagers. */
export function IntakeListPage({ frame, rows, waiting, next, done }: IntakeListPageProps) {
  return (
    <Layout frame={frame} title="Reports of visitors">
      <header class="page-head">
        <p class="kicker">What people without an account told us; only triagers see it</p>
        <h1>Reports of visitors</h1>
        <Facts facts={[{ name: 'Waiting', value: <strong class="figure">{waiting}</strong> }]} />
      </header>
      {done === null ? null : (
        <p class="said" role="status">
          <a href={intakeAddress(done.number)}>Report {done.number}</a>:{' '}
          {done.decided === null ? 'waits again' : done.decided.words}.
        </p>
      )}
      {rows.length === 0 ? (
        <Empty>Nothing waits. What somebody reports without an account comes here first.</Empty>
      ) : (
        <ul class="plain intake" data-items>
          {rows.map((row) => (
            <li class="intake-one" id={`intake-${row.number}`} data-item tabindex={-1}>
              <p class="meta">
                <a href={intakeAddress(row.number)} data-open>
                  Report {row.number}
                </a>{' '}
                <span class="quiet">
                  <When at={row.receivedAt} now={frame.now} />
                  {row.package === null ? null : ` · ${row.package}`}
                  {row.email === null ? null : ' · wants an answer'}
                </span>
              </p>
              <Sent row={row} />
            </li>
          ))}
        </ul>
      )}
      <NextPage
        href={next === null ? null : withQuery(INTAKE_ADDRESS, { after: next })}
        words="The next ones →"
      />
    </Layout>
  );
}

export interface IntakePageProps {
  frame: Frame;
  one: IntakeRow;
  /** Whether the visitor can be answered by mail from here. */
  mails: boolean;
  typed: Readonly<Record<string, string>>;
  problem: FormProblem | null;
}

/** `/intake/12`: what a visitor sent, and what is to become of it. */
export function IntakePage({ frame, one, mails, typed, problem }: IntakePageProps) {
  const { number, decided } = one;
  return (
    <Layout frame={frame} title={`Report ${number} of a visitor`}>
      <header class="page-head">
        <p class="kicker">
          <a href={INTAKE_ADDRESS}>Reports of visitors</a>
        </p>
        <h1>Report {number}</h1>
        <Facts
          facts={[
            { name: 'Received', value: <When at={one.receivedAt} now={frame.now} /> },
            ...(one.package === null
              ? []
              : [{ name: 'Package', value: <span class="mono">{one.package}</span> }]),
            ...(one.email === null
              ? []
              : [{ name: 'Answer to', value: <a href={`mailto:${one.email}`}>{one.email}</a> }]),
            ...(decided === null
              ? []
              : [
                  {
                    name: 'Decided',
                    value: (
                      <>
                        {decided.words} <span class="quiet">by {decided.by?.label ?? 'nobody'}</span>
                      </>
                    ),
                  },
                ]),
          ]}
        />
      </header>
      <section aria-label="What was sent">
        <Sent row={one} />
      </section>
      {decided === null ? (
        <Decide one={one} mails={mails} typed={typed} problem={problem} />
      ) : (
        <Decided one={one} />
      )}
    </Layout>
  );
}

function Sent({ row: { url, words } }: { row: IntakeRow }) {
  if (url === null && words === null) return <p class="quiet">What it said was erased.</p>;
  return (
    <>
      {url === null ? null : (
        <p class="visitor-address">
          <OutsideLink href={url}>{url}</OutsideLink>
        </p>
      )}
      {words === null ? null : <blockquote class="visitor-words">{words}</blockquote>}
    </>
  );
}

function Decided({ one: { number, version, decided } }: { one: IntakeRow }) {
  return (
    <section aria-label="What came of it">
      {decided?.issue == null ? null : (
        <p>
          It is in <a href={issueAddress(decided.issue)}>{decided.issue}</a>.
        </p>
      )}
      <form method="post" action={intakeAddress(number)} class="deed">
        <input type="hidden" name="as" value="waits" />
        <input type="hidden" name="saw" value={version} />
        <button type="submit" class="button">
          Take that back: it waits again
        </button>
      </form>
    </section>
  );
}

type DecideProps = Omit<IntakePageProps, 'frame'>;

/** Four things can become of it; each is a form. */
function Decide(props: DecideProps) {
  const { one, typed } = props;
  return (
    <div class="parts">
      <Deed {...props} as="issue" title="Make an issue of it" button={null}>
        <p class="buttons">
          <a class="button button-strong" href={withQuery(NEW_ISSUE_ADDRESS, { intake: one.number })}>
            Open the form
          </a>
        </p>
      </Deed>
      <Deed {...props} as="attached" title="Add it to an issue" button="It belongs there">
        <IssueField as="attached" typed={typed} />
      </Deed>
      <Deed {...props} as="comment" title="Release it as a comment" button="Release it to the public">
        <IssueField as="comment" typed={typed} />
        <p class="field">
          <label for="comment-body">What everybody reads</label>
          <textarea id="comment-body" name="body" rows={5} maxlength={20_000} required>
            {typed.body ?? [one.words, one.url].filter((part) => part !== null).join('\n\n')}
          </textarea>
        </p>
      </Deed>
      <Deed {...props} as="dismissed" title="Set it aside" button="Set it aside">
        <p class="field">
          <label for="dismissed-reason">Why</label>
          <textarea id="dismissed-reason" name="reason" rows={2} maxlength={2000} required>
            {typed.reason ?? ''}
          </textarea>
        </p>
      </Deed>
    </div>
  );
}

function Deed({
  one,
  mails,
  typed,
  problem,
  as,
  title,
  button,
  children,
}: DecideProps & {
  as: string;
  title: string;
  button: string | null;
  children?: Parameters<typeof Empty>[0]['children'];
}) {
  return (
    <section aria-labelledby={`as-${as}`}>
      <h2 id={`as-${as}`}>{title}</h2>
      <Wrong form={as} problem={problem} />
      {button === null ? (
        children
      ) : (
        <form class="sheet" method="post" action={intakeAddress(one.number)} id={`form-${as}`} data-keep>
          <input type="hidden" name="as" value={as} />
          <input type="hidden" name="saw" value={one.version} />
          {children}
          {one.email === null || !mails ? null : (
            <p class="field">
              <label for={`${as}-answer`}>
                Answer by mail <span class="quiet">empty: none</span>
              </label>
              <textarea id={`${as}-answer`} name="answer" rows={2} maxlength={4000}>
                {typed.answer ?? ''}
              </textarea>
            </p>
          )}
          <p class="buttons">
            <button type="submit" class="button">
              {button}
            </button>
          </p>
        </form>
      )}
    </section>
  );
}

function IssueField({ as, typed }: { as: string; typed: DecideProps['typed'] }) {
  return (
    <TextField
      form={as}
      name="issue"
      label="Issue"
      value={typed.issue ?? ''}
      hint="NSI-2017-0043"
      autocomplete="off"
      required
      maxlength={40}
    />
  );
}
