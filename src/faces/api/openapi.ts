import { z } from 'zod';
import type { Config } from '#base/config';
import { EDITABLES } from '#faces/editing';
import { type Operation, TAGS } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { problemShape } from './problem.ts';

type Json = Record<string, unknown>;

/** What any operation may answer besides what it promises. */
const ALWAYS = [400, 429] as const;

const PROBLEM_WORDS: Readonly<Record<number, string>> = {
  400: 'It cannot be asked so',
  401: 'It takes an account',
  403: 'Not for that role, or not with that token',
  404: 'It is not there',
  409: 'Somebody was faster, or the present state does not allow it',
  412: 'It is not any more what If-Match names',
  422: 'It was read, and cannot be done as it is; nothing was changed',
  428: 'If-Match is missing',
  429: 'Too many at once; Retry-After says when to go on',
};

/**
 * The document of the API (OpenAPI 3.1, whose schemas are JSON Schema 2020-12), written from the very schemas that check
 * what comes in and, in the tests, what goes out.
 */
export function makeDocument({ publicUrl, team }: Pick<Config, 'publicUrl' | 'team'>): Json {
  const shapes = new Map<string, Json>();
  const paths: Record<string, Record<string, Json>> = {};
  for (const one of OPERATIONS) {
    const own = paths[one.path] ?? {};
    own[one.method.toLowerCase()] = describe(one, shapes);
    paths[one.path] = own;
  }
  for (const [kind, editable] of EDITABLES)
    for (const [field, schema] of Object.entries(editable.fields))
      shapes.set(`Change-${kind}-${field}`, {
        description: `What \`${field}\` of a ${kind} may hold.`,
        ...schemaOf(schema, shapes, 'input'),
      });
  return {
    openapi: '3.1.0',
    info: {
      title: `Muster ${team}`,
      version: 'v1',
      description:
        'Everything that the pages show, and everything that people may change. Reading needs no account; proposing a change needs no rights.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `${publicUrl?.replace(/\/+$/, '') ?? ''}/api/v1` }],
    tags: TAGS.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      schemas: Object.fromEntries([...shapes].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of one’s account page: `muster_…`' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'muster',
          description: 'Who is signed in, in a browser',
        },
      },
    },
  };
}

function describe(one: Operation, shapes: Map<string, Json>): Json {
  const { id, tag, summary, description, least, session, answers, problems } = one;
  const refusals = [
    ...new Set([
      ...ALWAYS,
      ...problems,
      ...(least === 'visitor' ? [] : [401, 403]),
      ...(one.body === null ? [] : [422]),
    ]),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === null ? {} : { description }),
    ...(least === 'visitor'
      ? {}
      : { security: session ? [{ session: [] }] : [{ token: [] }, { session: [] }] }),
    'x-least-role': least,
    parameters: [
      ...parametersOf('path', one.params, shapes),
      ...parametersOf('query', one.query, shapes),
      ...(one.ifMatch
        ? [
            {
              name: 'If-Match',
              in: 'header',
              required: true,
              description: 'The ETag of what you saw; "0" where nobody had set it',
              schema: { type: 'string' },
            },
          ]
        : []),
    ],
    ...(one.body === null
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(one.body, shapes, 'input') } },
          },
        }),
    responses: Object.fromEntries([
      ...Object.entries(answers).map(([status, schema]) => [
        status,
        {
          description: ANSWER_WORDS[status] ?? 'Done',
          headers: headersOf(one, status),
          content: { 'application/json': { schema: schemaOf(schema, shapes, 'output') } },
        },
      ]),
      ...refusals.sort().map((status) => [
        String(status),
        {
          description: PROBLEM_WORDS[status] ?? 'A problem',
          content: { 'application/problem+json': { schema: schemaOf(problemShape, shapes, 'output') } },
        },
      ]),
    ]),
  };
}

const ANSWER_WORDS: Readonly<Record<string, string>> = {
  200: 'As asked for',
  201: 'Made',
  202: 'Proposed: somebody who may decide will look at it',
  308: 'It stands elsewhere now',
};

function headersOf({ method, query }: Operation, status: string): Json {
  const text = (description: string) => ({ description, schema: { type: 'string' } });
  return {
    ...(method === 'GET' && status === '200'
      ? { ETag: text('Send it as If-None-Match: what did not change is answered 304') }
      : {}),
    ...(query !== null && 'cursor' in query.shape ? { Link: text('rel="next": the next part') } : {}),
    ...(status === '201' || status === '308' ? { Location: text('Where it stands') } : {}),
  };
}

function parametersOf(
  where: 'path' | 'query',
  schema: z.ZodObject | null,
  shapes: Map<string, Json>,
): Json[] {
  if (schema === null) return [];
  return Object.entries(schema.shape).map(([name, field]) => {
    const {
      description,
      default: _,
      ...own
    } = schemaOf(field as z.ZodType, shapes, 'input') as Json & {
      description?: string;
    };
    const fallback = schemaOf(field as z.ZodType, shapes, 'output').default;
    const required = where === 'path' || !(field as z.ZodType).safeParse(undefined).success;
    return {
      name,
      in: where,
      required,
      ...(description === undefined ? {} : { description }),
      schema: fallback === undefined ? own : { ...own, default: fallback },
    };
  });
}

/** A schema as JSON Schema; those that have a name are put among the shapes, and referred to. */
function schemaOf(schema: z.ZodType, shapes: Map<string, Json>, io: 'input' | 'output'): Json {
  const {
    $schema: _,
    $defs = {},
    ...own
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    reused: 'inline',
    // Answers may gain fields: whoever reads them is not to fall over one.
    override: ({ jsonSchema }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  }) as Json & { $defs?: Record<string, Json> };
  for (const [name, shape] of Object.entries($defs)) shapes.set(name, referring(shape) as Json);
  const plain = referring(own) as Json;
  const name = z.globalRegistry.get(schema)?.id;
  // What refers to its own definition is among the shapes already.
  if (name === undefined || '$ref' in plain) return plain;
  shapes.set(name, plain);
  return { $ref: `#/components/schemas/${name}` };
}

/** The same with references into the document's components, and without the ids by which they were found. */
function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (key === '$ref' && typeof inner === 'string')
      return [[key, inner.replace(/^#\/\$defs\//, '#/components/schemas/')]];
    if (key === 'id' && typeof inner === 'string') return [];
    return [[key, referring(inner)]];
  });
  return Object.fromEntries(entries);
}
