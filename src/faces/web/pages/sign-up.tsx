import { ownAddress } from '../components/addresses.ts';
import { type FormProblem, TextField, Wrong } from '../components/form-fields.tsx';
import { type Frame, Layout } from '../layout.tsx';

export interface SignUpPageProps {
  frame: Frame;
  /** Page to go to afterwards. */
  to: string;
  handle: string;
  name: string;
  email: string;
  /** Of an invitation: what the link held, and what it brings; null for those who come by themselves. */
  invite: { secret: string; role: string } | null;
  /** With whose word they come: then no password is asked for. */
  by: { label: string; as: string | null } | null;
  /** With whose word one may come instead. */
  providers: { label: string; href: string }[];
  /** Why no account can be made here; the form is then left out. */
  closed: string | null;
  shortestPassword: number;
  signIn: string;
  problem: FormProblem | null;
}

/** `/sign-up`, and `/sign-in/new` for those who come from a provider. */
export function SignUpPage(props: SignUpPageProps) {
  const { frame, by, invite, closed, signIn } = props;
  return (
    <Layout frame={frame} title="Make an account" description="Anyone can help.">
      <header class="page-head">
        <h1>Make an account</h1>
        <p class="lead">
          {closed ??
            (invite === null || invite.role === 'contributor'
              ? 'Anyone can help: what you propose, somebody of the team decides on, and the credit stays yours.'
              : `You were asked in as ${invite.role}.`)}
        </p>
      </header>
      {by === null ? null : (
        <p class="note">
          {by.label} says who you are{by.as === null ? '' : ` (${by.as})`}, and no account here is linked to
          that. If you have one, <a href={ownAddress(signIn)}>sign in with it</a> and link it on your
          account’s page.
        </p>
      )}
      <Doors providers={props.providers} />
      {closed === null ? (
        <SignUpForm {...props} />
      ) : (
        <p class="prose">
          <a href={ownAddress(signIn)}>Sign in</a>
        </p>
      )}
    </Layout>
  );
}

function Doors({ providers }: Pick<SignUpPageProps, 'providers'>) {
  if (providers.length === 0) return null;
  return (
    <p class="buttons">
      {providers.map(({ label, href }) => (
        <a class="button" href={ownAddress(href)} rel="nofollow">
          Go on with {label}
        </a>
      ))}
      <span class="quiet">or with a password:</span>
    </p>
  );
}

function SignUpForm({
  to,
  handle,
  name,
  email,
  invite,
  by,
  shortestPassword,
  signIn,
  problem,
}: SignUpPageProps) {
  const form = 'sign-up';
  return (
    <section aria-labelledby="you">
      <h2 id="you">You</h2>
      <form class="sheet" method="post" action={by === null ? '/sign-up' : '/sign-in/new'}>
        <Wrong form={form} problem={problem} />
        <input type="hidden" name="to" value={to} />
        {invite === null ? null : <input type="hidden" name="invite" value={invite.secret} />}
        <TextField
          form={form}
          name="handle"
          label="Handle"
          value={handle}
          autocomplete="username"
          maxlength={40}
          required
          hint="What others call you: letters, digits and hyphens. It stays yours for good."
          problem={problem}
        />
        <TextField
          form={form}
          name="name"
          label="Name"
          value={name}
          autocomplete="name"
          maxlength={80}
          required
          hint="Shown beside what you do. It need not be the one in your passport."
          problem={problem}
        />
        <TextField
          form={form}
          name="email"
          label="E-mail, if you like"
          type="email"
          value={email}
          autocomplete="email"
          hint="Seen by you and the admins."
          problem={problem}
        />
        {by === null ? (
          <TextField
            form={form}
            name="password"
            label="Password"
            type="password"
            autocomplete="new-password"
            minlength={shortestPassword}
            required
            hint={`At least ${shortestPassword} characters; a few words in a row make a good one. A passkey can be added afterwards.`}
            problem={problem}
          />
        ) : null}
        <p class="buttons">
          <button type="submit" class="button button-strong">
            Make the account
          </button>
          <a href={ownAddress(signIn)}>I have one</a>
        </p>
      </form>
    </section>
  );
}
