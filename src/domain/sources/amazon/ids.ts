import { plainText } from '../document.ts';
import { DocumentProblem } from '../source.ts';

/** Lines of Amazon Linux, each of which begins to count anew. */
export type Line = '1' | '2' | '2022' | '2023';

const PREFIX: Readonly<Record<Line, string>> = {
  '1': 'ALAS',
  '2': 'ALAS2',
  '2022': 'ALAS2022',
  '2023': 'ALAS2023',
};

/**
 * The id of an advisory with the line that it is of: `ALAS-2018-939` is another on each. Repositories of today write the line
 * into the id (`ALAS2-2018-939`, `ALAS2KERNEL-5.15-2022-001`), pages and feeds do not. Throws `bad-id`.
 */
export function alasId(written: string, line: Line, where: string): string {
  const match = /^ALAS(2022|2023|2(?=-|[A-Z]))?([A-Z][A-Z0-9._-]{0,60}?)?-(\d{4})-(\d{1,5})$/.exec(
    written.trim(),
  );
  if (match === null)
    throw new DocumentProblem(
      'bad-id',
      where,
      `"${plainText(written, 60)}" is not the id of an advisory of Amazon Linux`,
    );
  const [, , extra = '', year, number] = match;
  return `${PREFIX[line]}${extra}-${year}-${number}`;
}

/** The line of an id that names it; null for a plain `ALAS-`, which may be any. */
export function lineOfId(id: string): Line | null {
  const found = /^ALAS(2022|2023|2)(?=-|[A-Z])/.exec(id)?.[1];
  return found === '2' || found === '2022' || found === '2023' ? found : null;
}

const FOLDER: Readonly<Record<Line, string>> = { '1': '', '2': 'AL2/', '2022': 'AL2022/', '2023': 'AL2023/' };

/** Pages go by the id without its line. */
export function alasUrl(id: string): string {
  const line = lineOfId(id) ?? '1';
  return `https://alas.aws.amazon.com/${FOLDER[line]}${id.replace(/^ALAS(?:2022|2023|2)(?=-|[A-Z])/, 'ALAS')}.html`;
}

export function releaseOf(line: Line): string {
  return line === '1' ? 'al1' : `al${line}`;
}
