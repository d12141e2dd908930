import assert from 'node:assert/strict';
import type { Hono } from 'hono';
import type { RouteRow } from './routes-table-row.ts';
import { type RoutesWorld, SAMPLES } from './routes-table-samples.ts';
import { ASSETS } from './testing-app.ts';
import type { TestPerson } from './testing-people.ts';

const ORIGIN = 'http://localhost';

/** Asks what rows of the table of routes say, with their braces filled in. Loaded by tests alone. */
export function makeAsking(app: Hono, world: Omit<RoutesWorld, 'asker'>) {
  async function ask(row: RouteRow, asker: TestPerson | null, token?: string): Promise<Response> {
    const { form, json, method = row.method, headers: wanted = {} } = row.ask ?? {};
    const headers: Record<string, string> = {
      ...(asker === null ? {} : { Cookie: asker.cookie }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(row.method !== 'GET' && token === undefined ? { Origin: ORIGIN } : {}),
    };
    const path = await filled(pathOf(row), asker);
    for (const [name, value] of Object.entries(wanted)) headers[name] = await filled(value, asker);
    if (row.method === 'GET' || row.method === 'DELETE') return app.request(path, { method, headers });
    assert.ok(form !== undefined || json !== undefined, `${row.path} says neither a form nor JSON`);
    const body =
      json === undefined
        ? new URLSearchParams(
            await Promise.all(
              (form ?? []).map(
                async ([name, value]) => [name, await filled(value, asker)] as [string, string],
              ),
            ),
          ).toString()
        : JSON.stringify(await filledIn(json, asker));
    const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json';
    return app.request(path, { method: row.method, headers: { ...headers, 'Content-Type': type }, body });
  }

  /** A text with its braces filled in. */
  async function filled(text: string, asker: TestPerson | null): Promise<string> {
    let whole = text;
    for (const [braces, name = ''] of text.matchAll(/\{([a-z-]+)\}/g))
      whole = whole.replace(braces, String(await sample(name, asker)));
    return whole;
  }

  /** The same for JSON: a text that is nothing but braces becomes what stands for it. */
  async function filledIn(value: unknown, asker: TestPerson | null): Promise<unknown> {
    if (typeof value === 'string') {
      const [, name] = /^\{([a-z-]+)\}$/.exec(value) ?? [];
      return name === undefined ? filled(value, asker) : sample(name, asker);
    }
    if (Array.isArray(value)) return Promise.all(value.map((each) => filledIn(each, asker)));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(
      async ([key, each]) => [key, await filledIn(each, asker)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  async function sample(name: string, asker: TestPerson | null): Promise<unknown> {
    const make = SAMPLES[name];
    assert.ok(make !== undefined, `routes-table-samples.ts has no {${name}}`);
    return make({ ...world, asker });
  }

  /** Where a browser finds it. */
  const pathFor = (row: RouteRow, asker: TestPerson | null) => filled(pathOf(row), asker);

  return { ask, pathOf, pathFor };
}

/** The address that a row is asked at; its braces are still to be filled in. */
function pathOf({ path, ask = {} }: RouteRow): string {
  if (ask.path !== undefined) return ask.path;
  if (path.includes('{hash}')) return path.startsWith('/style') ? ASSETS.stylesheet.path : ASSETS.script.path;
  assert.doesNotMatch(path, /[:*]/, `${path} needs to say how it is asked`);
  return path;
}
