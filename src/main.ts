// Puts the program together for its role.
import { runCli } from '#faces/cli';

process.exitCode = await runCli(process.argv.slice(2), process.env);
