import type { DocumentProblem, RawDocument, SourceFile } from './source.ts';

/** What a source says of the use of one vulnerability. */
export interface Signal {
  /** "CVE-2017-3167" */
  vulnerability: string;
  /** ISO days. */
  since?: string;
  due?: string;
  ransomware?: boolean;
  /** From 0 to 1. */
  score?: number;
  percentile?: number;
}

/** A catalogue, or the scores of a day. */
export interface SignalDocument {
  /** Unique in its source: "2026-08-07". */
  key: string;
  /** ISO day that it is of. */
  asOf: string;
  signals: Signal[];
  /** Entries that could not be read, each with its bytes: the others count all the same. */
  refused: { entry: string; bytes: Buffer; problem: DocumentProblem }[];
}

/** One form in which a source publishes signals. Pure, as SourceFormat is. */
export interface SignalFormat {
  name: string;
  recognises(path: string, head: string): boolean;
  split(file: SourceFile): Iterable<RawDocument>;
  /** Throws DocumentProblem where the document as a whole cannot be read. */
  read(document: RawDocument): SignalDocument;
}
