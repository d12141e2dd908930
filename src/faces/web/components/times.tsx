import { html, type Markup } from '../markup/markup.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface WhenProps {
  /** ISO date or time. */
  at: string | null;
  now: string;
  /** Shown where there is none. */
  none?: string;
}

/** A point in time as text that reads ("6 days ago"), absolute on hover and in print. What is no date is shown as it is. */
export function When({ at, now, none = 'never' }: WhenProps): Markup {
  if (at === null) return html`<span class="quiet">${none}</span>`;
  const age = ageOf(at, now);
  if (age === null) return html`<span>${at}</span>`;
  const exact = absolute(at);
  return html`<time class="when" datetime="${at}" title="${exact}" data-absolute="${exact}">${age}</time>`;
}

/** The calendar day, absolute everywhere. */
export function Day({ at, none = 'no date' }: { at: string | null; none?: string }): Markup {
  if (at === null) return html`<span class="quiet">${none}</span>`;
  if (Number.isNaN(Date.parse(at))) return html`<span>${at}</span>`;
  return html`<time class="day" datetime="${at}" title="${absolute(at)}">${at.slice(0, 10)}</time>`;
}

/** "12 min ago", "3 h ago", "6 days ago", "in 4 days"; null where either is no date. */
export function ageOf(at: string, now: string): string | null {
  const passed = Date.parse(now) - Date.parse(at);
  if (Number.isNaN(passed)) return null;
  // A bare date is no exact time: saying "9 h ago" of it would be invented.
  if (at.length === 10 && Math.abs(passed) < 2 * DAY)
    return at === now.slice(0, 10) ? 'today' : span(passed, true);
  return span(passed, false);
}

function span(passed: number, wholeDays: boolean): string {
  const size = Math.abs(passed);
  if (size < MINUTE) return 'just now';
  const text = wholeDays ? counted(Math.max(1, Math.floor(size / DAY)), 'day') : lasting(size);
  return passed < 0 ? `in ${text}` : `${text} ago`;
}

/** "12 min", "3 h", "6 days", "4 months", "2 years" */
export function lasting(milliseconds: number): string {
  if (milliseconds < HOUR) return `${Math.max(1, Math.floor(milliseconds / MINUTE))} min`;
  if (milliseconds < 2 * DAY) return `${Math.floor(milliseconds / HOUR)} h`;
  const days = Math.floor(milliseconds / DAY);
  if (days < 90) return counted(days, 'day');
  if (days < 730) return counted(Math.floor(days / 30.44), 'month');
  return counted(Math.floor(days / 365.25), 'year');
}

/** Whole days from one date to another, null where either is no date. */
export function daysBetween(from: string, to: string): number | null {
  const days = (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY;
  return Number.isNaN(days) ? null : days;
}

function absolute(at: string): string {
  return at.length <= 10 ? at : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** "1 issue", "2,914 issues" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

const GROUPED = new Intl.NumberFormat('en');

/** "2,914" */
export function number(count: number): string {
  // Most counts are small, and Intl takes its time.
  return count >= 0 && count < 1000 && Number.isInteger(count) ? String(count) : GROUPED.format(count);
}
