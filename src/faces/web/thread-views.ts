import { listed } from '#base/config';
import { type IssueThreads, knownLists, REOPENING, type Thread } from '#domain/threads';
import { threadWords } from '#faces/editing';
import type { Called, Names } from './names.ts';
import type { Site } from './site.ts';

/** A thread as pages and their JSON have it. */
export interface ThreadView {
  id: number;
  subject: string | null;
  firstAt: string | null;
  lastAt: string | null;
  messages: number;
  lists: { id: string; name: string }[];
  signature: Thread['signature'];
  waits: boolean;
  archived: boolean;
  cves: string[];
  products: string[];
  advisories: string[];
  patches: { label: string; url: string | null }[];
  /** What came after somebody had decided, and brought it back. */
  added: { kind: string; label: string }[];
  factsVersion: number;
  /** "dismissed (only talk)"; null while nobody decided. */
  decision: string | null;
  version: number;
  decidedBy: Called | null;
  decidedAt: string | null;
  claim: { by: Called; until: string } | null;
  claimVersion: number;
  issue: string | null;
}

export function threadView(thread: Thread, names: Names, lists: ReadonlyMap<string, string>): ThreadView {
  const { id, subject, firstAt, lastAt, messages, signature, waits, archived, facts } = thread;
  const { decision, version, decidedBy, decidedAt, claim, claimVersion, issue, factsVersion } = thread;
  const of = (kind: string) => facts.filter((fact) => fact.kind === kind).map(({ value }) => value);
  // Of what was brought in as history nobody decided, and what came with it brings nothing back.
  const knew = decision?.knew ?? thread.archivedAtVersion;
  return {
    ...{ id, subject, messages, signature, waits, archived, factsVersion, version, claimVersion, issue },
    firstAt: firstAt?.toISOString() ?? null,
    lastAt: lastAt?.toISOString() ?? null,
    lists: thread.lists.map((list) => ({ id: list, name: lists.get(list) ?? list })),
    cves: of('cve'),
    products: of('product'),
    advisories: of('advisory'),
    patches: facts.flatMap(({ kind, value, label }) => {
      const url = /^https?:\/\//.test(value) ? value : null;
      return kind === 'patch' ? [{ label: label ?? url ?? 'patch', url }] : [];
    }),
    added:
      knew === null
        ? []
        : facts
            .filter(({ kind, since }) => REOPENING.has(kind) && since > knew)
            .map(({ kind, value, label }) => ({ kind, label: label ?? value })),
    decision: decision === null ? null : threadWords(decision),
    decidedBy: decidedBy === null ? null : names(decidedBy),
    decidedAt: decidedAt?.toISOString() ?? null,
    claim: claim === null ? null : { by: names(claim.person), until: claim.until },
  };
}

/** How the lists are called, by their ids. */
export function listNames(site: Site): ReadonlyMap<string, string> {
  return new Map([...knownLists(listed(site.config.mailLists))].map(([id, { name }]) => [id, name]));
}

/** A thread as the page of an issue lists it. */
export interface IssueThreadView {
  id: number;
  subject: string | null;
  messages: number;
  lists: { id: string; name: string }[];
  lastAt: string | null;
  /** What has become of it: with this issue, with another, or with none. */
  state: 'attached' | 'waiting' | 'elsewhere' | 'dismissed' | 'archived';
  /** Somebody decided on it, and it waits again, for something was added. */
  reopened: boolean;
  /** The other issue that it belongs to. */
  elsewhere: string | null;
  /** Vulnerabilities of this issue that it names. */
  names: string[];
}

/** Threads that are attached to an issue or name its vulnerabilities. */
export function issueThreadsView(
  { threads, total }: IssueThreads,
  lists: ReadonlyMap<string, string>,
): { shown: IssueThreadView[]; total: number } {
  return {
    total,
    shown: threads.map(({ attached, waits, archived, decision, issue, lastAt, ...thread }) => {
      const { id, subject, messages, names } = thread;
      return {
        ...{ id, subject, messages, names },
        lists: thread.lists.map((list) => ({ id: list, name: lists.get(list) ?? list })),
        lastAt: lastAt?.toISOString() ?? null,
        state: attached
          ? 'attached'
          : issue !== null
            ? 'elsewhere'
            : waits
              ? 'waiting'
              : decision?.as === 'dismissed'
                ? 'dismissed'
                : archived
                  ? 'archived'
                  : 'waiting',
        reopened: waits && (decision !== null || archived),
        elsewhere: attached ? null : issue,
      };
    }),
  };
}
