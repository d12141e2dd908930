import type { MailPace } from '#domain/accounts';
import type { NoticeReason } from '#domain/issues';
import type { Scope } from '#domain/policies';
import { ownAddress, personAddress } from '../components/addresses.ts';
import {
  ChoiceField,
  DeedButton,
  type FormProblem,
  Said,
  TextField,
  Wrong,
} from '../components/form-fields.tsx';
import { Day, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { roleWords, scopeWords } from '../role-words.ts';

export interface AccountData {
  handle: string;
  name: string;
  email: string | null;
  /** Whether mail to it was shown to reach its owner. */
  emailConfirmed: boolean;
  /** Another address that was asked for, and whose answers are still to come; null for none. */
  newAddress: { email: string | null; waitsFor: readonly string[] } | null;
  /** How often mail comes, and of what. */
  mail: { pace: MailPace; reasons: Readonly<Record<NoticeReason, boolean>> };
  role: string;
  since: string;
  /** When the password was set; null where there is none. */
  passwordSince: string | null;
  passkeys: { id: string; name: string; createdAt: string; usedAt: string | null }[];
  sessions: {
    id: string;
    browser: string | null;
    means: string;
    createdAt: string;
    seenAt: string;
    /** The one that asks. */
    current: boolean;
  }[];
  tokens: {
    id: number;
    name: string;
    scopes: readonly Scope[];
    createdAt: string;
    usedAt: string | null;
    expiresAt: string | null;
  }[];
  identities: { provider: string; subject: string; by: string; label: string | null; createdAt: string }[];
  /** What happened to the account of late, newest first. */
  history: { event: number; at: string; words: string; by: string }[];
}

export interface AccountPageProps extends AccountData {
  frame: Frame;
  /** Whether mail goes out at all. */
  mails: boolean;
  /** Whether passkeys work at this address. */
  passkeysWork: boolean;
  /** Scopes that a token may have. */
  scopes: readonly Scope[];
  linkable: { label: string; href: string }[];
  shortestPassword: number;
  /** Just made, shown this once. */
  newToken: string | null;
  isAdmin: boolean;
  /** What was typed into the form that has a problem. */
  typed: Readonly<Record<string, string>>;
  problem: FormProblem | null;
  said: string | null;
}

/** `/account`: what one is here, and everything that opens it. */
export function AccountPage(props: AccountPageProps) {
  const { frame, handle, role, isAdmin, said, newToken } = props;
  return (
    <Layout frame={frame} title="Your account">
      <header class="page-head page-head-with-deed">
        <div>
          <p class="kicker">
            {roleWords(role)} since <Day at={props.since} />
          </p>
          <h1>@{handle}</h1>
          <p class="lead">
            <a href={personAddress(handle)}>Your page, as others see it</a>
            {isAdmin ? (
              <>
                {' · '}
                <a href="/accounts">All accounts</a>
              </>
            ) : null}
          </p>
        </div>
        <form method="post" action="/sign-out" class="deed">
          <button type="submit" class="button">
            Sign out
          </button>
        </form>
      </header>
      <Said words={said} />
      {newToken === null ? null : <NewToken token={newToken} />}
      <div class="parts">
        <Profile {...props} />
        <Mail {...props} />
        <Password {...props} />
        <Passkeys {...props} />
        {props.identities.length + props.linkable.length === 0 ? null : <Identities {...props} />}
        <Sessions {...props} />
        <Tokens {...props} />
        <History {...props} />
      </div>
    </Layout>
  );
}

function NewToken({ token }: { token: string }) {
  return (
    <section aria-labelledby="new-token" class="note">
      <h2 id="new-token">Your new token</h2>
      <p>
        <code class="id secret">{token}</code>
      </p>
      <p>Copy it now: it is shown this once, and stored nowhere. Send it as “Authorization: Bearer …”.</p>
    </section>
  );
}

function Profile({ name, email, newAddress, problem, typed }: AccountPageProps) {
  const own = problem?.form === 'profile' ? typed : {};
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">Profile</h2>
      <form class="sheet" method="post" action="/account/profile">
        <Wrong form="profile" problem={problem} />
        <TextField
          form="profile"
          name="name"
          label="Name"
          value={own.name ?? name}
          autocomplete="name"
          maxlength={80}
          required
          problem={problem}
        />
        <TextField
          form="profile"
          name="email"
          label="E-mail"
          type="email"
          value={own.email ?? email ?? ''}
          autocomplete="email"
          hint="Seen by you and the admins."
          problem={problem}
        />
        {newAddress === null ? null : (
          <p class="quiet small">
            {newAddress.email === null ? 'It is taken off' : `It becomes ${newAddress.email}`} as soon as the
            mail to {newAddress.waitsFor.join(' and the one to ')} is answered. To leave it as it is, save as
            it is.
          </p>
        )}
        <p class="buttons">
          <button type="submit" class="button button-strong">
            Save
          </button>
        </p>
      </form>
    </section>
  );
}

