import { make } from './page.ts';

/** Opens a dialog with some content; it goes when it is closed. Escape closes it, and the browser gives the focus back. */
export function openDialog(label: string, ...content: Node[]): HTMLDialogElement {
  const close = make('button', { type: 'button', class: 'button button-small dialog-close' }, 'Close');
  const dialog = make('dialog', { 'aria-label': label }, ...content, close);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => {
    // The backdrop counts as the dialog itself.
    if (event.target === dialog && !inside(dialog, event)) dialog.close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function inside(dialog: HTMLElement, { clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}

/** One of the page's own dialogs (`<template id="ask-fixed">`), asked once. Null where nothing was chosen. */
export function ask(name: string): Promise<Record<string, string> | null> {
  const template = document.getElementById(`ask-${name}`);
  if (!(template instanceof HTMLTemplateElement)) return Promise.resolve({});
  const content = template.content.cloneNode(true) as DocumentFragment;
  const form = content.querySelector('form');
  const dialog = openDialog(template.dataset.label ?? '', content);
  form?.querySelector<HTMLElement>('[data-first]')?.focus();
  return new Promise((resolve) => {
    let answer: Record<string, string> | null = null;
    form?.addEventListener('submit', (event) => {
      event.preventDefault();
      const entries = [...new FormData(form, event.submitter)].filter(([, value]) => value !== '');
      answer = Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
      dialog.close();
    });
    // Digits choose from a list, unless somebody types.
    dialog.addEventListener('keydown', (event) => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      const choice = dialog.querySelector<HTMLElement>(`[data-digit="${CSS.escape(event.key)}"]`);
      if (choice === null) return;
      event.preventDefault();
      choice.click();
    });
    dialog.addEventListener('close', () => resolve(answer));
  });
}
