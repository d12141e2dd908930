import { z } from 'zod';
import { commentBody, commentsOf, postComment } from '#domain/issues';
import { CHANGE_ANSWERS, fieldBody, fieldShape, readField, setField } from '../changes-answered.ts';
import { operation, reply } from '../operation.ts';
import { calledBy, calledShape, issueId, listOf, moment, named, numberIn } from '../shapes.ts';
import { standingIssue } from './issues.ts';

const commentShape = named(
  'Comment',
  z.strictObject({
    number: z.int(),
    author: calledShape,
    body: z.string().nullable().describe('Markdown; null where it was taken back or erased'),
    createdAt: moment,
    editedAt: moment.nullable(),
    version: z.int(),
  }),
);

const commentParams = z.strictObject({ id: issueId, number: numberIn });

export const commentOperations = [
  operation({
    id: 'listComments',
    tag: 'Issues',
    method: 'GET',
    path: '/issues/{id}/comments',
    summary: 'What people said of an issue, in the order in which they did',
    params: z.strictObject({ id: issueId }),
    answers: { 200: listOf(commentShape) },
    problems: [404],
    async answer({ site, params: { id } }) {
      await standingIssue(site, id);
      const comments = await commentsOf(site.database.queries, [id]);
      const called = calledBy(await site.names(comments.map(({ author }) => author)));
      const items = comments.map(({ id: number, author, body, createdAt, editedAt, version }) => ({
        number,
        author: called(author),
        body,
        createdAt: createdAt.toISOString(),
        editedAt: editedAt?.toISOString() ?? null,
        version,
      }));
      return reply(200, { items, next: null });
    },
  }),
  operation({
    id: 'postComment',
    tag: 'Issues',
    method: 'POST',
    path: '/issues/{id}/comments',
    summary: 'Say something of an issue',
    least: 'contributor',
    params: z.strictObject({ id: issueId }),
    body: z.strictObject({
      body: commentBody.describe('Markdown'),
      key: z
        .string()
        .min(8)
        .max(100)
        .optional()
        .describe('Sent again under the same key it is the same comment'),
    }),
    answers: { 201: named('CommentMade', z.strictObject({ issue: z.string(), number: z.int() })) },
    problems: [404, 409],
    async answer({ site, who, params: { id }, body: { body, key } }) {
      const made = await postComment(site.database, who.actor, { issue: id, body, key }, site.now());
      return reply(
        201,
        { issue: made.issue, number: made.id },
        { Location: `/api/v1/issues/${made.issue}/comments/${made.id}` },
      );
    },
  }),
  operation({
    id: 'getComment',
    tag: 'Issues',
    method: 'GET',
    path: '/issues/{id}/comments/{number}',
    summary: 'The words of a comment, with their version as ETag',
    params: commentParams,
    answers: { 200: fieldShape },
    problems: [404],
    answer: ({ site, params: { id, number } }) =>
      readField(site, { kind: 'comment', id: `${id}/${number}`, field: 'body' }),
  }),
  operation({
    id: 'editComment',
    tag: 'Issues',
    method: 'PUT',
    path: '/issues/{id}/comments/{number}',
    summary: 'Change one’s own words, or take them back (null)',
    least: 'contributor',
    params: commentParams,
    body: fieldBody,
    answers: CHANGE_ANSWERS,
    problems: [403, 404, 412, 422, 428],
    ifMatch: true,
    answer: (asked) =>
      setField(asked, { kind: 'comment', id: `${asked.params.id}/${asked.params.number}`, field: 'body' }),
  }),
];
