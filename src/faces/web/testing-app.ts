import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Hono } from 'hono';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { createApp } from './app.ts';
import { loadAssets } from './assets.ts';
import { NOW, type SampleIds, seedSample } from './sample-database.ts';

/** What tests of the whole application share: it, on the sample. Loaded by tests alone. */

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
export const CONFIG = loadConfig({});
export const ASSETS = loadAssets();
export const SILENT = { error: () => {}, warn: () => {} };

/** The application on a database, with the clock of the sample, keeping nothing. */
export function appOn(database: Database, log: Parameters<typeof createApp>[0]['log'] = SILENT): Hono {
  return createApp({ database, config: CONFIG, assets: ASSETS, log, now: () => NOW, keepSeconds: 0 });
}

/** The application on the sample, made before the tests of a file and gone after them. */
export function sampleApp(testDatabase: () => Promise<Database>) {
  const sample = {} as { database: Database; app: Hono; ids: SampleIds };
  before(async () => {
    sample.database = await testDatabase();
    sample.ids = await seedSample(sample.database);
    sample.app = appOn(sample.database);
  });
  after(() => sample.database.close());
  const get = (path: string, init?: RequestInit) => sample.app.request(path, init);
  const textOf = async (path: string) => (await get(path)).text();
  const jsonOf = async (path: string) => parsed(await get(path));
  return { sample, get, textOf, jsonOf };
}

/** What a test looks into is as it is asked for; the types of the pages are checked where they are made. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function parsed(response: Response): Promise<any> {
  return response.json();
}

/** What must hold of every answer, whatever it is. */
export function assertGuarded(response: Response, path: string): void {
  const { headers } = response;
  assert.equal(headers.get('content-security-policy'), POLICY, path);
  assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
  assert.equal(headers.get('x-frame-options'), 'DENY', path);
  assert.equal(headers.get('referrer-policy'), 'no-referrer', path);
  assert.equal(headers.get('set-cookie'), null, path);
  assert.equal(headers.get('x-powered-by'), null, path);
}
