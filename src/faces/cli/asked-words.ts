import type { Command } from 'commander';

/**
 * The words of somebody who asks for help, such that a wrong name among them is told, with the nearest right one:
 * `help roundup open` is `roundup open --help`, and `rondup --help` is an unknown command rather than everybody's help.
 */
export function askedWords(argv: readonly string[], program: Command): string[] {
  const [first, ...rest] = argv;
  const words = first === 'help' && rest.length > 0 ? [...rest, '--help'] : [...argv];
  return namesCommand(words, program) ? words : words.filter((word) => word !== '--help' && word !== '-h');
}

/** Whether the words lead from one command to the next as long as there are commands below. */
function namesCommand(words: readonly string[], program: Command): boolean {
  let command = program;
  let isValue = false;
  for (const word of words) {
    if (word.startsWith('-') || isValue) {
      isValue = program.options.some(({ long, required }) => long === word && required);
      continue;
    }
    if (command.commands.length === 0) return true;
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) return word === 'help';
    command = next;
  }
  return true;
}
