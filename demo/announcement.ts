/** What choosing needs to know of an advisory of any source. */
export interface Announcement {
  /** "DSA-3896-1", unique over all sources. */
  id: string;
  source: 'debian' | 'ubuntu' | 'gentoo' | 'redhat';
  /** ISO day. */
  day: string;
  vulnerabilities: readonly string[];
}
