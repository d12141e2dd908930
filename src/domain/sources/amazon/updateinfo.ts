import { type Update, updateinfoFormat } from '../forms/updateinfo.ts';
import { alasId, alasUrl, type Line, lineOfId, releaseOf } from './ids.ts';

/** updateinfo.xml of Amazon's repositories. */
export const amazonUpdateinfo = updateinfoFormat({
  name: 'updateinfo',
  ours: (_path, head) => /linux-security@amazon\.com|<id>\s*ALAS/.test(head),
  ecosystem: 'amazon',
  keyOf: (update) => alasId(update.id, lineOf(update), 'update/id'),
  urlOf: alasUrl,
  releaseOf: (update) => releaseOf(lineOf(update)),
});

/** What a list says of itself: its ids, else its collections ("amazon-linux-2---kernel-5.15", "amazon-linux-ami"). */
function lineOf({ id, packages }: Update): Line {
  const named = lineOfId(id);
  if (named !== null) return named;
  const found = /^amazon-linux-(2022|2023|2)(?:-|$)/.exec(packages[0]?.collection ?? '')?.[1];
  return found === '2' || found === '2022' || found === '2023' ? found : '1';
}
