import type { Child } from '../markup/markup.ts';

/** What is wrong with what was sent: shown at its field, or above the form. */
export interface FormProblem {
  /** Name of the form on the page. */
  form: string;
  field: string | null;
  why: string;
}

export interface TextFieldProps {
  /** Name of the form: ids are unique on a page. */
  form: string;
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'number';
  value?: string;
  hint?: Child;
  autocomplete?: string;
  required?: boolean;
  minlength?: number;
  maxlength?: number;
  min?: number;
  max?: number;
  problem?: FormProblem | null;
}

/** A line to fill in, with its name above, and what is wrong with it below. */
export function TextField({
  form,
  name,
  label,
  type = 'text',
  value,
  hint,
  required = false,
  problem = null,
  ...rest
}: TextFieldProps) {
  const id = `${form}-${name}`;
  const wrong = problem !== null && problem.form === form && problem.field === name ? problem.why : null;
  const described = [hint === undefined ? '' : `${id}-hint`, wrong === null ? '' : `${id}-wrong`]
    .filter((each) => each !== '')
    .join(' ');
  const words = type === 'text' || type === 'email';
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        value={value}
        required={required}
        spellcheck={words ? false : undefined}
        autocapitalize={words ? 'none' : undefined}
        aria-describedby={described === '' ? undefined : described}
        aria-invalid={wrong === null ? undefined : 'true'}
        {...rest}
      />
      <Below id={id} hint={hint} wrong={wrong} />
    </p>
  );
}

export interface TextAreaProps {
  form: string;
  name: string;
  label: string;
  value: string;
  rows: number;
  hint: string;
  maxlength: number;
  problem: FormProblem | null;
}

/** Several lines to fill in. */
export function TextArea({ form, name, label, value, rows, hint, maxlength, problem }: TextAreaProps) {
  const id = `${form}-${name}`;
  const wrong = problem?.form === form && problem.field === name ? problem.why : null;
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        name={name}
        rows={rows}
        maxlength={maxlength}
        aria-describedby={wrong === null ? `${id}-hint` : `${id}-hint ${id}-wrong`}
        aria-invalid={wrong === null ? undefined : 'true'}
      >
        {value}
      </textarea>
      <Below id={id} hint={hint} wrong={wrong} />
    </p>
  );
}

/** What helps to fill in a field, and what is wrong with what was. */
function Below({ id, hint, wrong }: { id: string; hint: Child; wrong: string | null }) {
  return (
    <>
      {hint === undefined ? null : (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong === null ? null : (
        <span class="wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
    </>
  );
}

/** One of a few. */
export function ChoiceField({
  form,
  name,
  label,
  options,
  value,
}: {
  form: string;
  name: string;
  label: string;
  options: readonly { value: string; label: string }[];
  value?: string;
}) {
  const id = `${form}-${name}`;
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </p>
  );
}

/** What is wrong with the whole of what was sent. */
export function Wrong({ form, problem }: { form: string; problem: FormProblem | null }) {
  if (problem === null || problem.form !== form || problem.field !== null) return null;
  return (
    <p class="wrong-box" role="alert">
      {problem.why}
    </p>
  );
}

/** That something was done. */
export function Said({ words }: { words: string | null }) {
  if (words === null) return null;
  return (
    <p class="said" role="status">
      {words}
    </p>
  );
}

/** A form of one button: for what takes no words. */
export function DeedButton({
  action,
  label,
  about,
  fields = {},
}: {
  action: string;
  label: string;
  /** Which of several, for whoever hears the button alone. */
  about?: string;
  fields?: Readonly<Record<string, string>>;
}) {
  return (
    <form method="post" action={action} class="deed">
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class="button">
        {label}
        {about === undefined ? null : <span class="hidden"> {about}</span>}
      </button>
    </form>
  );
}
