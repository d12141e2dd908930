import { MusterError } from '#base/errors';
import type { Downloaded, DownloadedFile, Validators } from '#base/http';
import type { ProblemReason } from './source.ts';
import type { SyncResult } from './sync.ts';
import type { PackedFile } from './unpack.ts';

/** How far a step has come: JSON of its own making, kept with the data. Null before its first run. */
export type Cursor = Readonly<Record<string, unknown>>;

/** What a step got, to be read and remembered together: all of it, or it is got again. */
export interface Delivery {
  files: PackedFile[];
  /** Files that the source has taken away: their paths below `folder`, or within archives there. */
  removed?: { folder: string; paths: string[] };
  /** Remembered in the transaction of the last file. */
  cursor: Cursor | null;
}

/** What became of a delivery. */
export type Delivered = Pick<SyncResult, 'stored' | 'unchanged'>;

/** One way to one part of a source: bulk first, then differences. */
export interface FetchStep {
  name: string;
  /** Yields what it gets as it gets it; a step that is cut goes on from the last cursor that was remembered. */
  run(cursor: Cursor | null, io: FetchIo): AsyncGenerator<Delivery, void, Delivered>;
}

export interface GetOptions {
  known?: Validators | undefined;
  maxBytes?: number;
  headers?: Readonly<Record<string, string>>;
}

/** How a step reaches the network: one request after the other. */
export interface FetchIo {
  now: Date;
  /** Fetches into the folder of the run. @throws MusterError FETCH_FAILED */
  get(url: string, path: string, options?: GetOptions): Promise<Downloaded>;
  /** The same where there must be an answer. */
  must(url: string, path: string, options?: GetOptions): Promise<DownloadedFile>;
  /** A small answer as text. @throws NotData for a web page */
  text(url: string, path: string, options?: GetOptions): Promise<string>;
  /** A small answer as JSON, and its file. @throws NotData */
  json(url: string, path: string, options?: GetOptions): Promise<{ got: DownloadedFile; value: unknown }>;
  /** What a fetched file is to the store. */
  file(got: DownloadedFile, path: string, holds: NonNullable<PackedFile['holds']>): PackedFile;
  /** Takes down that a file is as it was when it was read last, where that is known without asking for it. */
  sound(path: string): void;
  /** Waits, where a host asks for few requests. */
  pause(ms: number): Promise<void>;
}

/** An answer that is not what was asked for, though its status said so. */
export class NotData extends MusterError {
  readonly path: string;
  readonly reason: ProblemReason;
  constructor(url: string, path: string, reason: ProblemReason, why: string) {
    super('FETCH_FAILED', `${url}: ${why}`);
    this.path = path;
    this.reason = reason;
  }
}
