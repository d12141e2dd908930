/**
 * Whether an address may stand in the sample: one that a page can link to and that holds no mail address, which archives
 * of mailing lists like to have in theirs.
 */
export function isPlainAddress(url: string): boolean {
  return (
    url.length <= 400 && /^(?:https?|ftp):\/\/[^\s/<>"'@]+(?:\/[^\s<>"'@]*)?$/.test(url) && !/%40/i.test(url)
  );
}
