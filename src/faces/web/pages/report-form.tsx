import { type FormProblem, TextField, Wrong } from '../components/form-fields.tsx';
import { OutsideLink } from '../components/links.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { REPORT_ADDRESS, withQuery } from '../list-addresses.ts';

/** What was typed. */
export interface TypedReport {
  url: string;
  words: string;
  package: string;
  email: string;
}

export interface ReportFormPageProps {
  frame: Frame;
  /** The question comes first; then the form, or whom to write to; in the end, that it came. */
  step: 'question' | 'form' | 'private' | 'sent';
  typed: TypedReport;
  /** Whom to write to about what is not public, and with which key; null where the team has not said. */
  contact: string | null;
  pgpKey: string | null;
  /** Made by the server: a form that is sent twice is stored once, and shows how long it was looked at. */
  formKey: string;
  opened: string;
  problem: FormProblem | null;
}

/** `/report`: what anybody can tell us without an account. What is not public is not for here, so that is asked first. */
export function ReportFormPage(props: ReportFormPageProps) {
  const { frame, step } = props;
  return (
    <Layout
      frame={frame}
      title="Report a problem"
      description={`Tell the security team of ${frame.team} of a problem, without an account.`}
    >
      <header class="page-head">
        <p class="kicker">Without an account</p>
        <h1>{HEADINGS[step]}</h1>
      </header>
      {step === 'question' ? <Question {...props} /> : null}
      {step === 'form' ? <ReportForm {...props} /> : null}
      {step === 'private' ? <Private {...props} /> : null}
      {step === 'sent' ? <Sent /> : null}
    </Layout>
  );
}

const HEADINGS = {
  question: 'Is the problem public?',
  form: 'Report a problem',
  private: 'Do not write it here',
  sent: 'Thank you, it has arrived',
} as const;

function Question({ typed }: ReportFormPageProps) {
  const about = { package: typed.package, url: typed.url };
  return (
    <>
      <p class="prose">
        Public is what anybody could have read: an advisory, a commit, a bug report, a post. If you found it
        yourself, or were told in confidence, it is not.
      </p>
      <div class="buttons">
        <a class="button button-strong" href={withQuery(REPORT_ADDRESS, { public: 'yes', ...about })}>
          Yes, it is public
        </a>
        <a class="button" href={withQuery(REPORT_ADDRESS, { public: 'no' })}>
          No, or I am not sure
        </a>
      </div>
    </>
  );
}

function ReportForm({ typed, formKey, opened, problem }: ReportFormPageProps) {
  return (
    <>
      <p class="prose">
        An address or a few words are enough. Triagers read it; nobody else does, until one of them releases
        it.
      </p>
      <form class="sheet" method="post" action={REPORT_ADDRESS} data-keep id="report">
        <Wrong form="report" problem={problem} />
        <input type="hidden" name="public" value="yes" />
        <input type="hidden" name="key" value={formKey} />
        <input type="hidden" name="opened" value={opened} />
        <TextField
          form="report"
          name="url"
          label="Where it can be read"
          value={typed.url}
          maxlength={2000}
          autocomplete="off"
          hint="An address: https://…"
          problem={problem}
        />
        <p class="field">
          <label for="report-words">In your words</label>
          <textarea id="report-words" name="words" rows={5} maxlength={10_000}>
            {typed.words}
          </textarea>
        </p>
        <TextField
          form="report"
          name="package"
          label="Package, if you know it"
          value={typed.package}
          maxlength={200}
          autocomplete="off"
          problem={problem}
        />
        <TextField
          form="report"
          name="email"
          label="Your mail address, if you want an answer"
          type="email"
          value={typed.email}
          maxlength={300}
          autocomplete="email"
          hint="Seen by triagers alone, and forgotten as soon as your report is decided on."
          problem={problem}
        />
        <p class="trap" aria-hidden="true">
          <label for="report-website">Leave this empty</label>
          <input id="report-website" name="website" tabindex={-1} autocomplete="off" />
        </p>
        <p class="buttons">
          <button type="submit" class="button button-strong">
            Send it
          </button>
          <a href={withQuery(REPORT_ADDRESS, { public: 'no' })}>It is not public after all</a>
        </p>
      </form>
    </>
  );
}

function Private({ frame, contact, pgpKey }: ReportFormPageProps) {
  return (
    <>
      <p class="prose">
        Muster is a public place. Nothing that you typed was stored, nor that you were here: write to the
        security team of {frame.team} instead.
      </p>
      {contact === null ? (
        <p class="note">
          The team has not said here whom to write to. Ask one of its members in private, and say nothing of
          the problem itself until you know who reads along.
        </p>
      ) : (
        <dl class="ways">
          <div>
            <dt>Write to</dt>
            <dd>
              <Way text={contact} />
            </dd>
          </div>
          {pgpKey === null ? null : (
            <div>
              <dt>Encrypt it with the OpenPGP key</dt>
              <dd class="mono">
                <Way text={pgpKey} />
              </dd>
            </div>
          )}
        </dl>
      )}
      <p>
        <a href={withQuery(REPORT_ADDRESS, { public: 'yes' })}>It is public after all</a>
      </p>
    </>
  );
}

/** A mail address and a web address are links, a fingerprint is words. */
function Way({ text }: { text: string }) {
  if (/^[^\s@<>"]+@[^\s@<>"]+$/.test(text)) return <a href={`mailto:${text}`}>{text}</a>;
  return <OutsideLink href={/^https?:\/\//.test(text) ? text : null}>{text}</OutsideLink>;
}

function Sent() {
  return (
    <>
      <p class="prose">
        A triager looks at it, and makes an issue of it, adds it to one, or sets it aside. If you left an
        address, you hear what came of it.
      </p>
      <p>
        <a href={REPORT_ADDRESS}>Report another one</a> · <a href="/">To the first page</a>
      </p>
    </>
  );
}
