import { webAddress } from '#base/formats';
import type { RoundupLine } from '#domain/roundup';
import { type Child, html, type Markup } from '../markup/markup.ts';

export type PatchLink = RoundupLine['patches'][number];

export interface OutsideLinkProps {
  href: string | null;
  children?: Child;
  class?: string;
  title?: string | undefined;
}

/** A link that leaves us: http and https only, without telling the other side where it came from. Anything else is just its text. */
export function OutsideLink({ href, children, class: name, title }: OutsideLinkProps): Markup {
  const address = href === null ? null : webAddress(href);
  const about = [
    name === undefined ? null : html` class="${name}"`,
    title === undefined ? null : html` title="${title}"`,
  ];
  return address === null
    ? html`<span${about}>${children}</span>`
    : html`<a${about} href="${address}" rel="external noopener noreferrer nofollow">${children}</a>`;
}

/** An id, monospaced; one click selects all of it where it is no link. */
export function Id({ id, href }: { id: string; href?: string | undefined }): Markup {
  return href === undefined
    ? html`<code class="id">${id}</code>`
    : html`<a class="id" href="${href}">${id}</a>`;
}

/** The first few ids, and how many more there are. */
export function IdList({
  ids,
  limit,
  href,
}: {
  ids: readonly string[];
  limit: number;
  href?: (id: string) => string;
}) {
  return (
    <>
      {ids.slice(0, limit).map((id) => (
        <>
          <Id id={id} href={href?.(id)} />{' '}
        </>
      ))}
      {ids.length > limit ? <span class="quiet">+{ids.length - limit}</span> : null}
    </>
  );
}

/** Patches that somebody links to: where they lie, for which vulnerability, and who says so. */
export function PatchList({ patches, limit = 6 }: { patches: readonly PatchLink[]; limit?: number }): Markup {
  if (patches.length === 0) return html`<span class="quiet">none linked</span>`;
  const more = patches.length - limit;
  return html`<ul class="plain">${patches
    .slice(0, limit)
    .map(
      ({ url, vulnerability, source }) =>
        html`<li>${OutsideLink({ href: url, title: url, children: patchName(url) })} <span class="quiet">${vulnerability === null ? source : `${vulnerability}, ${source}`}</span></li>`,
    )}${more > 0 ? html`<li class="quiet">and ${more} more</li>` : null}</ul>`;
}

/** "openssl/openssl 00d9654" for a commit on GitHub, else host and last part: what tells one patch from another. */
export function patchName(url: string): string {
  const address = webAddress(url);
  if (address === null) return url.slice(0, 60);
  const { host, pathname, search } = new URL(address);
  const commit = /^\/([^/]+\/[^/]+)\/(?:-\/)?commit\/([0-9a-f]{7,40})/.exec(pathname);
  if (commit !== null) return `${commit[1]} ${commit[2]?.slice(0, 7)}`;
  const last = pathname.split('/').findLast((piece) => piece !== '') ?? '';
  const hash = /\b[0-9a-f]{12,40}\b/.exec(search)?.[0];
  return `${host} ${(hash?.slice(0, 7) ?? last).slice(0, 40)}`.trim();
}
