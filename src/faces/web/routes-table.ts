import { ACCOUNT_ROUTES } from './routes-table-accounts.ts';
import { API_ROUTES, FEED_ROUTES } from './routes-table-api.ts';
import { EDITING_ROUTES } from './routes-table-editing.ts';
import { INSIGHT_ROUTES } from './routes-table-insight.ts';
import { READING_ROUTES } from './routes-table-reading.ts';
import type { RouteRow } from './routes-table-row.ts';

/** A part of the table, under its own heading. */
export interface RouteSection {
  title: string;
  rows: readonly RouteRow[];
}

/**
 * Every route with what it answers to whom. The application registers no other (a test compares them), a test asks each of
 * them as each role, and docs/roles.md is written from it.
 *
 * Whoever adds routes adds their rows: to one of these files, or to one of their own (`routes-table-….ts`) with a line here.
 */
export const ROUTE_SECTIONS: readonly RouteSection[] = [
  { title: 'Reading', rows: READING_ROUTES },
  { title: 'Insight', rows: INSIGHT_ROUTES },
  { title: 'Deciding together', rows: EDITING_ROUTES },
  { title: 'Accounts', rows: ACCOUNT_ROUTES },
  { title: 'Feeds', rows: FEED_ROUTES },
  { title: 'API', rows: API_ROUTES },
];

export const ROUTES: readonly RouteRow[] = ROUTE_SECTIONS.flatMap(({ rows }) => rows);
