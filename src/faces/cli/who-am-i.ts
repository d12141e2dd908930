import { userInfo } from 'node:os';

/** Who acts on the command line: the name of the account on this machine, or its number where it has no name. */
export function whoAmI(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return `cli:uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
