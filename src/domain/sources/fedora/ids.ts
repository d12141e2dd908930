import { plainText } from '../document.ts';
import { DocumentProblem } from '../source.ts';

const ID =
  /^FEDORA(?:-EPEL(?:-NEXT)?|-MODULAR|-EPEL-MODULAR|-CONTAINER|-FLATPAK|-ELN)?-\d{4}-(?:[0-9a-f]{10}|\d{3,6})$/;

/** The id of an update: `FEDORA-2017-a1b2c3d4e5`, before 2016 with a number (`FEDORA-2015-3186`). Throws `bad-id`. */
export function updateId(written: string, where: string): string {
  const id = written.trim();
  if (ID.test(id)) return id;
  throw new DocumentProblem(
    'bad-id',
    where,
    `"${plainText(written, 60)}" is not the id of an update of Fedora`,
  );
}

export function updateUrl(id: string): string {
  return `https://bodhi.fedoraproject.org/updates/${id}`;
}
