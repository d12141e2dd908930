import type { Permission } from '#domain/policies';
import { THREAD_DISMISSALS } from '#domain/threads';
import { THREAD_WORDS } from '#faces/editing';
import { issueAddress, threadAddress } from '../components/addresses.ts';
import { Carried } from '../components/editing-forms.tsx';
import { Pager } from '../components/figures.tsx';
import { HistoryList } from '../components/history-list.tsx';
import { AddedFacts, SignatureMark, ThreadFacts } from '../components/thread-marks.tsx';
import { counted, Day, number, When } from '../components/times.tsx';
import type { HistoryEntry } from '../history-entries.ts';
import { type Frame, Layout } from '../layout.tsx';
import { THREADS_ADDRESS } from '../list-addresses.ts';
import type { Child } from '../markup/markup.ts';
import type { ThreadView } from '../thread-views.ts';

/** An issue that the thread may be attached to. */
export interface RelatedIssue {
  id: string;
  title: string;
  /** Vulnerabilities that both name. */
  shared: string[];
}

export interface ThreadMessage {
  id: number;
  list: string;
  sentAt: string | null;
  from: { name: string; address: string } | null;
  subject: string | null;
  signatures: { kind: string; state: string; keyId: string | null; signer: string | null; whole: boolean }[];
  passages: { kind: 'words' | 'quoted' | 'patch' | 'armor'; text: string; signer: string | null }[];
  patches: {
    number: number;
    name: string;
    text: string | null;
    bytes: number;
    packed: boolean;
    inText: boolean;
  }[];
  attachments: { name: string; type: string; bytes: number }[];
  cut: boolean;
  redacted: boolean;
}

export interface ThreadPageProps {
  frame: Frame;
  thread: ThreadView;
  messages: ThreadMessage[];
  /** From 1. */
  page: number;
  pages: number;
  /** Threads that turned out to be part of it, with the issue that they had been attached to. */
  joined: { id: number; issue: string | null }[];
  related: RelatedIssue[];
  history: HistoryEntry[];
  permission: Permission;
  /** Whoever reads claims it. */
  mine: boolean;
  /** What a new issue would be called. */
  draft: { product: string; title: string };
  /** Made by the server, so that a form that is sent twice is made once. */
  changeKey: string;
}

/** One thread: its messages as they were written, as text, and what becomes of it. */
export function ThreadPage(props: ThreadPageProps) {
  const { frame, thread, messages, page, pages, joined, history } = props;
  const { id, subject, lists, firstAt, claim, decision, decidedBy, issue, waits } = thread;
  const title = subject === null || subject === '' ? '(no subject)' : subject;
  return (
    <Layout
      frame={frame}
      title={title}
      description={`A thread of ${lists.map(({ name }) => name).join(', ')}`}
      live={[`thread:${id}`]}
    >
      <header class="page-head">
        <p class="kicker">
          <a href={THREADS_ADDRESS}>Thread {id}</a> · {lists.map(({ name }) => name).join(', ')} ·{' '}
          {counted(thread.messages, 'message')} · <Day at={firstAt} />{' '}
          <SignatureMark state={thread.signature} />
        </p>
        <h1>{title}</h1>
        <p>
          <ThreadFacts thread={thread} all />
        </p>
        {decision === null ? (
          thread.archived && !waits ? (
            <p class="quiet">Brought in as history; it waits for nobody.</p>
          ) : null
        ) : (
          <p>
            {decidedBy?.label ?? 'Somebody'} decided: <strong>{decision}</strong>{' '}
            {issue === null ? null : <a href={issueAddress(issue)}>{issue}</a>}
          </p>
        )}
        {waits ? <AddedFacts thread={thread} /> : null}
        {claim === null ? null : (
          <p class="claim">
            Claimed by {claim.by.label} <span class="quiet">until {claim.until.slice(0, 10)}</span>
          </p>
        )}
        {joined.map((other) => (
          <p class="quiet">
            Thread {other.id} turned out to be part of it
            {other.issue === null ? null : (
              <>
                ; it had been attached to <a href={issueAddress(other.issue)}>{other.issue}</a>
              </>
            )}
            .
          </p>
        ))}
      </header>
      <Deciding {...props} />
      <section aria-label="Messages">
        {messages.map((message) => (
          <Message message={message} thread={id} now={frame.now} />
        ))}
        <Pager
          page={page}
          pages={pages}
          label="Pages of the thread"
          previous="← Earlier"
          next="Later →"
          href={(other) => `${threadAddress(id)}?page=${other}`}
        />
      </section>
      <section aria-labelledby="history">
        <h2 id="history">What happened</h2>
        <HistoryList entries={history} now={frame.now} back={frame.path} onPageOf />
      </section>
    </Layout>
  );
}

