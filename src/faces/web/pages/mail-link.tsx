import { type Frame, Layout } from '../layout.tsx';

export interface MailLinkState {
  purpose: 'confirm' | 'stop';
  /** Whether the link can be used, was used just now (alone, or with another one still to come), or opens nothing. */
  state: 'asked' | 'done' | 'waits' | 'gone';
  /** What the link held. */
  secret: string;
  /** Whose it is; null where it opens nothing. */
  handle: string | null;
  /** Asked at the address that the account has: may it go on to another one? */
  leaving?: boolean;
}

const WORDS = {
  confirm: {
    title: 'Is this your address?',
    asked: 'Confirm that the mail with this link reached you: then Muster may write to you.',
    button: 'Yes, it is mine',
    waits:
      'Thank you. The address changes as soon as the other mail was answered, too: one went to each of the two.',
    done: 'Your address is confirmed. What you get there is yours to choose.',
    gone: 'This link was used, is older than three days, or was sent to an address that you changed since.',
    action: '/mail/confirm',
  },
  stop: {
    title: 'No more mails',
    asked: 'Muster will not write to you of what happens any more. Its pages still tell you.',
    button: 'Stop the mails',
    waits: '',
    done: 'Done: no more mails of what happens. You can choose otherwise whenever you like.',
    gone: 'This link is too old. Sign in to choose what you get.',
    action: '/mail/stop',
  },
} as const;

const LEAVING = {
  ...WORDS.confirm,
  title: 'Shall mail for you go elsewhere?',
  asked: 'Somebody who is signed in as you wants another address for your account. Was that you?',
  button: 'Yes, let it go there',
} as const;

/** Where a link in a mail leads: it does nothing until its button is pressed. */
export function MailLinkPage(props: MailLinkState & { frame: Frame }) {
  const { frame, purpose, state, secret, handle, leaving = false } = props;
  const words = leaving ? LEAVING : WORDS[purpose];
  return (
    <Layout frame={frame} title={words.title}>
      <header class="page-head">
        <h1>{words.title}</h1>
        <p class="lead">
          {handle === null ? null : <>@{handle}: </>}
          {words[state]}
        </p>
      </header>
      {state === 'asked' ? (
        <form class="sheet" method="post" action={words.action}>
          <input type="hidden" name="link" value={secret} />
          <p class="buttons">
            <button type="submit" class="button button-strong">
              {words.button}
            </button>
          </p>
        </form>
      ) : (
        <p>
          <a href="/account#mail">Your account</a>
        </p>
      )}
    </Layout>
  );
}
