const LONGEST = 2_000;

/**
 * The address if a browser may be led there from our pages and lists: absolute, http or https, without user name or
 * password, at most 2,000 characters; percent-encoded as the URL standard says. Null for everything else.
 */
export function webAddress(text: string): string | null {
  if (text.length > LONGEST || !/^\s*https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '') return null;
  return url.href.length > LONGEST ? null : url.href;
}
