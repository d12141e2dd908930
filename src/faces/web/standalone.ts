import type { Config } from '#base/config';
import { asList, type RoundupView } from '#domain/roundup';
import { type Assets, loadAssets } from './assets.ts';
import { htmlDocument } from './layout.tsx';
import { RoundupPage } from './pages/roundup.tsx';

/**
 * A roundup as one HTML file that needs nothing beside it: the stylesheet is inside, nothing is fetched. Links to our
 * pages are absolute where `publicUrl` is known; otherwise they keep the path that they have on a server.
 */
export function standaloneRoundup(
  view: RoundupView,
  config: Pick<Config, 'team' | 'publicUrl'>,
  assets: Assets = loadAssets(),
): string {
  const { path, text } = assets.stylesheet;
  const page = RoundupPage({
    frame: {
      team: config.team,
      path: '',
      now: new Date().toISOString(),
      stylesheet: path,
      theme: null,
      nav: [],
      search: null,
      person: null,
      sources: null,
      links: [],
      version: assets.version,
    },
    roundup: asList(view),
  });
  const html = htmlDocument(page);
  const link = `<link rel="stylesheet" href="${path}"/>`;
  if (!html.includes(link)) throw new Error('the page does not link its stylesheet as it used to');
  return withPublicLinks(
    html.replace(link, () => `<style>${text}</style>`),
    config.publicUrl,
  );
}

/** Text from outside has no quotation mark of its own in a page (it is written `&quot;`), so only real links begin like this. */
function withPublicLinks(html: string, publicUrl: string | undefined): string {
  if (publicUrl === undefined) return html;
  const base = new URL(publicUrl).href.replace(/\/+$/, '').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return html.replaceAll('href="/', () => `href="${base}/`);
}
