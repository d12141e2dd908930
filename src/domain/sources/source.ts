import type { VersionStatement } from '#base/versions';
import type { SignalFormat } from './signal.ts';

/** One file as it came from a source, or from inside an archive of it: decompressed, whole. */
export interface SourceFile {
  /** Path below the folder that was read, or below the source's base URL, always with `/`. Parts inside an archive follow after `!/`. */
  path: string;
  bytes: Buffer;
  /** Of a piece of a file of lines that is not the first: how many records came before it. */
  after?: number;
}

/** A piece of a file that is one document: what is kept raw, hashed, and read again when the parser changes. */
export interface RawDocument {
  /** Stable name of the document inside its source, where the file tells it ("DSA-3896-1"); else the path. */
  key: string;
  /** Exactly the bytes of the file, from first to last of this document. */
  bytes: Buffer;
}

/** A document that cannot be read as what it claims to be. It goes to quarantine; its source goes on. */
export class DocumentProblem extends Error {
  /** Short and stable, for counting: `not-json`, `bad-date`, `bad-id`, `missing-field`, `html`, `empty`, `too-large`, `bad-encoding`, `truncated`, `bad-xml`, `bad-grammar`, `wrong-type`. */
  readonly reason: ProblemReason;
  /** Where in the document: a JSON path, a line, an element. */
  readonly where: string;

  constructor(reason: ProblemReason, where: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'DocumentProblem';
    this.reason = reason;
    this.where = where;
  }
}

export const PROBLEM_REASONS = [
  'empty',
  'truncated',
  'bad-encoding',
  'html',
  'too-large',
  'not-json',
  'bad-xml',
  'bad-grammar',
  'wrong-type',
  'missing-field',
  'bad-id',
  'bad-date',
] as const;
export type ProblemReason = (typeof PROBLEM_REASONS)[number];

/** One form in which a source publishes. Pure: bytes in, reports out; knows no database and no network. */
export interface SourceFormat {
  /** `dsa-list`, `nvd-1.1`: unique inside the source. */
  name: string;
  /** Whether this file is in this form, from its path and its first 4 KiB (latin1). Must not throw. */
  recognises(path: string, head: string): boolean;
  /**
   * Documents go by the key of the report in them: their own, which has to be the very same, is asked for only where they
   * cannot be read. A file that holds one under another name would look as if its report were gone.
   */
  namedByReport?: true;
  /** Cuts a file into documents. Throws DocumentProblem when the file as a whole cannot be read. */
  split(file: SourceFile): Iterable<RawDocument>;
  /**
   * Reads one document. Throws DocumentProblem. Null when it is in order but says nothing that is kept
   * (an index page, an entry without a vulnerability).
   */
  parse(document: RawDocument): ParsedReport | null;
}

/** Where a form is fetched from, when it is fetched from the network. */
export interface Feed {
  /** The form that the bytes at this place have. */
  format: string;
  /** `https://…` */
  url: string;
  /** Path under which the bytes count as a file of the source. */
  path: string;
  /** Since when the address is known to be this one (ISO date): addresses move. */
  since: string;
}

/** Somebody who publishes. */
export interface Source {
  /** `debian`, `nvd`: what people type. */
  id: string;
  /** Other names that people may type, and folder names that hold its files. */
  aliases: readonly string[];
  title: string;
  homepage: string;
  licence: { name: string; url: string; attribution: string };
  /** Raised when a parser changes what it reads: everything stored is then read again. */
  version: number;
  /** A longer silence than this raises an alarm. */
  expectEveryHours: number;
  /** How many new or changed reports a week usually brings: least and most of an ordinary one. */
  usualPerWeek: readonly [least: number, most: number];
  /** Whether its forms were ever held against real documents. Where not, that is said until the first live run. */
  proven: boolean;
  /** A batch that removes a greater share than this of what is stored needs a person. */
  maxRemovedShare: number;
  formats: readonly SourceFormat[];
  /** Forms of a source that tells of the use of vulnerabilities rather than of flaws in products. */
  signals?: readonly SignalFormat[];
  feeds: readonly Feed[];
}

