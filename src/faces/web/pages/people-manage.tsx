import { accountAddress, personAddress } from '../components/addresses.ts';
import { Facts } from '../components/figures.tsx';
import { ChoiceField, type FormProblem, Said, TextField, Wrong } from '../components/form-fields.tsx';
import { Day, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { ACCOUNTS_ADDRESS } from '../list-addresses.ts';
import { roleMay, roleWords } from '../role-words.ts';

export interface ManagedAccount {
  handle: string;
  name: string;
  email: string | null;
  role: string;
  since: string;
  closedSince: string | null;
  means: { password: boolean; passkeys: number; identities: number };
  history: { event: number; at: string; words: string; by: string }[];
}

export interface ManagePageProps extends ManagedAccount {
  frame: Frame;
  roles: readonly string[];
  /** Nobody asks for a way into their own account. */
  own: boolean;
  typed: Readonly<Record<string, string>>;
  problem: FormProblem | null;
  said: string | null;
}

/** `/accounts/ada`: one account, for admins. */
export function ManagePage(props: ManagePageProps) {
  const { frame, handle, name, email, role, since, closedSince, means, roles, own, problem, said } = props;
  const address = accountAddress(handle);
  const typed = (form: string, field: string) => (problem?.form === form ? (props.typed[field] ?? '') : '');
  const ways = [
    ...(means.password ? ['password'] : []),
    ...(means.passkeys === 0 ? [] : [`${means.passkeys} ${means.passkeys === 1 ? 'passkey' : 'passkeys'}`]),
    ...(means.identities === 0 ? [] : [`${means.identities} linked`]),
  ];
  return (
    <Layout frame={frame} title={`Account @${handle}`}>
      <header class="page-head">
        <p class="kicker">
          <a href={ACCOUNTS_ADDRESS}>Accounts</a> · @{handle}
        </p>
        <h1>{name}</h1>
        <Facts
          facts={[
            { name: 'Role', value: roleWords(role) },
            { name: 'E-mail', value: email ?? <span class="quiet">none</span> },
            { name: 'Since', value: <Day at={since} /> },
            {
              name: 'Signs in by',
              value: ways.length === 0 ? <span class="warn">nothing</span> : ways.join(', '),
            },
            {
              name: 'State',
              value:
                closedSince === null ? (
                  'open'
                ) : (
                  <span class="warn">
                    closed <Day at={closedSince} />
                  </span>
                ),
            },
          ]}
        />
        <p class="aside">
          <a href={personAddress(handle)}>As others see them</a>
        </p>
      </header>
      <Said words={said} />
      <div class="parts">
        <section aria-labelledby="role">
          <h2 id="role">Role</h2>
          <form class="sheet" method="post" action={`${address}/role`}>
            <Wrong form="role" problem={problem} />
            <ChoiceField
              form="role"
              name="role"
              label="Role"
              value={role}
              options={roles.map((each) => ({
                value: each,
                label: `${roleWords(each)}: ${roleMay(each)}`,
              }))}
            />
            <TextField
              form="role"
              name="reason"
              label="Why"
              maxlength={300}
              value={typed('role', 'reason')}
              hint="Stands in the history of the account."
              problem={problem}
            />
            <p class="buttons">
              <button type="submit" class="button button-strong">
                Give it
              </button>
            </p>
          </form>
        </section>
        {own ? null : (
          <section aria-labelledby="recovery">
            <h2 id="recovery">A way back in</h2>
            <form class="sheet" method="post" action={`${address}/recovery`}>
              <Wrong form="recovery" problem={problem} />
              <TextField
                form="recovery"
                name="reason"
                label="How you know that it is them"
                maxlength={300}
                required
                value={typed('recovery', 'reason')}
                hint="Another admin decides by it. It opens nothing until then."
                problem={problem}
              />
              <p class="buttons">
                <button type="submit" class="button button-strong">
                  Ask another admin
                </button>
              </p>
            </form>
          </section>
        )}
        <section aria-labelledby="closing">
          <h2 id="closing">{closedSince === null ? 'Close it' : 'Open it again'}</h2>
          {closedSince === null ? (
            <form class="sheet" method="post" action={`${address}/disable`}>
              <Wrong form="disable" problem={problem} />
              <TextField
                form="disable"
                name="reason"
                label="Why"
                maxlength={300}
                required
                value={typed('disable', 'reason')}
                hint="Sessions end and tokens open nothing any more. What they did stays theirs."
                problem={problem}
              />
              <p class="buttons">
                <button type="submit" class="button button-grave">
                  Close the account
                </button>
              </p>
            </form>
          ) : (
            <form class="sheet" method="post" action={`${address}/enable`}>
              <Wrong form="enable" problem={problem} />
              <p class="buttons">
                <button type="submit" class="button button-strong">
                  Open it again
                </button>
              </p>
            </form>
          )}
        </section>
        <section aria-labelledby="history">
          <h2 id="history">What happened to it</h2>
          <ol class="plain happened">
            {props.history.map(({ event, at, words, by }) => (
              <li id={`event-${event}`}>
                <When at={at} now={frame.now} /> <span>{words}</span> <span class="quiet small">{by}</span>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </Layout>
  );
}
