import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

/** TypeScript's type of a column, by PostgreSQL's name of its type. */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'boolean',
  bytea: 'Buffer',
  citext: 'string',
  date: 'string',
  datemultirange: 'string',
  float4: 'number',
  float8: 'number',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  json: 'unknown',
  interval: 'string',
  jsonb: 'unknown',
  text: 'string',
  timestamptz: 'Date',
  tsvector: 'string',
  uuid: 'string',
};

interface Column {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  generated: boolean;
}

/** Source text of `tables.ts` for the schema of a migrated database. A test keeps the file equal to it. */
export async function tablesSource(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<Column>(
    `select table_name as "table", column_name as "column", udt_name as type, is_nullable = 'YES' as nullable,
       (column_default is not null or is_identity = 'YES' or is_generated = 'ALWAYS') as generated
     from information_schema.columns where table_schema = 'public' and table_name <> 'migration'
     order by table_name collate "C", ordinal_position`,
  );
  const tables = [...new Set(rows.map((row) => row.table))];
  const interfaces = tables.map((table) => {
    const columns = rows
      .filter((row) => row.table === table)
      .map((row) => `  ${row.column}: ${columnType(row)};\n`);
    return `export interface ${typeName(table)} {\n${columns.join('')}}\n`;
  });
  const map = tables.map((table) => `  ${table}: ${typeName(table)};\n`).join('');
  return `// Written by \`node --import tsx src/base/db/generate-tables.ts\` from the migrations; a test keeps it true.\nimport type { Generated } from 'kysely';\n\nexport interface Tables {\n${map}}\n\n${interfaces.join('\n')}`;
}

function columnType({ type, nullable, generated }: Column): string {
  const array = type.startsWith('_');
  const known = TYPES[array ? type.slice(1) : type];
  if (known === undefined) throw new Error(`no TypeScript type for PostgreSQL's ${type}`);
  const base = array ? `${known}[]` : known;
  const whole = nullable && base !== 'unknown' ? `${base} | null` : base;
  return generated ? `Generated<${whole}>` : whole;
}

function typeName(table: string): string {
  const name = table.replace(/(^|_)([a-z])/g, (_all, _bar, letter: string) => letter.toUpperCase());
  return `${name}Row`;
}

if (process.argv[1] === import.meta.filename) {
  const { openDatabase } = await import('./database.ts');
  const { mkdtempSync, rmSync } = await import('node:fs');
  const folder = mkdtempSync('/tmp/muster-tables-');
  const database = await openDatabase({ data: folder }, { lingerSeconds: 0 });
  writeFileSync(join(import.meta.dirname, 'tables.ts'), await tablesSource(database.pool));
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}
