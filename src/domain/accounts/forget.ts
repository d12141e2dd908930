import { eventsById, type Tx } from '#base/db';
import { forgetInvite, forgetReason } from './store-forgotten.ts';

/** Erases what admins wrote of people, where entries of the history that told of it are erased: reasons, notes, addresses. */
export async function forgetReasons(tx: Tx, events: readonly number[]): Promise<void> {
  for (const { entity, entityId, payload } of (await eventsById(tx, events)).values()) {
    if (entity !== 'account') continue;
    if (typeof payload?.recovery === 'number') await forgetReason(tx, payload.recovery);
    const invite = /^invite-(\d{1,15})$/.exec(entityId)?.[1];
    if (invite !== undefined) await forgetInvite(tx, Number(invite));
  }
}
