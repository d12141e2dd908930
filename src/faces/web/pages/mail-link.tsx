import { type Frame, Layout } from '../layout.tsx';

export interface MailLinkState {
  purpose: 'confirm' | 'stop';
  /** Whether the link can be used, was used just now, or opens nothing. */
  state: 'asked' | 'done' | 'gone';
  /** What the link held. */
  secret: string;
  /** Whose it is; null where it opens nothing. */
  handle: string | null;
}

const WORDS = {
  confirm: {
    title: 'Is this your address?',
    asked: 'Confirm that the mail with this link reached you: then Muster may write to you.',
    button: 'Yes, it is mine',
    done: 'Your address is confirmed. What you get there is yours to choose.',
    gone: 'This link was used, is older than three days, or was sent to an address that you changed since.',
    action: '/mail/confirm',
  },
  stop: {
    title: 'No more mails',
    asked: 'Muster will not write to you of what happens any more. Its pages still tell you.',
    button: 'Stop the mails',
    done: 'Done: no more mails of what happens. You can choose otherwise whenever you like.',
    gone: 'This link is too old. Sign in to choose what you get.',
    action: '/mail/stop',
  },
} as const;

/** Where a link in a mail leads: it does nothing until its button is pressed. */
export function MailLinkPage({ frame, purpose, state, secret, handle }: MailLinkState & { frame: Frame }) {
  const words = WORDS[purpose];
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
