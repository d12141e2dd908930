import { DISMISSALS, JUSTIFICATIONS, STATUSES } from '#domain/issues';
import type { FieldValue } from '#domain/proposals';
import { DISMISSAL_WORDS, JUSTIFICATION_WORDS, STATUS_WORDS } from '#faces/editing';
import type { Child } from '../markup/markup.ts';

/** What a form has in its fields before anybody types: what stands, or what was typed when it was refused. */
export type Typed = Readonly<Record<string, string>>;

export interface FieldsProps {
  /** Put before every `id`, so that two forms on a page do not meet. */
  scope: string;
  /** Put before every name: `0.`, where a form holds several groups. */
  prefix?: string;
  typed: Typed;
}

/** The fields of a status. What does not go with the chosen word is hidden by the stylesheet, and not read. */
export function StatusFields({ scope, prefix = '', typed }: FieldsProps) {
  const id = (name: string) => `${scope}-${name}`;
  const name = (own: string) => `${prefix}${own}`;
  return (
    <div class="status-fields">
      <fieldset class="choices">
        <legend>State</legend>
        {STATUSES.map((status) => (
          <label class={`choice choice-${status}`}>
            <input
              type="radio"
              name={name('status')}
              value={status}
              checked={typed.status === status}
              required
            />
            <span class={`mark set-${status}`}>{STATUS_WORDS[status]}</span>
          </label>
        ))}
      </fieldset>
      <p class="field for-not_affected">
        <label for={id('justification')}>Because</label>
        <select id={id('justification')} name={name('justification')}>
          <option value="">as the note says</option>
          {JUSTIFICATIONS.map((reason) => (
            <option value={reason} selected={typed.justification === reason}>
              {JUSTIFICATION_WORDS[reason]}
            </option>
          ))}
        </select>
      </p>
      <p class="field for-fixed">
        <label for={id('fixedIn')}>
          Fixed in version <span class="quiet">if known</span>
        </label>
        <input
          id={id('fixedIn')}
          name={name('fixedIn')}
          value={typed.fixedIn}
          maxlength={200}
          autocomplete="off"
          spellcheck={false}
        />
      </p>
      <p class="field for-postponed">
        <label for={id('until')}>Until</label>
        <input id={id('until')} name={name('until')} type="date" value={typed.until} />
      </p>
      <p class="field">
        <label for={id('note')}>
          Note{' '}
          <span class="quiet">
            <span class="for-wont_fix">why</span>
            <span class="for-others">if there is something to say</span>
          </span>
        </label>
        <textarea id={id('note')} name={name('note')} rows={2} maxlength={4000}>
          {typed.note}
        </textarea>
      </p>
      <p class="field for-links">
        <label for={id('link')}>
          Link <span class="quiet">to the change</span>
        </label>
        <input
          id={id('link')}
          name={name('link')}
          type="url"
          value={typed.link}
          maxlength={2000}
          placeholder="https://"
        />
      </p>
    </div>
  );
}

const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'];

