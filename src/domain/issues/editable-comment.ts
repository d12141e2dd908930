import { z } from 'zod';
import { mayEditComment } from '#domain/policies';
import type { Editable } from '#domain/proposals';
import { type CommentState, eraseComments, readComments, writeComments } from './store-comments.ts';

/** Markdown as it is written; stored as it is, and rendered when it is shown. */
export const commentBody = z
  .string()
  .max(20_000, 'is longer than 20,000 characters')
  .refine((text) => text.trim() !== '', 'says nothing');

/** A comment, `NSI-2017-0043/17`; its one field is `body`, null where it was taken back. Making one is `postComment`. */
export const editableComment: Editable = {
  kind: 'comment',
  fields: { body: commentBody.nullable() },
  read: readComments,
  may: (actor, { value }, before) =>
    mayEditComment(actor, { author: (before as CommentState).author, takenBack: value === null }),
  write: writeComments,
  erase: eraseComments,
  history: (id) => ({ entity: 'issue', entityId: id.slice(0, id.indexOf('/')), topics: [] }),
};
