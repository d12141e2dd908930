import { accountAddress } from '../components/addresses.ts';
import { Empty, Pager } from '../components/figures.tsx';
import {
  ChoiceField,
  DeedButton,
  type FormProblem,
  Said,
  TextField,
  Wrong,
} from '../components/form-fields.tsx';
import { Day, number, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { ACCOUNTS_ADDRESS, withQuery } from '../list-addresses.ts';
import { roleWords } from '../role-words.ts';

export interface AccountsData {
  words: string;
  accounts: {
    handle: string;
    name: string;
    email: string | null;
    role: string;
    since: string;
    closedSince: string | null;
  }[];
  total: number;
  page: number;
  pages: number;
  recoveries: {
    id: number;
    handle: string;
    name: string;
    reason: string;
    askedBy: string;
    askedAt: string;
    /** Null while it waits for a second admin. */
    grantedBy: string | null;
    expiresAt: string | null;
    /** Whether whoever looks may grant it. */
    mine: boolean;
    /** Where its link goes by mail; null where it was not granted yet, or handed over. */
    mailedTo: string | null;
    /** Where mail reaches them; null where nobody has shown that. */
    address: string | null;
  }[];
  /** Whether mail goes out at all. */
  mails: boolean;
  invites: {
    id: number;
    note: string;
    role: string;
    mailedTo: string | null;
    madeBy: string;
    expiresAt: string;
  }[];
}

export interface AccountsPageProps extends AccountsData {
  frame: Frame;
  invitedRoles: readonly string[];
  /** A link that was just made, shown this once. */
  link: { what: string; href: string; until: string } | null;
  /** What was typed where something was refused. */
  typed: { note?: string; role?: string; email?: string };
  problem: FormProblem | null;
  said: string | null;
}

/** `/accounts`: for admins. */
export function AccountsPage(props: AccountsPageProps) {
  const { frame, words, accounts, total, page, pages, recoveries, mails, link, problem, said } = props;
  return (
    <Layout frame={frame} title="Accounts">
      <header class="page-head">
        <p class="kicker">For admins</p>
        <h1>Accounts</h1>
      </header>
      <Said words={said} />
      {link === null ? null : <NewLink {...link} />}
      <section aria-labelledby="recoveries">
        <h2 id="recoveries">Ways back in</h2>
        <Wrong form="recovery" problem={problem} />
        {recoveries.length === 0 ? (
          <p class="quiet small">
            Nobody waits. One admin asks on the page of an account, another one grants here.
          </p>
        ) : (
          <Recoveries recoveries={recoveries} mails={mails} now={frame.now} />
        )}
      </section>
      <section aria-labelledby="invites">
        <h2 id="invites">Invitations</h2>
        <Invites {...props} />
      </section>
      <section aria-labelledby="all">
        <h2 id="all">All of them</h2>
        <search class="filter">
          <form method="get" action={ACCOUNTS_ADDRESS} class="filter-form">
            <label for="accounts-q">Handle or name</label>
            <input
              id="accounts-q"
              name="q"
              type="search"
              value={words}
              autocomplete="off"
              spellcheck={false}
            />
            <button type="submit" class="button">
              Find
            </button>
          </form>
        </search>
        {accounts.length === 0 ? (
          <Empty>
            No account is called so. <a href={ACCOUNTS_ADDRESS}>Show all</a>
          </Empty>
        ) : (
          <AccountTable accounts={accounts} />
        )}
        <Pager
          page={page}
          pages={pages}
          label="Pages of the accounts"
          previous="← Before"
          next="After →"
          href={(at) => withQuery(ACCOUNTS_ADDRESS, { q: words, page: at })}
        />
        <p class="page-foot quiet small">{number(total)} in all, closed ones among them.</p>
      </section>
    </Layout>
  );
}

/** A secret that is shown once. */
export function NewLink({ what, href, until }: { what: string; href: string; until: string }) {
  return (
    <section aria-labelledby="new-link" class="note">
      <h2 id="new-link">{what}</h2>
      <p>
        <code class="id secret">{href}</code>
      </p>
      <p>
        Hand it on now, by a way on which you know who reads it: it is shown this once, and good once until{' '}
        <Day at={until} />.
      </p>
    </section>
  );
}

function Recoveries({
  recoveries,
  mails,
  now,
}: {
  recoveries: AccountsData['recoveries'];
  mails: boolean;
  now: string;
}) {
  return (
    <ul class="plain things">
      {recoveries.map(({ id, handle, name, reason, askedBy, askedAt, grantedBy, expiresAt, ...recovery }) => (
        <li class="thing">
          <div class="thing-words">
            <strong>
              {name} (@{handle})
            </strong>
            <span>{reason}</span>
            <span class="quiet small">
              {askedBy} asked <When at={askedAt} now={now} />
              {grantedBy === null ? (
                ''
              ) : (
                <>
                  ; {grantedBy} granted it
                  {recovery.mailedTo === null ? '' : `, by mail to ${recovery.mailedTo}`}, good until{' '}
                  <Day at={expiresAt} />
                </>
              )}
            </span>
          </div>
          {grantedBy !== null ? null : recovery.mine ? (
            <Grant id={id} handle={handle} address={mails ? recovery.address : null} />
          ) : (
            <span class="quiet small">waits for another admin</span>
          )}
          <DeedButton action={`/accounts/recoveries/${id}/withdraw`} label="Withdraw" about={`@${handle}`} />
        </li>
      ))}
    </ul>
  );
}

/** To the address that is shown to be theirs; whoever has lost that one, too, gets the link from the admin. */
function Grant({ id, handle, address }: { id: number; handle: string; address: string | null }) {
  const action = `/accounts/recoveries/${id}/grant`;
  return (
    <>
      {address === null ? null : (
        <DeedButton
          action={action}
          fields={{ by: 'mail' }}
          label={`Grant, by mail to ${address}`}
          about={`@${handle}`}
        />
      )}
      <DeedButton
        action={action}
        label={address === null ? 'Grant' : 'Grant, and show me the link'}
        about={`@${handle}`}
      />
    </>
  );
}

function Invites({ invites, invitedRoles, mails, frame, typed, problem }: AccountsPageProps) {
  const own = { note: '', email: '', ...(problem?.form === 'invite' ? typed : {}) };
  const role = problem?.form === 'invite' ? (typed.role ?? '') : (invitedRoles[0] ?? '');
  return (
    <>
      {invites.length === 0 ? null : (
        <ul class="plain things">
          {invites.map(({ id, note, role, mailedTo, madeBy, expiresAt }) => (
            <li class="thing">
              <div class="thing-words">
                <strong>{note}</strong>
                <span class="quiet small">
                  as {roleWords(role)}, by {madeBy}
                  {mailedTo === null ? '' : `, by mail to ${mailedTo}`}, ends{' '}
                  <When at={expiresAt} now={frame.now} />
                </span>
              </div>
              <DeedButton action={`/accounts/invites/${id}/withdraw`} label="Withdraw" about={note} />
            </li>
          ))}
        </ul>
      )}
      <form class="sheet" method="post" action="/accounts/invites">
        <Wrong form="invite" problem={problem} />
        <TextField
          form="invite"
          name="note"
          label="Ask in"
          maxlength={120}
          required
          value={own.note}
          hint="For whom it is."
          problem={problem}
        />
        {mails ? (
          <TextField
            form="invite"
            name="email"
            label="By mail to"
            type="email"
            maxlength={254}
            value={own.email}
            hint="Empty: you get the link, and hand it over."
            problem={problem}
          />
        ) : null}
        <ChoiceField
          form="invite"
          name="role"
          label="As"
          value={role}
          options={invitedRoles.map((role) => ({ value: role, label: roleWords(role) }))}
        />
        <p class="buttons">
          <button type="submit" class="button button-strong">
            {mails ? 'Ask them in' : 'Make a link'}
          </button>
        </p>
      </form>
    </>
  );
}

function AccountTable({ accounts }: { accounts: AccountsData['accounts'] }) {
  return (
    <div class="wide">
      <table class="cards">
        <caption class="hidden">Accounts, those who may do most first</caption>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Role</th>
            <th scope="col">E-mail</th>
            <th scope="col">Since</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ handle, name, email, role, since, closedSince }) => (
            <tr>
              <th scope="row" data-label="Who">
                <a class="title" href={accountAddress(handle)}>
                  {name}
                </a>{' '}
                <span class="id">@{handle}</span>
              </th>
              <td data-label="Role">{roleWords(role)}</td>
              <td data-label="E-mail">{email ?? <span class="quiet">none</span>}</td>
              <td data-label="Since">
                <Day at={since} />
              </td>
              <td data-label="State">
                {closedSince === null ? (
                  'open'
                ) : (
                  <span class="warn">
                    closed <Day at={closedSince} />
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
