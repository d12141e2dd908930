// Writes docs/errors.md: node --import tsx src/base/errors/errors-page.ts > docs/errors.md
import { ERRORS } from './catalogue.ts';

const EXITS = [
  ['0', 'done'],
  ['1', 'failed'],
  ['2', 'wrong use'],
  ['3', 'done, but something was put into quarantine or not taken'],
];

/** The catalogue of errors as a page for people. */
export function errorsPage(): string {
  const exits = EXITS.map(([code, meaning]) => `| ${code} | ${meaning} |`).join('\n');
  const rows = Object.entries(ERRORS).map(
    ([code, { status, exit, advice }]) => `| \`${code}\` | ${status} | ${exit} | ${advice} |`,
  );
  return `# Errors

Every error that Muster raises on purpose has a code. On the command line it stands on standard error as \`CODE: what, where and why\`, with the advice below it. Written from \`src/base/errors/catalogue.ts\`; a test keeps it true.

| exit code | meaning |
|---|---|
${exits}

| code | HTTP | exit | what to do |
|---|---|---|---|
${rows.join('\n')}
`;
}

if (process.argv[1] === import.meta.filename) process.stdout.write(errorsPage());
