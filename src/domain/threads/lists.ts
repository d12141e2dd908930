/** A mailing list that is public, and what is read of it. */
export interface MailingList {
  /** Its List-Id (RFC 2919). */
  id: string;
  /** As people call it. */
  name: string;
  /** What is written there. `announcements`: one publisher's advisories, each one a thread of its own. */
  kind: 'discussion' | 'announcements';
  /** Whose packages an announcement names: the ecosystem of the product table. */
  ecosystem: string | null;
}

/**
 * The lists that Muster reads. Mail of any other list, and mail that no list carried, is nobody else's business: it is
 * passed over, and nothing of it is kept. `mailLists` of the settings adds more.
 */
export const LISTS: readonly MailingList[] = [
  discussion('oss-security.lists.openwall.com', 'oss-security'),
  discussion('fulldisclosure.seclists.org', 'full-disclosure'),
  announcements('debian-security-announce.lists.debian.org', 'debian-security-announce', 'debian'),
  announcements('debian-lts-announce.lists.debian.org', 'debian-lts-announce', 'debian'),
  announcements('ubuntu-security-announce.lists.ubuntu.com', 'ubuntu-security-announce', 'ubuntu'),
  announcements('rhsa-announce.redhat.com', 'rhsa-announce', 'redhat'),
  announcements('security-announce.lists.opensuse.org', 'opensuse-security-announce', 'suse'),
  announcements('sle-security-updates.lists.suse.com', 'sle-security-updates', 'suse'),
  announcements('package-announce.lists.fedoraproject.org', 'package-announce', 'fedora'),
  announcements('gentoo-announce.gentoo.org', 'gentoo-announce', 'gentoo'),
  announcements('arch-security.lists.archlinux.org', 'arch-security', 'arch'),
  announcements('updates-announce.ml.mageia.org', 'mageia updates-announce', '*'),
  announcements('freebsd-security-notifications.freebsd.org', 'freebsd-security-notifications', 'freebsd'),
  announcements('security-announce.netbsd.org', 'netbsd security-announce', '*'),
  announcements('slackware-security.slackware.com', 'slackware-security', '*'),
];

function discussion(id: string, name: string): MailingList {
  return { id, name, kind: 'discussion', ecosystem: null };
}

function announcements(id: string, name: string, ecosystem: string): MailingList {
  return { id, name, kind: 'announcements', ecosystem };
}

/** The lists that are read, by their ids; `more` are ids of further ones. */
export function knownLists(more: readonly string[] = []): ReadonlyMap<string, MailingList> {
  const own = more.map((id) => discussion(id.toLowerCase(), id.split('.')[0] ?? id));
  return new Map([...own, ...LISTS].map((list) => [list.id, list]));
}