function Deciding(props: ThreadPageProps) {
  const { thread, permission, mine, related, draft, frame, changeKey } = props;
  if (permission === 'refuse')
    return <p class="note">Deciding takes an account; proposing takes no rights beyond that.</p>;
  const propose = permission === 'propose' ? 'Propose to ' : '';
  const word = (text: string) => (propose === '' ? text : `${propose}${text.toLowerCase()}`);
  const form = { thread, back: frame.path };
  const { claim, waits, decision } = thread;
  return (
    <section class="deciding" aria-labelledby="deciding">
      <h2 id="deciding">What becomes of it</h2>
      <div class="buttons">
        {mine ? (
          <DeedForm {...form} deed="release" changeKey={`${changeKey}-r`}>
            <button type="submit" class="button" data-key="c">
              Give the claim back
            </button>
          </DeedForm>
        ) : claim === null && waits ? (
          <DeedForm {...form} deed="claim" changeKey={`${changeKey}-c`}>
            <button type="submit" class="button" data-key="c">
              Claim it
            </button>
          </DeedForm>
        ) : null}
        {decision === null && (!thread.archived || waits) ? null : (
          <DeedForm {...form} deed="reopen" changeKey={`${changeKey}-o`}>
            <button type="submit" class="button">
              {word('Let it wait again')}
            </button>
          </DeedForm>
        )}
      </div>
      <DeedForm {...form} deed="attach" changeKey={`${changeKey}-a`}>
        <p class="field">
          <label for="attach-issue">Attach it to an issue</label>
          <input
            id="attach-issue"
            name="issue"
            required
            maxlength={64}
            value={related[0]?.id}
            list="attach-issues"
            placeholder="NSI-2017-0043"
            autocomplete="off"
            spellcheck={false}
            data-key="a"
          />
        </p>
        {related.length === 0 ? null : (
          <>
            <datalist id="attach-issues">
              {related.map((issue) => (
                <option value={issue.id}>{issue.title}</option>
              ))}
            </datalist>
            <ul class="plain small">
              {related.map((issue) => (
                <li>
                  <a href={issueAddress(issue.id)}>{issue.id}</a> {issue.title}{' '}
                  <span class="quiet">names {issue.shared.join(', ')}, too</span>
                </li>
              ))}
            </ul>
          </>
        )}
        <button type="submit" class="button button-strong">
          {word('Attach')}
        </button>
      </DeedForm>
      <details>
        <summary>Make it an issue</summary>
        <DeedForm {...form} deed="issue" changeKey={`${changeKey}-i`}>
          <p class="field">
            <label for="issue-product">Product</label>
            <input
              id="issue-product"
              name="product"
              required
              maxlength={100}
              value={draft.product}
              autocomplete="off"
              spellcheck={false}
            />
          </p>
          <p class="field">
            <label for="issue-title">Title</label>
            <input id="issue-title" name="title" required minlength={3} maxlength={200} value={draft.title} />
          </p>
          <p class="field">
            <label for="issue-summary">
              What it means for our users <span class="quiet">if there is something to say</span>
            </label>
            <textarea id="issue-summary" name="summary" rows={3} maxlength={20_000} />
          </p>
          <button type="submit" class="button button-strong">
            {word('Make an issue')}
          </button>
        </DeedForm>
      </details>
      <details>
        <summary data-key="d">Dismiss it</summary>
        <DeedForm {...form} deed="dismiss" changeKey={`${changeKey}-d`}>
          <fieldset class="choices">
            <legend>Because it is</legend>
            {THREAD_DISMISSALS.map((reason, index) => (
              <label class="choice">
                <input type="radio" name="reason" value={reason} checked={index === 0} required />{' '}
                {THREAD_WORDS[reason]}
              </label>
            ))}
          </fieldset>
          <p class="field">
            <label for="dismiss-note">
              In your words <span class="quiet">needed for another reason</span>
            </label>
            <textarea id="dismiss-note" name="note" rows={2} maxlength={2000} />
          </p>
          <button type="submit" class="button">
            {word('Dismiss')}
          </button>
        </DeedForm>
      </details>
    </section>
  );
}

