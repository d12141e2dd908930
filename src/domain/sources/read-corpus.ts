import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileReader } from './read-file.ts';
import type { ParsedReport, Source } from './source.ts';
import { filesOfFolder, unpack } from './unpack.ts';

/** For tests: where the real documents lie, beside the repository. */
const SHARED = resolve(import.meta.dirname, '../../../../shared/data');

/** A folder or file of the real documents, and why a test that needs it is skipped. */
export function corpus(path: string): { path: string; skip: string | false } {
  const full = resolve(SHARED, path);
  return { path: full, skip: existsSync(full) ? false : `there is no ${full}` };
}

export interface CorpusReading {
  /** Form → documents read. */
  read: Record<string, number>;
  /** Documents that are in order and say nothing. */
  empty: number;
  /** "path: reason where" */
  problems: string[];
  foreign: string[];
}

/** Reads everything below a folder as one source, as a sync does. */
export async function readCorpus(
  source: Source,
  folder: string,
  each?: (report: ParsedReport, format: string, bytes: Buffer) => void,
): Promise<CorpusReading> {
  const reading: CorpusReading = { read: {}, empty: 0, problems: [], foreign: [] };
  const read = fileReader(source, true);
  for (const packed of await filesOfFolder(folder)) {
    try {
      for await (const file of unpack(packed)) {
        for (const outcome of read(file)) {
          if (outcome.kind === 'foreign') reading.foreign.push(outcome.path);
          else if (outcome.kind === 'signals')
            reading.read[outcome.document.format] = outcome.document.read.signals.length;
          else if (outcome.kind === 'empty') reading.empty++;
          else if (outcome.kind === 'refused') {
            const { path, reason, place } = outcome.document;
            reading.problems.push(`${path}: ${reason} ${place}`.trim());
          } else {
            const { format, report, bytes } = outcome.document;
            reading.read[format] = (reading.read[format] ?? 0) + 1;
            each?.(report, format, bytes);
          }
        }
      }
    } catch (error) {
      reading.problems.push(`${packed.path}: ${(error as { reason?: string }).reason ?? error}`);
    }
  }
  return reading;
}
