/** The URL that a text is, or null. */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/**
 * Whether a text is a URL. Node 20's own URL.canParse answers no, once it is optimised, of whatever has letters of Latin-1
 * (seen in 20.20 with `https://é`): it is asked for ASCII alone.
 */
export function isUrl(text: string): boolean {
  return ASCII.test(text) ? URL.canParse(text) : parseUrl(text) !== null;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;