interface DeedFormProps {
  thread: ThreadView;
  deed: string;
  back: string;
  changeKey: string;
  children?: Child;
}

/** A form that decides, with what its author saw. */
function DeedForm({ thread, deed, back, changeKey, children }: DeedFormProps) {
  const claims = deed === 'claim' || deed === 'release';
  return (
    <form method="post" action={threadAddress(thread.id)} id={`deed-${deed}`} data-keep>
      <Carried back={back} changeKey={changeKey}>
        <input type="hidden" name="deed" value={deed} />
        <input type="hidden" name="saw" value={String(claims ? thread.claimVersion : thread.version)} />
        <input type="hidden" name="knew" value={String(thread.factsVersion)} />
      </Carried>
      {children}
    </form>
  );
}

function Message({ message, thread, now }: { message: ThreadMessage; thread: number; now: string }) {
  const { id, from, sentAt, signatures, passages, patches, attachments } = message;
  const whole = signatures.some((each) => each.state === 'good' && each.whole);
  const who = from === null ? 'Somebody' : from.name === '' ? from.address : from.name;
  return (
    <article class="mail" id={`mail-${id}`} data-item tabindex={-1} aria-label={`Message of ${who}`}>
      <h2 class="mail-head">
        {who}{' '}
        <span class="quiet">
          <When at={sentAt} now={now} none="without a date" />
        </span>
      </h2>
      {message.redacted ? <p class="quiet">This message was erased.</p> : null}
      {signatures.map(({ state, keyId, signer, whole }) =>
        state === 'good' && !whole ? (
          <p class="small quiet">It holds a text signed by {signer}.</p>
        ) : (
          <p class="small">
            <SignatureMark state={state} />{' '}
            {signer === null ? keyId === null ? null : <span class="id">{keyId}</span> : signer}
          </p>
        ),
      )}
      {passages.map(({ kind, text, signer }) => (
        <>
          {signer === null || whole || kind === 'armor' ? null : (
            <p class="small">
              <SignatureMark state="good" /> {signer}:
            </p>
          )}
          {kind === 'words' ? (
            <pre class="mail-words">{text.replace(/^\n+/, '').trimEnd()}</pre>
          ) : (
            <details class={`mail-${kind}`} open={kind === 'patch'}>
              <summary>{foldedWords(kind, text)}</summary>
              <pre tabindex={0}>{text}</pre>
            </details>
          )}
        </>
      ))}
      {message.cut ? <p class="quiet">It is longer than what is shown here.</p> : null}
      {patches.map((patch) => (
        <details class="mail-patch">
          <summary>
            Patch {patch.name} <span class="quiet">{number(patch.bytes)} bytes</span>
          </summary>
          <p>
            <a href={`${threadAddress(thread)}/patches/${id}/${patch.number}/raw`} download>
              Download {patch.name}
            </a>
          </p>
          {patch.inText ? null : patch.text === null ? (
            <p class="quiet">{patch.packed ? 'It is packed.' : 'It is too long to be shown here.'}</p>
          ) : (
            <pre tabindex={0}>{patch.text}</pre>
          )}
        </details>
      ))}
      {attachments.length === 0 ? null : (
        <p class="quiet">
          Also came with it: {attachments.map(({ name, type }) => `${name} (${type})`).join(', ')}
        </p>
      )}
    </article>
  );
}

function foldedWords(kind: 'quoted' | 'patch' | 'armor', text: string): string {
  const lines = counted(text.split('\n').length, 'line');
  if (kind === 'quoted') return `${lines} quoted`;
  return kind === 'patch' ? `A patch, ${lines}` : `Of the signature, ${lines}`;
}
