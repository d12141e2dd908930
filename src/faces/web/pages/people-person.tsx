import { ownAddress } from '../components/addresses.ts';
import { Facts } from '../components/figures.tsx';
import { OutsideLink } from '../components/links.tsx';
import { Day } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import type { Child } from '../markup/markup.ts';
import { roleMay, roleWords } from '../role-words.ts';

export interface PersonPageProps {
  frame: Frame;
  handle: string;
  name: string;
  role: string;
  since: string;
  /** Login at GitHub, by which the package sets name their maintainers. */
  github: string | null;
  /** When the account was closed. */
  closedSince: string | null;
  /** Of oneself, or for admins: where the account is looked after. */
  manage: string | null;
  /** What they did and are thanked for, as sections. */
  children?: Child;
}

/** `/people/ada`: somebody, with what they did. */
export function PersonPage(props: PersonPageProps) {
  const { frame, handle, name, role, since, github, closedSince, manage, children } = props;
  return (
    <Layout frame={frame} title={`@${handle}`} description={`${name}, ${roleWords(role)}`}>
      <header class="page-head">
        <p class="kicker">@{handle}</p>
        <h1>{name}</h1>
        <Facts
          facts={[
            {
              name: 'Role',
              value: (
                <span>
                  {roleWords(role)} <span class="quiet small">{roleMay(role)}</span>
                </span>
              ),
            },
            { name: 'Since', value: <Day at={since} /> },
            ...(github === null
              ? []
              : [
                  {
                    name: 'At GitHub',
                    value: <OutsideLink href={`https://github.com/${github}`}>{github}</OutsideLink>,
                  },
                ]),
          ]}
        />
        {closedSince === null ? null : (
          <p class="note">
            The account was closed on <Day at={closedSince} />. What they did stays theirs.
          </p>
        )}
        {manage === null ? null : (
          <p class="aside">
            <a href={ownAddress(manage)}>Look after this account</a>
          </p>
        )}
      </header>
      {children}
    </Layout>
  );
}