const PACE_WORDS: readonly (readonly [MailPace, string])[] = [
  ['at_once', 'at once'],
  ['daily', 'one mail a day'],
  ['never', 'no mails'],
];

const REASON_WORDS: readonly (readonly [NoticeReason, string])[] = [
  ['mention', 'somebody mentions me'],
  ['exploited', 'attackers use what I watch'],
  ['decision', 'my proposal was decided on'],
  ['claim', 'my claim ran out, or was taken over'],
  ['lead', 'I lead the round'],
  ['roundup', 'a roundup that I took part in ends'],
  ['watch', 'something that I watch changed'],
  ['alarm', 'a source that I watch is silent, failing or unlike itself'],
];

function Mail({ email, emailConfirmed, mails, mail, problem }: AccountPageProps) {
  return (
    <section aria-labelledby="mail">
      <h2 id="mail">Mail</h2>
      <Wrong form="mail" problem={problem} />
      {!mails ? (
        <p class="quiet small">
          No mail goes out from here: whoever runs this Muster has set up no mail server.
        </p>
      ) : email === null ? (
        <p class="quiet small">There is no address in your profile, so no mail can come.</p>
      ) : emailConfirmed ? (
        <p class="quiet small">Mail goes to {email}.</p>
      ) : (
        <form class="deed" method="post" action="/account/mail/confirm">
          <p>
            Nobody has shown yet that {email} is yours, so no mail goes there.{' '}
            <button type="submit" class="button">
              Send me a link that confirms it
            </button>
          </p>
        </form>
      )}
      <form class="sheet" method="post" action="/account/mail">
        <ChoiceField
          form="mail"
          name="pace"
          label="How often"
          value={mail.pace}
          options={PACE_WORDS.map(([value, label]) => ({ value, label }))}
        />
        <fieldset class="choices">
          <legend>When</legend>
          {REASON_WORDS.map(([reason, words]) => (
            <label>
              <input type="checkbox" name="reason" value={reason} checked={mail.reasons[reason]} /> {words}
            </label>
          ))}
        </fieldset>
        <p class="buttons">
          <button type="submit" class="button button-strong">
            Save
          </button>
        </p>
      </form>
    </section>
  );
}

function Password({ handle, passwordSince, shortestPassword, problem }: AccountPageProps) {
  const has = passwordSince !== null;
  return (
    <section aria-labelledby="password">
      <h2 id="password">Password</h2>
      {has ? (
        <p class="quiet small">
          Set on <Day at={passwordSince} />.
        </p>
      ) : (
        <p class="quiet small">There is none: you sign in by other means.</p>
      )}
      <form class="sheet" method="post" action="/account/password">
        <Wrong form="password" problem={problem} />
        <input type="hidden" name="handle" value={handle} autocomplete="username" />
        {has ? (
          <TextField
            form="password"
            name="present"
            label="Present password"
            type="password"
            autocomplete="current-password"
            required
            problem={problem}
          />
        ) : null}
        <TextField
          form="password"
          name="next"
          label="New password"
          type="password"
          autocomplete="new-password"
          minlength={shortestPassword}
          required
          hint={`At least ${shortestPassword} characters. Every other session ends.`}
          problem={problem}
        />
        <p class="buttons">
          <button type="submit" class="button button-strong">
            {has ? 'Change it' : 'Set it'}
          </button>
        </p>
      </form>
    </section>
  );
}

function Passkeys({ frame, passkeys, passkeysWork, problem }: AccountPageProps) {
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys">Passkeys</h2>
      <Wrong form="passkey" problem={problem} />
      {passkeys.length === 0 ? (
        <p class="quiet small">
          None yet. A passkey is a key in your phone, computer or security key: nothing to remember, nothing
          to steal from us.
        </p>
      ) : (
        <ul class="plain things">
          {passkeys.map(({ id, name, createdAt, usedAt }) => (
            <li class="thing">
              <div class="thing-words">
                <strong>{name}</strong>
                <span class="quiet small">
                  added <Day at={createdAt} />, last used <When at={usedAt} now={frame.now} />
                </span>
              </div>
              <details class="rename">
                <summary>
                  Rename<span class="hidden"> {name}</span>
                </summary>
                <form method="post" action="/account/passkeys/name" class="deed">
                  <input type="hidden" name="id" value={id} />
                  <input
                    name="name"
                    value={name}
                    maxlength={60}
                    required
                    aria-label={`New name of ${name}`}
                  />
                  <button type="submit" class="button">
                    Save
                  </button>
                </form>
              </details>
              <DeedButton action="/account/passkeys/remove" label="Remove" about={name} fields={{ id }} />
            </li>
          ))}
        </ul>
      )}
      {passkeysWork ? (
        <form class="sheet" method="post" action="/account/passkeys" data-passkey="add">
          <TextField
            form="passkey"
            name="name"
            label="Name of a new one"
            maxlength={60}
            required
            hint="As “my phone”."
            problem={problem}
          />
          <p class="buttons">
            <button type="submit" class="button button-strong" disabled>
              Add a passkey
            </button>
            <span class="hint" data-passkey-words="" role="status">
              Passkeys need JavaScript.
            </span>
          </p>
        </form>
      ) : (
        <p class="quiet small">
          Passkeys work where this Muster has a name and https (the setting publicUrl).
        </p>
      )}
    </section>
  );
}

