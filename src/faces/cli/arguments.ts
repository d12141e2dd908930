import { userInfo } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { parseIsoDate } from '#base/formats';

/** A day or a moment: "2017-06-28", "2017-06-28T06:45:00Z". */
export function dateFlag(text: string): Date {
  const date = parseIsoDate(text);
  if (date === null) throw new InvalidArgumentError('a date is due, as 2017-06-28');
  return new Date(date);
}

/** A whole number from 1. */
export function numberArgument(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a number is due, as 12');
  return Number(text);
}

/** A port: 0 (any free one) to 65535. */
export function portArgument(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is due, 0 to 65535');
  return port;
}

/** Who acts on the command line: the name of the account on this machine. */
export function whoAmI(): string {
  return `cli:${userInfo().username}`;
}