/**
 * - `advisory`: a distribution tells its users of a fix (DSA, USN, GLSA, RHSA). Advisories make issues.
 * - `record`: describes one vulnerability (CVE.org, NVD).
 * - `tracker`: what a distribution knows of one vulnerability in its own packages (UCT file, Debian tracker, hydra).
 */
export type ReportKind = 'advisory' | 'record' | 'tracker';

export const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What one document says, in our words. Strings are as the source wrote them unless said otherwise. */
export interface ParsedReport {
  /** The report's id in its source: "DSA-3896-1", "USN-3340-1", "CVE-2017-3167". */
  key: string;
  kind: ReportKind;
  /** "apache2 -- security update": one line, at most 300 characters. */
  title: string;
  /** Plain text, at most 20,000 characters. */
  description?: string;
  /** ISO 8601 in UTC, as exact as the source ("2017-06-22" or "2017-06-22T10:00:00Z"); null where the source has no date. */
  published: string | null;
  modified: string | null;
  /** Where a person reads it. */
  url: string | null;
  /** The source took it back, with its reason where it gives one. */
  withdrawn?: string;
  /** For records: published, reserved or rejected. */
  state?: 'published' | 'reserved' | 'rejected';
  /** The source's word mapped to ours; `severityAs` keeps what it wrote ("important", "moderate", "unimportant"). */
  severity?: Severity;
  severityAs?: string;
  cvss: CvssScore[];
  /** Vulnerability ids that it names as its subject, normalised by parseIds, without duplicates, in the document's order. */
  vulnerabilities: string[];
  /** Ids of the very same flaw as the one that a record describes (GHSA-…, CAN-…). Advisories have none: an advisory is never an alias. */
  aliases: string[];
  affected: Affected[];
  links: Link[];
  /** Ids of other advisories that it cites (of any source): "RHSA-2017:2478", "DSA-3896-1". */
  cites: string[];
  /** CWE ids: "CWE-416". */
  weaknesses: string[];
}

export interface CvssScore {
  /** "2.0", "3.0", "3.1", "4.0" */
  version: string;
  vector: string;
  score: number;
  /** Who scored, where the document says so ("nvd", "redhat"). */
  by?: string;
}

/** One package of the source's world that a report speaks of. */
export interface Affected {
  /**
   * The namespace of `name`: a distribution (`debian`, `fedora`, `suse` …, by the id of its source), a registry (`pypi`, `npm` …, as
   * OSV names it, in lower case), `mozilla`, `chrome`, `cpe` (then `vendor` is set), `cve` (vendor and product as a CNA wrote them).
   */
  ecosystem: string;
  vendor?: string;
  /** Source package, category/name, CPE product. */
  name: string;
  /** Release of the distribution: "jessie", "xenial", "el7". */
  release?: string;
  /** Which vulnerability this row is about, when the report names several and does not mean all of them. */
  vulnerability?: string;
  /** In OpenVEX words, as far as the source says. */
  status?: 'affected' | 'fixed' | 'not_affected' | 'under_investigation' | 'wont_fix' | 'postponed';
  /** Version with the fix, in that ecosystem's own form. */
  fixed?: string;
  versions?: VersionStatement;
  /** The source's remark ("end of life", "code not present"), at most 500 characters. */
  note?: string;
}

export interface Link {
  url: string;
  /** `patch`: a commit or diff that one can apply; `advisory`: somebody's announcement; `bug`: an entry of a bug tracker. */
  kind: 'patch' | 'advisory' | 'bug' | 'exploit' | 'web';
  /** Which vulnerability the link is for, when the report says so. */
  vulnerability?: string;
  /** Id of what the link leads to where it is known: "RHSA-2017:2478". */
  id?: string;
  note?: string;
}
