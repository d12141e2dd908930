import type { Permission } from '#domain/policies';
import { type FormProblem, TextArea, TextField, Wrong } from '../components/form-fields.tsx';
import type { TypedDraft } from '../draft-form.ts';
import { type Frame, Layout } from '../layout.tsx';
import { intakeAddress, NEW_ISSUE_ADDRESS } from '../list-addresses.ts';
import { signInAddress } from '../session-guard.ts';

export interface NewIssuePageProps {
  frame: Frame;
  permission: Permission;
  typed: TypedDraft & { remark: string; answer: string };
  /** What a visitor sent, where the issue is made of that. */
  intake: { number: number; version: number; answerable: boolean } | null;
  /** Made by the server: sent twice it is one issue. */
  changeKey: string;
  problem: FormProblem | null;
}

const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'];
const FORM = 'new-issue';

/** `/issues/new`: an issue that no report tells of, with a number of ours as its vulnerability. */
export function NewIssuePage(props: NewIssuePageProps) {
  const { frame, permission, intake } = props;
  return (
    <Layout
      frame={frame}
      title="Open an issue"
      description={`Tell ${frame.team} of a public problem that has no number yet.`}
    >
      <header class="page-head">
        {intake === null ? (
          <p class="kicker">A public problem that no report tells of</p>
        ) : (
          <p class="kicker">
            Of <a href={intakeAddress(intake.number)}>report {intake.number}</a> of a visitor
          </p>
        )}
        <h1>{permission === 'propose' ? 'Propose an issue' : 'Open an issue'}</h1>
        <p class="lead">
          It gets a number of ours, and is matched, listed and decided like any other. If it gets another
          number later, the two can be made one.
        </p>
      </header>
      {permission === 'refuse' ? (
        <p class="note">
          Proposing an issue takes an account, and no rights beyond that:{' '}
          <a href={signInAddress(NEW_ISSUE_ADDRESS)}>sign in</a>. Without one, <a href="/report">report it</a>
          .
        </p>
      ) : (
        <Fields {...props} />
      )}
    </Layout>
  );
}

function Fields({ permission, typed, intake, changeKey, problem }: NewIssuePageProps) {
  return (
    <form class="sheet" method="post" action={NEW_ISSUE_ADDRESS} id={FORM} data-keep>
      <Wrong form={FORM} problem={problem} />
      <input type="hidden" name="key" value={changeKey} />
      {intake === null ? null : (
        <>
          <input type="hidden" name="intake" value={intake.number} />
          <input type="hidden" name="saw" value={intake.version} />
        </>
      )}
      <TextField
        form={FORM}
        name="product"
        label="Product"
        value={typed.product}
        hint="As people call it: openssl"
        autocomplete="off"
        required
        maxlength={100}
        problem={problem}
      />
      <TextField
        form={FORM}
        name="title"
        label="Title"
        value={typed.title}
        hint="openssl: denial of service by a truncated packet"
        autocomplete="off"
        required
        minlength={3}
        maxlength={200}
        problem={problem}
      />
      <p class="field">
        <label for={`${FORM}-severity`}>Severity</label>
        <select id={`${FORM}-severity`} name="severity">
          <option value="">nobody knows yet</option>
          {SEVERITIES.map((word) => (
            <option value={word} selected={typed.severity === word}>
              {word}
            </option>
          ))}
        </select>
      </p>
      <TextArea
        form={FORM}
        maxlength={20_000}
        name="summary"
        label="Summary, in markdown"
        value={typed.summary}
        rows={5}
        hint="What it means for our users."
        problem={problem}
      />
      <TextArea
        form={FORM}
        maxlength={20_000}
        name="references"
        label="Where it can be read"
        value={typed.references}
        rows={2}
        hint="Addresses, one a line."
        problem={problem}
      />
      <fieldset class="checks">
        <legend>What of ours it may hit, one a line</legend>
        <TextArea
          form={FORM}
          maxlength={20_000}
          name="attributes"
          label="Packages"
          value={typed.attributes}
          rows={2}
          hint="Attributes: openssl, python3Packages.requests"
          problem={problem}
        />
        <TextArea
          form={FORM}
          maxlength={20_000}
          name="modules"
          label="NixOS modules"
          value={typed.modules}
          rows={1}
          hint="By their option path: services.openssh"
          problem={problem}
        />
        <TextArea
          form={FORM}
          maxlength={20_000}
          name="releases"
          label="Releases of Nix itself"
          value={typed.releases}
          rows={1}
          hint="nix-2.3.1"
          problem={problem}
        />
      </fieldset>
      <p class="field">
        <label for={`${FORM}-published`}>
          Public since <span class="quiet">today, if you leave it out</span>
        </label>
        <input id={`${FORM}-published`} name="published" type="date" value={typed.published} />
      </p>
      {intake === null ? (
        <TextField
          form={FORM}
          name="remark"
          label="Why, for the history"
          value={typed.remark}
          autocomplete="off"
          maxlength={4000}
        />
      ) : null}
      {intake?.answerable === true ? (
        <TextArea
          form={FORM}
          maxlength={20_000}
          name="answer"
          label="Answer by mail to whoever reported it"
          value={typed.answer}
          rows={2}
          hint="Empty: none."
          problem={problem}
        />
      ) : null}
      <p class="buttons">
        <button type="submit" class="button button-strong">
          {permission === 'propose' ? 'Propose it' : 'Open it'}
        </button>
        {permission === 'apply' && intake === null ? (
          <button type="submit" class="button" name="propose" value="yes">
            Propose only
          </button>
        ) : null}
      </p>
    </form>
  );
}
