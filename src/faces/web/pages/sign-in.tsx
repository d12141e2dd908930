import { ownAddress } from '../components/addresses.ts';
import { type FormProblem, Said, TextField, Wrong } from '../components/form-fields.tsx';
import { type Frame, Layout } from '../layout.tsx';

export interface SignInPageProps {
  frame: Frame;
  /** Page to go to afterwards. */
  to: string;
  /** As it was typed. */
  handle: string;
  passkeys: boolean;
  providers: { label: string; href: string }[];
  /** Where an account is made; null where nobody makes their own. */
  signUp: string | null;
  problem: FormProblem | null;
  said: string | null;
}

/** `/sign-in` */
export function SignInPage({
  frame,
  to,
  handle,
  passkeys,
  providers,
  signUp,
  problem,
  said,
}: SignInPageProps) {
  return (
    <Layout frame={frame} title="Sign in" description="Sign in to propose, decide and comment.">
      <header class="page-head">
        <h1>Sign in</h1>
        <p class="lead">
          Reading and reporting need no account. Whoever has one proposes, comments and decides.
        </p>
      </header>
      <Said words={said} />
      <div class="doors">
        <section aria-labelledby="by-password">
          <h2 id="by-password">With a password</h2>
          <form class="sheet" method="post" action="/sign-in">
            <Wrong form="sign-in" problem={problem} />
            <input type="hidden" name="to" value={to} />
            <TextField
              form="sign-in"
              name="handle"
              label="Handle"
              value={handle}
              autocomplete="username webauthn"
              required
              problem={problem}
            />
            <TextField
              form="sign-in"
              name="password"
              label="Password"
              type="password"
              autocomplete="current-password"
              required
              problem={problem}
            />
            <p class="buttons">
              <button type="submit" class="button button-strong">
                Sign in
              </button>
            </p>
          </form>
        </section>
        <section aria-labelledby="otherwise">
          <h2 id="otherwise">Otherwise</h2>
          <ul class="plain other-doors">
            {passkeys ? (
              <li>
                <form
                  method="post"
                  action="/sign-in/passkey"
                  class="deed"
                  data-passkey="sign-in"
                  data-to={to}
                >
                  <button type="submit" class="button" disabled>
                    Sign in with a passkey
                  </button>
                  <span class="hint" data-passkey-words="" role="status">
                    Passkeys need JavaScript.
                  </span>
                </form>
              </li>
            ) : null}
            {providers.map(({ label, href }) => (
              <li>
                <a class="button" href={ownAddress(href)} rel="nofollow">
                  Sign in with {label}
                </a>
              </li>
            ))}
            {signUp === null ? null : (
              <li>
                No account yet? <a href={ownAddress(signUp)}>Make one</a>
              </li>
            )}
            <li class="quiet">Lost your way in? Ask an admin: two of them together let you in again.</li>
          </ul>
        </section>
      </div>
    </Layout>
  );
}
