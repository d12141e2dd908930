import { updateinfoFormat } from '../forms/updateinfo.ts';
import { almaId, almaUrl, releaseOf } from './ids.ts';

/** updateinfo.xml of AlmaLinux's repositories. */
export const almaUpdateinfo = updateinfoFormat({
  name: 'updateinfo',
  ours: (_path, head) => /packager@almalinux\.org|<id>\s*AL[SBE]A-/.test(head),
  ecosystem: 'alma',
  keyOf: ({ id }) => almaId(id, 'update/id'),
  urlOf: almaUrl,
  releaseOf: (_update, { evr, collection }) =>
    releaseOf(evr) ?? /^almalinux-(\d{1,2})-/.exec(collection)?.[1]?.replace(/^/, 'el'),
});
