import type { Permission } from '#domain/policies';
import { issueAddress } from '../components/addresses.ts';
import { Carried, FieldsFor, type Typed } from '../components/editing-forms.tsx';
import { counted } from '../components/times.tsx';
import { CHANGES_ADDRESS } from '../editing-addresses.ts';
import { type Frame, Layout } from '../layout.tsx';

/** A field that the form can set, as it stands. */
export interface EditRow {
  /** `status/NSI-2017-0043/openssl/nixos-17.03#value@123` */
  at: string;
  issue: string | null;
  title: string | null;
  /** "openssl in nixos-17.03" */
  subject: string;
  /** What it holds now: "affected", set by somebody; what the machine sees where nobody has set anything. */
  now: string;
  by: string | null;
  chosen: boolean;
}

export interface EditPageProps {
  frame: Frame;
  kind: string;
  field: string;
  rows: EditRow[];
  typed: Typed;
  /** What whoever asks may do. */
  permission: Permission;
  /** Why it was not taken as it was sent. */
  problems: string[];
  back: string;
  /** Made by the server, so that a form that is sent twice is made once. */
  changeKey: string;
}

/** The form for one or many fields of one kind. */
export function EditPage({
  frame,
  kind,
  field,
  rows,
  typed,
  permission,
  problems,
  back,
  changeKey,
}: EditPageProps) {
  const single = rows.length === 1 ? rows[0] : undefined;
  const verb = permission === 'propose' ? 'Propose' : 'Set';
  const heading = single === undefined ? `${verb} ${counted(rows.length, 'field')}` : single.subject;
  return (
    <Layout frame={frame} title={heading}>
      <header class="page-head">
        {single?.issue == null ? null : (
          <p class="kicker">
            <a href={issueAddress(single.issue)}>{single.issue}</a> {single.title}
          </p>
        )}
        <h1>{heading}</h1>
        {single === undefined ? null : (
          <p class="lead">
            {single.by === null
              ? 'Nobody has said anything of it yet.'
              : `It is ${single.now}, as ${single.by} says.`}
          </p>
        )}
      </header>
      {problems.length === 0 ? null : (
        <div class="note note-wrong" role="alert">
          <p>
            <strong>Not changed yet.</strong>
          </p>
          <ul>
            {problems.map((why) => (
              <li>{why}</li>
            ))}
          </ul>
        </div>
      )}
      {permission === 'refuse' ? (
        <p class="note">
          Changing this takes an account; proposing it takes no rights beyond that.{' '}
          <a href={back}>Back to the page</a>
        </p>
      ) : (
        <form class="edit" method="post" action={CHANGES_ADDRESS} id="edit" data-keep>
          <Carried back={back} changeKey={changeKey}>
            {rows.length > 1 && new Set(rows.map(({ issue }) => issue)).size > 1 ? (
              <input type="hidden" name="each" value="issue" />
            ) : null}
            {single === undefined ? null : <input type="hidden" name="at" value={single.at} />}
          </Carried>
          {single === undefined ? <ChooseRows rows={rows} /> : null}
          <FieldsFor kind={kind} field={field} scope="edit" typed={typed} />
          <p class="field">
            <label for="edit-remark">
              Why <span class="quiet">for the history</span>
            </label>
            <input id="edit-remark" name="remark" maxlength={4000} value={typed.remark} autocomplete="off" />
          </p>
          <div class="buttons">
            <button type="submit" class="button button-strong">
              {permission === 'propose' ? 'Propose' : 'Save'}
            </button>
            {permission === 'apply' ? (
              <button type="submit" class="button" name="propose" value="yes">
                Propose only
              </button>
            ) : null}
            <a href={back}>Back without it</a>
          </div>
        </form>
      )}
    </Layout>
  );
}

function ChooseRows({ rows }: { rows: readonly EditRow[] }) {
  const groups = new Map<string, EditRow[]>();
  for (const row of rows) {
    const own = groups.get(row.issue ?? '');
    if (own === undefined) groups.set(row.issue ?? '', [row]);
    else own.push(row);
  }
  return (
    <div class="choose-rows">
      {[...groups].map(([issue, own]) => (
        <fieldset>
          <legend>
            {issue} {own[0]?.title}
          </legend>
          {own.map((row) => (
            <label class="check">
              <input type="checkbox" name="at" value={row.at} checked={row.chosen} /> {row.subject}{' '}
              <span class="quiet">now {row.now}</span>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  );
}
