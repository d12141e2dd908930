import type { AnswerJson } from '../changes-answer.ts';
import { type Change, type ChangeSet, formAddress, parseSeen, postForm, tellOne } from './changes.ts';
import { openDialog } from './dialogs.ts';
import { dropDraft } from './drafts.ts';
import { renewNow } from './live.ts';
import { make } from './page.ts';
import { say } from './said.ts';

/** Sends forms that say so (`data-live-form`) without leaving the page, and opens the form of a box in place. */
export function watchForms(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !('liveForm' in form.dataset)) return;
    event.preventDefault();
    void sendForm(form, event.submitter);
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey)
      return;
    const button =
      event.target instanceof Element
        ? event.target.closest<HTMLAnchorElement | HTMLButtonElement>('button[form=edit], a[data-edit]')
        : null;
    if (button === null) return;
    event.preventDefault();
    void openEditor(button);
  });
}

/** What each dialog was opened at: pages that are read anew keep their elements. */
const openedAt = new WeakMap<HTMLDialogElement, Element>();

/** The form of a box in a dialog, as its own page has it. Without a connection the browser is left to itself. */
export async function openEditor(button: HTMLAnchorElement | HTMLButtonElement): Promise<void> {
  let page: Document;
  try {
    const response = await fetch(formAddress(button), { headers: { Accept: 'text/html' } });
    page = new DOMParser().parseFromString(await response.text(), 'text/html');
  } catch {
    say('There is no connection: the form cannot be opened.');
    return;
  }
  const form = page.querySelector<HTMLFormElement>('form.edit');
  const head = page.querySelector('.page-head');
  if (form === null || head === null) {
    location.assign(formAddress(button));
    return;
  }
  for (const title of head.querySelectorAll('h1')) title.replaceWith(make('h2', {}, title.textContent ?? ''));
  // The way back is to close it.
  form.querySelector('.buttons a')?.remove();
  form.dataset.liveForm = '';
  const dialog = openDialog('Set a state', head, form);
  openedAt.set(dialog, button);
  const chosen = form.querySelector<HTMLElement>(
    'input[type=radio]:checked, input[type=radio], textarea, select',
  );
  chosen?.focus();
}

async function sendForm(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter))
    if (typeof value === 'string') fields.append(name, value);
  const buttons = [...form.querySelectorAll('button')];
  for (const button of buttons) button.disabled = true;
  let answer: AnswerJson | { message?: string; said?: string };
  try {
    answer = await postForm(form.action, fields);
  } catch {
    say('There is no connection. What you typed is kept here; send it again when there is one.', {
      stays: true,
    });
    return;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
  const dialog = form.closest('dialog');
  if (!('outcome' in answer) || answer.outcome === 'refused') {
    say(answer.said ?? ('message' in answer ? answer.message : undefined) ?? 'It could not be done.', {
      stays: true,
    });
    return;
  }
  dropDraft(form);
  const opened = dialog === null ? undefined : openedAt.get(dialog);
  const at = opened?.isConnected === true ? opened : form;
  dialog?.close();
  await renewNow(['*']);
  tellOne(answer, setOf(answer, fields, at));
}

/** The change set of a form that ran into a conflict: what each of its fields was to become. */
function setOf(answer: AnswerJson, fields: URLSearchParams, at: Element): ChangeSet {
  if (answer.outcome !== 'conflict') return { changes: [], at };
  const yours = new Map(
    answer.conflicts.map(({ kind, id, field, yours: value }) => [`${kind}/${id}#${field}`, value]),
  );
  const [value] = yours.values();
  const changes = fields.getAll('at').flatMap((text): Change[] => {
    const seen = parseSeen(text);
    return seen === null
      ? []
      : [{ ...seen, value: yours.get(`${seen.kind}/${seen.id}#${seen.field}`) ?? value }];
  });
  const remark = fields.get('remark') ?? '';
  return { changes, at, ...(remark === '' ? {} : { remark }) };
}
