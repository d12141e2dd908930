import { kept, make, pageAddress, person } from './page.ts';
import { say } from './said.ts';

const SENDING = 'muster:sending';
const MOST_DAYS = 30;

interface Draft {
  at: number;
  fields: [string, string][];
}

/** Keeps what is typed into forms that say so (`data-keep`) until it is sent: a closed window or a lost connection loses nothing. */
export function watchDrafts(): void {
  const sent = kept.get(SENDING);
  if (sent !== null) {
    kept.drop(SENDING);
    // It was sent, unless the same form is here again.
    if (
      ![...document.querySelectorAll<HTMLFormElement>('form[data-keep]')].some(
        (form) => nameOf(form) === sent,
      )
    )
      kept.drop(sent);
  }
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-keep]')) restore(form);
  document.addEventListener('input', (event) => {
    const form =
      event.target instanceof Element ? event.target.closest<HTMLFormElement>('form[data-keep]') : null;
    if (form !== null && form.closest('dialog') === null) save(form);
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !('keep' in form.dataset) || 'liveForm' in form.dataset) return;
    save(form);
    if (!navigator.onLine) {
      event.preventDefault();
      say('There is no connection. What you typed is kept here; send it again when there is one.', {
        stays: true,
      });
      return;
    }
    kept.set(SENDING, nameOf(form));
  });
}

/** Forgets what was typed into a form: it was sent. */
export function dropDraft(form: HTMLFormElement): void {
  kept.drop(nameOf(form));
}

function nameOf(form: HTMLFormElement): string {
  return `muster:draft:${person()}:${pageAddress()}#${form.id}`;
}

function typedIn(form: HTMLFormElement): [string, string][] {
  const hidden = new Set(
    [...form.querySelectorAll<HTMLInputElement>('input[type=hidden]')].map(({ name }) => name),
  );
  return [...new FormData(form)].flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !hidden.has(name) && value !== '' ? [[name, value]] : [],
  );
}

function save(form: HTMLFormElement): void {
  const draft: Draft = { at: Date.now(), fields: typedIn(form) };
  if (draft.fields.length === 0) kept.drop(nameOf(form));
  else kept.set(nameOf(form), JSON.stringify(draft));
}

function restore(form: HTMLFormElement): void {
  const text = kept.get(nameOf(form));
  if (text === null) return;
  let draft: Draft;
  try {
    draft = JSON.parse(text) as Draft;
  } catch {
    return;
  }
  if (Date.now() - draft.at > MOST_DAYS * 86_400_000) {
    kept.drop(nameOf(form));
    return;
  }
  if (JSON.stringify(typedIn(form)) === JSON.stringify(draft.fields)) return;
  for (const [name, value] of draft.fields) {
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
      `[name="${CSS.escape(name)}"]`,
    )) {
      if (field instanceof HTMLInputElement && ['radio', 'checkbox'].includes(field.type)) {
        if (field.value === value) field.checked = true;
      } else field.value = value;
    }
  }
  const discard = make('button', { type: 'button', class: 'button button-small' }, 'Discard');
  const note = make(
    'p',
    { class: 'note', role: 'status', 'data-stay': '' },
    'You typed this before, and did not send it. ',
    discard,
  );
  discard.addEventListener('click', () => {
    kept.drop(nameOf(form));
    form.reset();
    note.remove();
  });
  form.prepend(note);
}
