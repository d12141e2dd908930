/** What the page says about itself. */

/** `person:3` of whoever is signed in; empty for visitors. */
export function person(): string {
  return document.body.dataset.person ?? '';
}

/** The page's own address, without what leads into it. */
export function pageAddress(): string {
  return location.pathname + location.search;
}

/** A random name: for change sets, so that what is sent twice is made once, and for windows. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Makes an element; text is never read as markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** What stays in this browser. Where that is not allowed, nothing stays, and nothing breaks. */
export const kept = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Full, or forbidden: it is then kept in the page alone.
    }
  },
  drop(name: string): void {
    try {
      localStorage.removeItem(name);
    } catch {
      // As above.
    }
  },
};
