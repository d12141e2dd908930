import { plainText } from '../document.ts';
import { DocumentProblem } from '../source.ts';

export const ROCKY_ID = /^R[LX][SBE]A-\d{4}:\d{3,6}$/;

/** `RLSA-2023:0005` (Red Hat's number), `RXSA-` (of special interest groups), `RLBA-`, `RLEA-`. Throws `bad-id`. */
export function rockyId(written: string, where: string): string {
  const id = written.trim();
  if (ROCKY_ID.test(id)) return id;
  throw new DocumentProblem(
    'bad-id',
    where,
    `"${plainText(written, 60)}" is not the id of an advisory of Rocky Linux`,
  );
}

export function rockyUrl(id: string): string {
  return `https://errata.rockylinux.org/${id}`;
}
