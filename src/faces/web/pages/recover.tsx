import { type FormProblem, TextField, Wrong } from '../components/form-fields.tsx';
import { type Frame, Layout } from '../layout.tsx';

export interface RecoverPageProps {
  frame: Frame;
  /** What the link held. */
  secret: string;
  /** Whose account it opens; null where it opens none. */
  handle: string | null;
  shortestPassword: number;
  problem: FormProblem | null;
}

/** `/recover?link=…`: a way back into an account, granted by two admins. */
export function RecoverPage({ frame, secret, handle, shortestPassword, problem }: RecoverPageProps) {
  return (
    <Layout frame={frame} title="Back into your account">
      <header class="page-head">
        <h1>Back into your account</h1>
        {handle === null ? (
          <p class="lead">
            This link was used, withdrawn, or is older than a day. Ask an admin for another one.
          </p>
        ) : (
          <p class="lead">
            Two admins vouch that you are @{handle}. With a new password everything that opened the account
            before is void: passkeys, linked accounts, sessions and tokens.
          </p>
        )}
      </header>
      {handle === null ? null : (
        <section aria-labelledby="new-password">
          <h2 id="new-password">A new password</h2>
          <form class="sheet" method="post" action="/recover">
            <Wrong form="recover" problem={problem} />
            <input type="hidden" name="link" value={secret} />
            <input type="hidden" name="handle" value={handle} autocomplete="username" />
            <TextField
              form="recover"
              name="password"
              label="New password"
              type="password"
              autocomplete="new-password"
              minlength={shortestPassword}
              required
              hint={`At least ${shortestPassword} characters; a few words in a row make a good one.`}
              problem={problem}
            />
            <p class="buttons">
              <button type="submit" class="button button-strong">
                Set it and sign in
              </button>
            </p>
          </form>
        </section>
      )}
    </Layout>
  );
}
