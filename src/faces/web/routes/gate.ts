import type { Hono } from 'hono';
import { closeRoundup, openGate } from '#domain/roundup';
import { channelAddress, roundupAddress } from '../components/addresses.ts';
import { readChannels } from '../read-channels.ts';
import { requirePerson } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { sendNotFound } from './not-found.ts';

/** `POST /channels/nixos-17.09/gate` opens the release gate of a channel, `…/gate/close` closes it. For triagers. */
export function gateRoutes(app: Hono, site: Site): void {
  for (const deed of ['open', 'close'] as const)
    app.post(`/channels/:name/gate${deed === 'open' ? '' : '/close'}`, async (c) => {
      const person = requirePerson(c, 'triager');
      const name = c.req.param('name');
      const { newest } = await readChannels(site);
      if (!newest.has(name)) return sendNotFound(c, site);
      const by = { actor: `person:${person.id}`, at: site.now() };
      c.header('Cache-Control', 'no-store');
      if (deed === 'open') {
        const { number } = await openGate(site.database, name, { ...by, lead: `@${person.handle}` });
        return c.redirect(roundupAddress(number), 303);
      }
      await closeRoundup(site.database, { ...by, gate: name });
      return c.redirect(channelAddress(name), 303);
    });
}
