import type { Hono } from 'hono';
import { DOCUMENT_ADDRESS, makeDocument, problemCodes } from '#faces/api';
import { redirectTo, sendPage } from '../answer.ts';
import { referenceOf } from '../api-reference.ts';
import { API_PAGE_ADDRESS } from '../list-addresses.ts';
import { ApiPage } from '../pages/api.tsx';
import type { Site } from '../site.ts';

/** `/api`: what programs can do, for those who write them. As JSON it is the document itself. */
export function apiPageRoutes(app: Hono, site: Site): void {
  const reference = referenceOf(makeDocument(site.config));
  const data = { ...reference, document: DOCUMENT_ADDRESS, codes: problemCodes() };
  app.get(API_PAGE_ADDRESS, async (c) => sendPage(c, site, 'html', data, ApiPage));
  app.get(`${API_PAGE_ADDRESS}.json`, (c) => redirectTo(c, DOCUMENT_ADDRESS, 308));
}
