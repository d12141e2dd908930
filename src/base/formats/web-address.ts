import { parseUrl } from './parse-url.ts';

const LONGEST = 2_000;

/**
 * The address if a browser may be led there from our pages and lists: absolute, http or https, without user name or
 * password, at most 2,000 characters; percent-encoded as the URL standard says. Null for everything else.
 */
export function webAddress(text: string): string | null {
  // Most are as the standard would write them, and a list has hundreds.
  if (text.length <= LONGEST && PLAIN.test(text) && !NOT_PLAIN.test(text)) return text;
  return parsed(text);
}

/** Host of letters, digits and dashes that ends in letters, no port; after it nothing that would be encoded. */
const PLAIN = /^https?:\/\/(?:[a-z0-9-]+\.)+[a-z]{2,}\/[\w~.\-/?&=%+:;,@!#]*$/;
/** Steps in the path that would be gone, names in punycode that may be wrong. */
const NOT_PLAIN = /\/(?:\.|%2e)|xn--/i;

function parsed(text: string): string | null {
  if (text.length > LONGEST || !/^\s*https?:\/\//i.test(text)) return null;
  const url = parseUrl(text);
  if (url === null) return null;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '') return null;
  return url.href.length > LONGEST ? null : url.href;
}
