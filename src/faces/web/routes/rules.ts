import type { Context, Hono } from 'hono';
import { oneRange } from '#base/versions';
import { listRules, type StoredRule } from '#domain/matching';
import { mayMakeRule } from '#domain/policies';
import { SUGGESTION_WORDS } from '#faces/editing';
import { type Form, sendPage } from '../answer.ts';
import type { Names } from '../names.ts';
import { type RuleRow, RulesPage } from '../pages/rules.tsx';
import { today } from '../read-channels.ts';
import { RequestRefused, wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { whoOf } from '../who.ts';

const SHOWN = 100;

/** `/rules`: remembered suppressions, the latest first; `?package=openssl` those on one package. */
export function rulesRoutes(app: Hono, site: Site): void {
  const list = async (c: Context, form: Form) => {
    const attr = wordsOf(c, 'package') || null;
    const from = c.req.query('from') ?? '0';
    if (!/^\d{1,6}$/.test(from)) throw new RequestRefused(400, '"from" is a number of rules to pass over.');
    const found = await listRules(site.database.queries, {
      limit: SHOWN + 1,
      offset: Number(from),
      ...(attr === null ? {} : { attr }),
    });
    const names = await site.names(found.map(({ author }) => author));
    const day = today(site);
    const data = {
      package: attr,
      rows: found.slice(0, SHOWN).map((rule) => rowOf(rule, names, day)),
      next: found.length > SHOWN ? Number(from) + SHOWN : null,
    };
    return sendPage(c, site, form, data, (props) =>
      RulesPage({ ...props, permission: mayMakeRule(whoOf(c).actor) }),
    );
  };
  app.get('/rules', (c) => list(c, 'html'));
  app.get('/rules.json', (c) => list(c, 'json'));
}

function rowOf(rule: StoredRule, names: Names, day: string): RuleRow {
  const { id, request, version, value, author, madeAt, expiresOn, revokedAt, suppresses } = rule;
  return {
    ...{ number: id, request, version, expiresOn, suppresses },
    says:
      value === null
        ? null
        : {
            package: value.attr,
            product: value.vendor === undefined ? value.product : `${value.vendor}:${value.product}`,
            channel: value.channel ?? null,
            versions: (value.versions ?? []).map(oneRange),
            reason: SUGGESTION_WORDS[value.reason],
            note: value.note ?? null,
            evidence: value.evidence ?? null,
          },
    author: names(author),
    madeAt: madeAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
    state: revokedAt !== null ? 'taken back' : expiresOn !== null && expiresOn <= day ? 'expired' : 'holds',
  };
}