/** The fields of what people say of an issue itself, or of a package under it. */
export function ValueFields({
  kind,
  field,
  scope,
  prefix = '',
  typed,
}: FieldsProps & { kind: string; field: string }) {
  const id = (name: string) => `${scope}-${name}`;
  const common = { id: id('value'), name: `${prefix}value` };
  if (kind === 'issue' && field === 'severity')
    return (
      <Choose {...common} label="Severity" chosen={typed.value} none="as the sources rate it">
        {SEVERITIES.map((word) => [word, word])}
      </Choose>
    );
  if (kind === 'issue' && field === 'claim')
    return (
      <Choose {...common} label="Claim" chosen={typed.value} none="nobody works on it">
        {[['me', 'I work on it, for a week']]}
      </Choose>
    );
  if (kind === 'issue' && (field === 'emergency' || field === 'help_wanted'))
    return (
      <Choose
        {...common}
        label={field === 'emergency' ? 'An emergency' : 'Help wanted'}
        chosen={typed.value}
        none="no"
      >
        {[['yes', 'yes']]}
      </Choose>
    );
  if (kind === 'roundup_line' && field === 'done')
    return (
      <Choose {...common} label="Line" chosen={typed.value} none="to do">
        {[['yes', 'done']]}
      </Choose>
    );
  if (kind === 'package')
    return (
      <Choose {...common} label="Listed" chosen={typed.value} none="not listed">
        {[
          ['attribute', 'an attribute of the package set'],
          ['module', 'a NixOS module, by its option path'],
          ['nix', 'a release of Nix itself'],
        ]}
      </Choose>
    );
  if (kind === 'issue' && field === 'dismissed')
    return (
      <>
        <Choose {...common} label="None of ours" chosen={typed.value} none="no, it stands">
          {[['yes', 'dismiss it']]}
        </Choose>
        <Choose
          id={id('reason')}
          name={`${prefix}reason`}
          label="Because it is"
          chosen={typed.reason}
          none={null}
        >
          {DISMISSALS.map((reason) => [reason, DISMISSAL_WORDS[reason]])}
        </Choose>
        <p class="field">
          <label for={id('note')}>In your words</label>
          <textarea id={id('note')} name={`${prefix}note`} rows={2} maxlength={4000}>
            {typed.note}
          </textarea>
        </p>
      </>
    );
  return (
    <p class="field">
      <label for={common.id}>{TEXTS[field]?.label ?? field}</label>
      <textarea {...common} rows={TEXTS[field]?.rows ?? 1} maxlength={TEXTS[field]?.most ?? 20_000}>
        {typed.value}
      </textarea>
    </p>
  );
}

const TEXTS: Readonly<Record<string, { label: string; rows: number; most?: number }>> = {
  title: { label: 'Title', rows: 1 },
  summary: { label: 'Summary, in markdown', rows: 6 },
  body: { label: 'Comment, in markdown; empty takes it back', rows: 6 },
  remark: { label: 'What stands behind the line', rows: 2, most: 4000 },
};

interface ChooseProps {
  id: string;
  name: string;
  label: string;
  chosen: string | undefined;
  /** What choosing nothing means; null where something has to be chosen. */
  none: string | null;
  children: string[][];
}

function Choose({ id, name, label, chosen, none, children }: ChooseProps) {
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name}>
        {none === null ? null : <option value="">{none}</option>}
        {children.map(([value, words]) => (
          <option value={value} selected={chosen === value}>
            {words}
          </option>
        ))}
      </select>
    </p>
  );
}

/** The fields for one kind of thing. */
export function FieldsFor(props: FieldsProps & { kind: string; field: string }) {
  return props.kind === 'status' ? <StatusFields {...props} /> : <ValueFields {...props} />;
}

/** What a field holds, as the form of it has it typed. */
export function typedOf(
  kind: string,
  field: string,
  value: FieldValue | undefined,
  person: string | null,
): Typed {
  if (value === null || value === undefined) return {};
  if (kind === 'status') return { ...(value as unknown as Typed) };
  if (field === 'claim')
    return typeof value === 'object' && !Array.isArray(value) && value.person === person
      ? { value: 'me' }
      : {};
  if (field === 'dismissed' && typeof value === 'object' && !Array.isArray(value))
    return { value: 'yes', reason: String(value.reason), note: String(value.note) };
  if (typeof value === 'boolean') return { value: value ? 'yes' : '' };
  return { value: String(value) };
}

/** Hidden fields that go with every change: where it leads back to, and a key that makes it once however often it is sent. */
export function Carried({
  back,
  changeKey,
  children,
}: {
  back: string;
  changeKey?: string;
  children?: Child;
}) {
  return (
    <>
      <input type="hidden" name="back" value={back} />
      {changeKey === undefined ? null : <input type="hidden" name="key" value={changeKey} />}
      {children}
    </>
  );
}
