import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Command } from 'commander';
import { ROLES, SCOPES } from '#domain/policies';
import { SOURCES } from '#domain/sources';
import { GIVEN_ROLES, TOKEN_SCOPES } from './commands/account.ts';
import { SOURCE_IDS } from './commands/sync.ts';
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

const program = makeProgram(() => Promise.reject(new Error('nothing runs here')));

describe('every command', () => {
  for (const command of leaves(program)) {
    const name = [command.parent?.name(), command.name()].filter((word) => word !== 'muster').join(' ');
    test(`${name} says what it does, what its words and flags mean, and shows three examples`, () => {
      assert.ok(command.description().length > 10);
      for (const argument of command.registeredArguments)
        assert.ok(argument.description, `<${argument.name()}> is not explained`);
      const help = helpOf(command);
      for (const flag of ['--json', '--data']) assert.ok(help.includes(flag), `does not show ${flag}`);
      const shown = help.split('Examples:')[1]?.trim().split('\n') ?? [];
      assert.ok(shown.length >= 3, `shows ${shown.length} examples`);
      for (const line of shown) assert.match(line, /\.\/muster |nix-env /);
    });
  }
});

test('sync names every source', () => {
  assert.deepEqual(
    SOURCE_IDS,
    SOURCES.map(({ id }) => id),
  );
});

test('an account can be given every role but that of visitors, a token every scope', () => {
  assert.deepEqual(GIVEN_ROLES, ROLES.slice(1));
  assert.deepEqual(TOKEN_SCOPES, [...SCOPES]);
});
