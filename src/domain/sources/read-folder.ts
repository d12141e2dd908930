import { fileReader } from './read-file.ts';
import type { ParsedReport, Source } from './source.ts';
import { filesOfFolder, unpack } from './unpack.ts';

/** Every report of one source below a folder, with the form that it was in; what is in no form of it, or cannot be read, is passed over. */
export async function readFolder(
  source: Source,
  folder: string,
): Promise<{ format: string; report: ParsedReport }[]> {
  const reports: { format: string; report: ParsedReport }[] = [];
  const read = fileReader(source, true);
  for (const packed of await filesOfFolder(folder)) {
    for await (const file of unpack(packed)) {
      for (const outcome of read(file)) {
        if (outcome.kind !== 'read') continue;
        const { format, report } = outcome.document;
        reports.push({ format, report });
      }
    }
  }
  return reports;
}
