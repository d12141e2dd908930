import { MusterError } from '#base/errors';

/** Why a file cannot be used, by the code of the operating system. */
const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this account may not',
  EPERM: 'this account may not',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'what is there can only be read',
  EMFILE: 'too many files are open',
};

/**
 * What the operating system says of a file, as a coded error. Null where the error is not about a file.
 *
 * @param named the file, where the error itself does not say which (reading a folder as a file)
 */
export function fileError(error: unknown, named?: string): MusterError | null {
  const { code, path = named, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const why = WHY[code ?? ''];
  if (why === undefined || syscall === 'connect' || (path === undefined && code !== 'ENOSPC')) return null;
  return new MusterError('FILE_UNREADABLE', `cannot use ${path ?? 'a file'}: ${why}`, { cause: error });
}
