/** Escapes of JSON as JSON.stringify writes them: a backslash itself, NUL, and halves of characters that stand alone. */
const ESCAPES = /\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g;

/**
 * JSON text with U+FFFD in the place of what PostgreSQL cannot hold, or cannot hand out again as text: NUL and half
 * characters (RFC 8259, section 8.2). Some real records have them.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes('\\u')
    ? json.replace(ESCAPES, (found) => (found === '\\\\' ? found : '\\ufffd'))
    : json;
}
