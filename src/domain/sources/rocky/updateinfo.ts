import { updateinfoFormat } from '../forms/updateinfo.ts';
import { rockyId, rockyUrl } from './ids.ts';

/** updateinfo.xml of Rocky's repositories. */
export const rockyUpdateinfo = updateinfoFormat({
  name: 'updateinfo',
  ours: (_path, head) => /releng@rockylinux\.org|<id>\s*R[LX][SBE]A-/.test(head),
  ecosystem: 'rocky',
  keyOf: ({ id }) => rockyId(id, 'update/id'),
  urlOf: rockyUrl,
  releaseOf: ({ release }, { collection }) => {
    const version =
      /^rocky-linux-(\d{1,2})-/.exec(collection)?.[1] ?? /^Rocky Linux (\d{1,2})/.exec(release)?.[1];
    return version === undefined ? undefined : `el${version}`;
  },
});
