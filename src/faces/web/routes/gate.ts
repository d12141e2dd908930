import type { Context, Hono } from 'hono';
import { mayPlanRounds } from '#domain/policies';
import { closeRoundup, findGate, openGate, RELEASE_NAME } from '#domain/roundup';
import { readings, redirectTo } from '../answer.ts';
import { channelAddress, gateAddress } from '../components/addresses.ts';
import { GATES_ADDRESS, ROUNDUPS_ADDRESS } from '../list-addresses.ts';
import { readChannels } from '../read-channels.ts';
import { readFields } from '../request-body.ts';
import { RequestRefused } from '../request-checks.ts';
import { requirePerson } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { answerTicked } from '../ticks.ts';
import { whoOf } from '../who.ts';
import { sendNotFound } from './not-found.ts';
import { makeSendList } from './roundups.ts';

/**
 * `/gates/nixos-unstable/26.11` (also as `.json` and `.md`), a release gate; `/gates/nixos-unstable` leads to the one that is
 * open, or the latest. `POST /channels/nixos-unstable/gate` opens one, `…/gate/close` closes it: for triagers.
 */
export function gateRoutes(app: Hono, site: Site): void {
  const { queries } = site.database;
  const send = makeSendList(site);

  app.get(GATES_ADDRESS, (c) => redirectTo(c, `${ROUNDUPS_ADDRESS}#gates`, 302));

  app.get(`${GATES_ADDRESS}/:channel`, async (c) => {
    const channel = c.req.param('channel');
    const gate = await findGate(queries, { channel });
    if (gate?.release == null) return sendNotFound(c, site);
    return redirectTo(c, gateAddress(channel, gate.release), 302);
  });

  app.get(`${GATES_ADDRESS}/:channel/:release`, async (c) => {
    const channel = c.req.param('channel');
    for (const { name, form } of readings(c.req.param('release'), ['json', 'md'])) {
      const gate = await findGate(queries, { channel, release: name });
      if (gate !== null) return send(c, gate.number, form, mayPlanRounds(whoOf(c).actor) === 'apply');
    }
    return sendNotFound(c, site);
  });

  app.post(`${GATES_ADDRESS}/:channel/:release/ticks`, async (c) => {
    const { channel, release } = c.req.param();
    const gate = await findGate(queries, { channel, release });
    if (gate === null) return sendNotFound(c, site);
    return answerTicked(c, site, { number: gate.number, address: gateAddress(channel, release) });
  });

  app.post('/channels/:name/gate', async (c) => {
    const { name, by, handle } = await gatedBy(c, site);
    if (name === null) return sendNotFound(c, site);
    const release = (await readFields(c)).get('release')?.trim() ?? '';
    if (release !== '' && !RELEASE_NAME.test(release))
      throw new RequestRefused(400, 'A release is named by letters, digits, dots and dashes, as 26.11.');
    const gate = await openGate(site.database, name, {
      ...by,
      lead: `@${handle}`,
      ...(release !== '' && { release }),
    });
    return c.redirect(gateAddress(name, gate.release), 303);
  });

  app.post('/channels/:name/gate/close', async (c) => {
    const { name, by } = await gatedBy(c, site);
    if (name === null) return sendNotFound(c, site);
    await closeRoundup(site.database, { ...by, gate: name });
    return c.redirect(channelAddress(name), 303);
  });
}

/** Who opens or closes the gate of which channel; null for one that there is not. @throws for those who may not */
async function gatedBy(c: Context, site: Site) {
  const person = requirePerson(c, 'triager');
  const name = c.req.param('name') ?? '';
  const { newest } = await readChannels(site);
  c.header('Cache-Control', 'no-store');
  const by = { actor: `person:${person.id}`, at: site.now() };
  return { name: newest.has(name) ? name : null, by, handle: person.handle };
}
