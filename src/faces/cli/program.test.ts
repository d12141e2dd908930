import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Command } from 'commander';
import { makeProgram } from './program.ts';

/** The help of a command as a person sees it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (chunk) => (text += chunk) });
  command.outputHelp();
  return text;
}

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

describe('every command', () => {
  const program = makeProgram({}, () => {});
  for (const command of leaves(program)) {
    const name = [command.parent?.name(), command.name()].filter((word) => word !== 'muster').join(' ');
    test(`${name} says what it does and shows three examples`, () => {
      assert.ok(command.description().length > 10);
      const shown = helpOf(command).split('Examples:')[1]?.trim().split('\n') ?? [];
      assert.ok(shown.length >= 3, `shows ${shown.length} examples`);
      for (const line of shown) assert.match(line, /\.\/muster |nix-env /);
    });
  }
});
