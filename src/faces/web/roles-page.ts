// Writes docs/roles.md: node --import tsx src/faces/web/roles-page.ts > docs/roles.md
import { ROLES, SCOPES } from '#domain/policies';
import { roleMay, scopeWords } from './role-words.ts';
import { ROUTE_SECTIONS } from './routes-table.ts';
import type { RouteRow } from './routes-table-row.ts';

/** The roles, and every route with what it answers to each, as a page for people. */
export function rolesPage(): string {
  const roles = ROLES.map((role) => `| \`${role}\` | ${roleMay(role)} |`).join('\n');
  const scopes = SCOPES.map((scope) => `| \`${scope}\` | ${scopeWords(scope)} |`).join('\n');
  const sections = ROUTE_SECTIONS.map(
    ({ title, rows }) =>
      `## ${title}\n\n| | route | what for | ${ROLES.join(' | ')} |\n|---|---|---|${'---|'.repeat(ROLES.length)}\n${rows.map(line).join('\n')}`,
  );
  return `# Who may do what

Written from the table of routes (\`src/faces/web/routes-table*.ts\`); tests keep this page equal to it, ask every route as every role, and fail where the application has a route that the table lacks.

| role | may, besides what the ones before it may |
|---|---|
${roles}

API tokens (\`Authorization: Bearer muster_…\`) have scopes, each including the ones before it. A token never may more than its account; it is refused on the pages where an account is looked after.

| scope | lets a program |
|---|---|
${scopes}

The status that each role gets for a request that is well-formed and possible: 200 to 204 done or shown, 303 done and led on (a visitor: led to where one signs in), 308 stands elsewhere, 401 takes an account, 403 not for that role. Whatever changes something is refused with 403 when it comes from another site's page.

${sections.join('\n\n')}
`;
}

function line({ method, path, what, answers }: RouteRow): string {
  const cells = ROLES.map((role) => answers[role]);
  return `| ${method} | \`${plain(path)}\` | ${what} | ${cells.join(' | ')} |`;
}

/** Without the pattern that a part has to fit, and without what would end a cell. */
function plain(path: string): string {
  return path.replace(/\{\(\?:.*\}$/, '').replaceAll('|', '\\|');
}

if (process.argv[1] === import.meta.filename) process.stdout.write(rolesPage());
