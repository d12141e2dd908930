/** A key and what it does, as the page of keys lists them. */
export interface KeyWords {
  keys: string[];
  does: string;
}

/** Every key that does something, by where it does it. The handlers are in `browser/`; a test in a browser tries each. */
export const KEYS: readonly { where: string; keys: readonly KeyWords[] }[] = [
  {
    where: 'On every page',
    keys: [
      { keys: ['?'], does: 'show these keys' },
      { keys: ['/'], does: 'search' },
      { keys: ['z'], does: 'take back what you did last' },
    ],
  },
  {
    where: 'In lists',
    keys: [
      { keys: ['j', 'k'], does: 'next line, line before; in the queue the arrows as well' },
      { keys: ['Enter'], does: 'open the line' },
    ],
  },
  {
    where: 'In the roundup, and among the packages of an issue',
    keys: [
      { keys: ['h', 'l'], does: 'channel to the left, to the right' },
      { keys: ['a'], does: 'affected' },
      { keys: ['f'], does: 'fixed; asks for the version, Enter leaves it open' },
      { keys: ['n'], does: 'not affected; 1 to 5 say why' },
      { keys: ['u'], does: 'under investigation' },
      { keys: ['p'], does: 'postponed; asks until when' },
      { keys: ['w'], does: 'won’t fix; asks why' },
      { keys: ['A', 'F', 'N', 'U', 'P', 'W'], does: 'the same in every channel of the line' },
      { keys: ['e'], does: 'the whole form' },
      { keys: ['t'], does: 'tick the line of a roundup as done, or open it again' },
      { keys: ['x'], does: 'select the line: the next of these keys sets all that are selected' },
      { keys: ['c'], does: 'claim it for a week, or let go of it' },
      { keys: ['m'], does: 'comment' },
    ],
  },
  {
    where: 'In the queue',
    keys: [
      { keys: ['y'], does: 'accept: it is ours; the next line follows by itself' },
      { keys: ['d'], does: 'dismiss, for the reason that was last given' },
      { keys: ['1', '2', '3', '4', '5', '6', '7'], does: 'right after it: for another reason' },
      { keys: ['D'], does: 'dismiss with a note, or for good' },
      { keys: ['s'], does: 'skip: it is not shown to you again unless it changes' },
      { keys: ['u'], does: 'take back what you did last' },
      { keys: ['x'], does: 'select the line: the next of these keys does it to all that are selected' },
      { keys: ['c'], does: 'claim its issue for a week, or let go of it' },
    ],
  },
  {
    where: 'Among proposals',
    keys: [
      { keys: ['y'], does: 'accept' },
      { keys: ['r'], does: 'reject; asks for the reason' },
      { keys: ['e'], does: 'amend' },
    ],
  },
];
