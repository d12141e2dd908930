import { REOPENING, type Thread } from '#domain/threads';
import { threadWords } from '#faces/editing';
import type { Called, Names } from './names.ts';

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
  const knew = decision?.knew ?? null;
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