function Identities({ identities, linkable, problem }: AccountPageProps) {
  return (
    <section aria-labelledby="identities">
      <h2 id="identities">Signing in elsewhere</h2>
      <Wrong form="identity" problem={problem} />
      {identities.length === 0 ? null : (
        <ul class="plain things">
          {identities.map(({ provider, subject, by, label, createdAt }) => (
            <li class="thing">
              <div class="thing-words">
                <strong>
                  {by}
                  {label === null ? '' : `: ${label}`}
                </strong>
                <span class="quiet small">
                  linked <Day at={createdAt} />
                </span>
              </div>
              <DeedButton
                action="/account/identities/remove"
                label="Unlink"
                about={by}
                fields={{ provider, subject }}
              />
            </li>
          ))}
        </ul>
      )}
      {linkable.length === 0 ? null : (
        <p class="buttons">
          {linkable.map(({ label, href }) => (
            <a class="button" href={ownAddress(href)} rel="nofollow">
              Link {label} to your account
            </a>
          ))}
        </p>
      )}
    </section>
  );
}

function Sessions({ frame, sessions, problem }: AccountPageProps) {
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      <Wrong form="session" problem={problem} />
      <ul class="plain things">
        {sessions.map(({ id, browser, means, createdAt, seenAt, current }) => (
          <li class="thing">
            <div class="thing-words">
              <strong>{browser ?? 'A browser'}</strong>
              <span class="quiet small">
                by {means} on <Day at={createdAt} />,{' '}
                {current ? (
                  'this one'
                ) : (
                  <>
                    last seen <When at={seenAt} now={frame.now} />
                  </>
                )}
              </span>
            </div>
            {current ? null : (
              <DeedButton
                action="/account/sessions/end"
                label="End"
                about={`the session in ${browser ?? 'a browser'}`}
                fields={{ id }}
              />
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? (
        <p class="buttons">
          <DeedButton action="/account/sessions/end-others" label="End all but this one" />
        </p>
      ) : null}
    </section>
  );
}

function Tokens({ frame, tokens, scopes, problem, typed }: AccountPageProps) {
  const own = problem?.form === 'token' ? typed : {};
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">API tokens</h2>
      {tokens.length === 0 ? (
        <p class="quiet small">None. A token lets a program of yours do what you may.</p>
      ) : (
        <ul class="plain things">
          {tokens.map(({ id, name, scopes: has, createdAt, usedAt, expiresAt }) => (
            <li class="thing">
              <div class="thing-words">
                <strong>{name}</strong>
                <span class="quiet small">
                  {has.join(', ')} · made <Day at={createdAt} />, last used{' '}
                  <When at={usedAt} now={frame.now} />,{' '}
                  {expiresAt === null ? (
                    'never ends'
                  ) : (
                    <>
                      ends <Day at={expiresAt} />
                    </>
                  )}
                </span>
              </div>
              <DeedButton
                action="/account/tokens/revoke"
                label="Revoke"
                about={name}
                fields={{ id: String(id) }}
              />
            </li>
          ))}
        </ul>
      )}
      <form class="sheet" method="post" action="/account/tokens">
        <Wrong form="token" problem={problem} />
        <TextField
          form="token"
          name="name"
          label="What it is for"
          value={own.name ?? ''}
          maxlength={80}
          required
          problem={problem}
        />
        <fieldset class="checks">
          <legend>It may</legend>
          {scopes.map((scope, index) => (
            <label class="check">
              <input type="checkbox" name="scopes" value={scope} checked={index === 0} /> {scope}{' '}
              <span class="hint">{scopeWords(scope)}</span>
            </label>
          ))}
          {problem?.form === 'token' && problem.field === 'scopes' ? (
            <p class="wrong">{problem.why}</p>
          ) : null}
        </fieldset>
        <TextField
          form="token"
          name="days"
          label="For how many days"
          type="number"
          min={1}
          max={366}
          value={own.days ?? '90'}
          required
          problem={problem}
        />
        <p class="buttons">
          <button type="submit" class="button button-strong">
            Make a token
          </button>
        </p>
      </form>
    </section>
  );
}

function History({ frame, history }: AccountPageProps) {
  return (
    <section aria-labelledby="history">
      <h2 id="history">What happened to it</h2>
      <ol class="plain happened">
        {history.map(({ event, at, words, by }) => (
          <li id={`event-${event}`}>
            <When at={at} now={frame.now} /> <span>{words}</span> <span class="quiet small">{by}</span>
          </li>
        ))}
      </ol>
      <p class="quiet small">
        Something here was not you? End the sessions, change the password, and tell an admin.
      </p>
    </section>
  );
}
