/** A cell of a table; null is an empty one. */
export type Cell = string | number | null;

/**
 * A table as CSV (RFC 4180), in UTF-8. Texts come from outside, and programs that calculate take some of them for formulas:
 * those begin with an apostrophe (OWASP, CSV Injection).
 */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return csvRows([head, ...rows]);
}

/** Some rows of it. */
export function csvRows(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
