import type { Context } from 'hono';
import type { z } from 'zod';
import type { Config } from '#base/config';
import type { Database } from '#base/db';
import type { Actor, Role, Scope, TeamRules } from '#domain/policies';

/** What the operations work with; the web's own `Site` is one. */
export interface ApiSite {
  database: Database;
  config: Config;
  rules: TeamRules;
  now(): Date;
  /** How actors are called. */
  names(
    actors: Iterable<string | null | undefined>,
  ): Promise<(actor: string) => { label: string; handle: string | null }>;
  /** What was read of each source; kept for a while. */
  sources(): Promise<readonly { source: string; reports: number }[]>;
  /** Which issues may be open in which channel; counted over everything, and kept for a while. */
  openIssues(): Promise<{
    byChannel: ReadonlyMap<string, Record<'affected' | 'unknown', readonly string[]>>;
  }>;
}

/** Who asks: a person with a session or a token, else a visitor. */
export interface ApiWho {
  actor: Actor;
  handle: string | null;
  name: string | null;
  /** Which of their sessions it is; null for visitors and for tokens. */
  session: string | null;
  scopes: readonly Scope[] | null;
}

/** The schemas of what an operation answers, by status. */
export type Answers = Readonly<Record<number, z.ZodType>>;

/** One of the answers that an operation promises. */
export type Reply<A extends Answers> = {
  [Status in keyof A & number]: {
    status: Status;
    body: z.input<A[Status]>;
    headers?: Readonly<Record<string, string>>;
  };
}[keyof A & number];

/** An answer with its status. */
export function reply<const Status extends number, Body>(
  status: Status,
  body: Body,
  headers: Readonly<Record<string, string>> = {},
): { status: Status; body: Body; headers: Readonly<Record<string, string>> } {
  return { status, body, headers };
}

/** What a request comes to when it was read and found in order. */
export interface Asked<P, Q, B> {
  site: ApiSite;
  who: ApiWho;
  params: P;
  query: Q;
  body: B;
  /** What `If-Match` holds; null where there is none. */
  ifMatch: string | null;
  /** From where it comes, for limits. */
  address: string;
}

export type Tag = (typeof TAGS)[number]['name'];

/** The chapters of the document, in their order. */
export const TAGS = [
  {
    name: 'Issues',
    description: 'The overarching problems, what others announced of them, and where we stand.',
  },
  { name: 'Vulnerabilities', description: 'Flaws with their names, and the reports that speak of them.' },
  { name: 'Packages and channels', description: 'What can be vulnerable, and where users get it from.' },
  { name: 'Suggestions', description: 'What the matcher proposes, and what waits for eyes.' },
  {
    name: 'Campaigns',
    description: 'Stories that several issues belong to; issues that may be one, or two.',
  },
  { name: 'Threads', description: 'What mailing lists carry, as threads that somebody decides on.' },
  { name: 'Changes', description: 'The one path of every change: change sets, proposals, undo.' },
  { name: 'History', description: 'Everything that happened, by people and by Muster itself.' },
  { name: 'Roundups', description: 'The weekly list, and the release gates.' },
  { name: 'Insight', description: 'What has been going on, in figures.' },
  { name: 'Sources', description: 'Who publishes, how each source does, and what could not be read.' },
  { name: 'People', description: 'Who works here; oneself; accounts.' },
  { name: 'Visitors', description: 'What somebody without an account reports.' },
] as const;

/** One operation of the API: what is registered, checked, documented and tested is all read from it. */
export interface OperationSpec<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  A extends Answers,
> {
  id: string;
  tag: Tag;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, as in OpenAPI: `/issues/{id}`. */
  path: string;
  summary: string;
  description?: string;
  /** Who may ask at all; what else is asked of them the rooms decide. Default: everybody. */
  least?: Role;
  /** Only for people before a browser: how an account is entered is no business of a token. */
  session?: true;
  params?: P;
  query?: Q;
  body?: B;
  answers: A;
  /** Statuses of the problems that it may answer, besides those that any operation may. */
  problems?: readonly (404 | 403 | 409 | 412 | 422 | 428)[];
  /** Whether it wants the version that is changed, in `If-Match`. */
  ifMatch?: true;
  answer(asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): Promise<Reply<A>>;
}

/** An operation whose types are forgotten: as lists hold them. */
export interface Operation {
  id: string;
  tag: Tag;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  summary: string;
  description: string | null;
  least: Role;
  session: boolean;
  params: z.ZodObject | null;
  query: z.ZodObject | null;
  body: z.ZodType | null;
  answers: Answers;
  problems: readonly number[];
  ifMatch: boolean;
  answer(asked: Asked<never, never, never>): Promise<AnyReply>;
}

export interface AnyReply {
  status: number;
  body: unknown;
  headers?: Readonly<Record<string, string>>;
}

export function operation<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  const A extends Answers,
>(spec: OperationSpec<P, Q, B, A>): Operation {
  const { description = null, least = 'visitor', session = false, ifMatch = false } = spec;
  const { params = null, query = null, body = null, problems = [] } = spec;
  return { ...spec, description, least, session, ifMatch, params, query, body, problems };
}

/** Of whom the web knows who asks and from where. */
export interface Asker {
  whoOf(c: Context): ApiWho;
  addressOf(c: Context): string;
}
