import type { Permission } from '#domain/policies';
import { packageAddress } from '../components/addresses.ts';
import { Empty, Facts, NextPage } from '../components/figures.tsx';
import { OutsideLink } from '../components/links.tsx';
import { Day, number } from '../components/times.tsx';
import { CHANGES_ADDRESS, HISTORY_ADDRESS } from '../editing-addresses.ts';
import { type Frame, Layout } from '../layout.tsx';
import { QUEUE_ADDRESS, RULES_ADDRESS, withQuery } from '../list-addresses.ts';
import type { Called } from '../names.ts';

/** A remembered suppression. */
export interface RuleRow {
  number: number;
  /** What changes name it. */
  request: string;
  version: number;
  /** Null once it was taken back. */
  says: {
    package: string;
    /** As records name it: `openssl:openssl_for_windows`. */
    product: string;
    channel: string | null;
    /** "from 1.0 to before 2.0"; empty for all of them. */
    versions: string[];
    reason: string;
    note: string | null;
    evidence: string | null;
  } | null;
  author: Called;
  madeAt: string;
  expiresOn: string | null;
  revokedAt: string | null;
  state: 'holds' | 'expired' | 'taken back';
  suppresses: number;
}

export interface RulesPageProps {
  frame: Frame;
  /** Of which package; null for all. */
  package: string | null;
  rows: RuleRow[];
  /** Where the list goes on; null at its end. */
  next: number | null;
  permission: Permission;
}

/** `/rules`: what the matcher is told never to propose again, by whom, for how long, and how to take that back. */
export function RulesPage({ frame, package: attr, rows, next, permission }: RulesPageProps) {
  return (
    <Layout
      frame={frame}
      title="Rules"
      description="What the matcher is told never to propose again, by whom, for how long, and why."
      alternates={[{ type: 'application/json', href: `${RULES_ADDRESS}.json` }]}
      live={['rules']}
    >
      <header class="page-head">
        <p class="kicker">
          What the <a href={QUEUE_ADDRESS}>queue</a> never shows again
        </p>
        <h1>{attr === null ? 'Rules' : `Rules on ${attr}`}</h1>
        <p class="lead">
          A rule says that what records call by one name is not a package of ours. It begins with a dismissal
          in the queue. Security makes rules and takes them back; others propose it.
        </p>
        {attr === null ? null : (
          <Facts facts={[{ name: 'Filter', value: <a href={RULES_ADDRESS}>show all rules</a> }]} />
        )}
      </header>
      <section aria-label="Rules">
        {rows.length === 0 ? (
          <Empty>
            There is no rule{attr === null ? ' yet' : ` on ${attr}`}: everything that looks alike is proposed.
          </Empty>
        ) : (
          <Table rows={rows} permission={permission} />
        )}
      </section>
      <NextPage
        href={next === null ? null : withQuery(RULES_ADDRESS, { package: attr ?? undefined, from: next })}
        words="Older →"
      />
    </Layout>
  );
}

function Table({ rows, permission }: Pick<RulesPageProps, 'rows' | 'permission'>) {
  return (
    <div class="wide">
      <table class="cards rules">
        <caption class="hidden">Rules, the latest first</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Where</th>
            <th scope="col">Why</th>
            <th scope="col">By</th>
            <th scope="col">Until</th>
            <th scope="col" class="cell-number">
              Dismissed
            </th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr id={`rule-${row.number}`}>
              <th scope="row" data-label="What">
                <What row={row} />
              </th>
              <td data-label="Where">
                <Where says={row.says} />
              </td>
              <td data-label="Why">
                <Why says={row.says} />
              </td>
              <td data-label="By">
                <span>
                  {row.author.label} <Day at={row.madeAt} />
                </span>
              </td>
              <td data-label="Until">
                {row.expiresOn === null ? <span class="quiet">no end</span> : <Day at={row.expiresOn} />}
              </td>
              <td data-label="Dismissed" class="cell-number">
                {number(row.suppresses)}
              </td>
              <td data-label="State">
                <State row={row} permission={permission} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function What({ row: { number: id, request, says } }: { row: RuleRow }) {
  if (says === null)
    return <a href={withQuery(HISTORY_ADDRESS, { of: `rule:${request}` })}>rule {id}, in the history</a>;
  return (
    <span>
      <span class="mono">{says.product}</span> is not{' '}
      <a href={packageAddress(says.package)}>{says.package}</a>
    </span>
  );
}

function Where({ says }: Pick<RuleRow, 'says'>) {
  if (says === null) return <span class="quiet">–</span>;
  return (
    <span>
      {says.channel ?? 'every channel'}
      {says.versions.length === 0 ? '' : `, versions ${says.versions.join(' or ')}`}
    </span>
  );
}

function Why({ says }: Pick<RuleRow, 'says'>) {
  if (says === null) return <span class="quiet">–</span>;
  return (
    <span>
      {says.reason}
      {says.note === null ? '' : `: ${says.note}`}{' '}
      {says.evidence === null ? null : <OutsideLink href={says.evidence}>evidence</OutsideLink>}
    </span>
  );
}

function State({ row, permission }: { row: RuleRow; permission: Permission }) {
  const { number: id, request, version, state, revokedAt } = row;
  if (state === 'taken back')
    return (
      <span class="quiet">
        taken back <Day at={revokedAt} />
      </span>
    );
  const change = JSON.stringify({ kind: 'rule', id: request, field: 'value', value: null, saw: version });
  return (
    <>
      {state === 'holds' ? 'holds' : <span class="quiet">expired</span>}{' '}
      {permission === 'refuse' ? null : (
        <form method="post" action={CHANGES_ADDRESS} class="inline" id={`take-back-${id}`}>
          <input type="hidden" name="back" value={RULES_ADDRESS} />
          <input type="hidden" name="change" value={change} />
          <button type="submit" class="button button-small">
            {permission === 'propose' ? 'Propose to take back' : 'Take back'}
            <span class="hidden"> rule {id}</span>
          </button>
        </form>
      )}
    </>
  );
}
