import { z } from 'zod';
import { mayDecide } from '#domain/policies';
import type { Editable } from '#domain/proposals';
import { readListed, writeListed } from './store-packages.ts';

/** What can be vulnerable: an attribute of a channel, a NixOS module by its option path, or a release of Nix itself. */
export const PACKAGE_KINDS = ['attribute', 'module', 'nix'] as const;
export type ListedKind = (typeof PACKAGE_KINDS)[number];

/** issue × package, `NSI-2017-0043/openssl`: whether people list the package under the issue; `value` is its kind, null where it is not listed. */
export const editablePackage: Editable = {
  kind: 'package',
  fields: { value: z.enum(PACKAGE_KINDS).nullable() },
  read: readListed,
  may: (actor) => mayDecide(actor),
  write: writeListed,
  history(id) {
    const slash = id.indexOf('/');
    return { entity: 'issue', entityId: id.slice(0, slash), topics: [`package:${id.slice(slash + 1)}`] };
  },
};
