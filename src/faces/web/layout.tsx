import { ownAddress, SOURCES_ADDRESS } from './components/addresses.ts';
import { ageOf, lasting } from './components/times.tsx';
import type { FeedLink } from './feed-addresses.ts';
import type { Child } from './markup/markup.ts';

/** What every page has around it. */
export interface Frame {
  team: string;
  /** Path of the page itself, for what is marked as current. */
  path: string;
  now: string;
  stylesheet: string;
  /** The reader's choice, null for what their system wishes. */
  theme: 'light' | 'dark' | null;
  /** "Roundup 31" with detail "17 of 42". */
  nav: NavItem[];
  /** Where the search field sends `q`; null where there is no search. */
  search: { action: string; query: string } | null;
  /** Who is signed in, with their own page; or nobody, with where one signs in. Null in a file of its own. */
  person: { handle: string | null; href: string } | null;
  /** Null where a page has to do without knowing: nothing is then said of them. */
  sources: SourceFreshness[] | null;
  /** Atom, API and the like. */
  links: NavItem[];
  /** Feeds of what the page is about. */
  feeds?: readonly FeedLink[];
  version: string;
  /** The script of every page; none in a file of its own. */
  script?: string;
  /** `person:3` of whoever reads; undefined for visitors. */
  viewer?: string | undefined;
  /** What was just done, for whoever comes back from a form. */
  notice?: Notice | null;
}

/** What was just done, and how to take it back. */
export interface Notice {
  words: string;
  /** Where more is told of it. */
  href: string;
  /** Where a form goes that takes it back; null where it cannot be. */
  undo: string | null;
}

export interface NavItem {
  href: string;
  label: string;
  detail?: string;
}

/** How a source does: `fresh`, or since when it is silent (newest report older than its rhythm) or failing (cannot be read). */
export interface SourceFreshness {
  title: string;
  state: 'fresh' | 'silent' | 'failing' | 'never';
  /** For fresh ones when it was last read, otherwise since when. */
  since: string | null;
}

export interface LayoutProps {
  frame: Frame;
  title: string;
  description?: string;
  /** Other forms of the page: JSON, markdown. */
  alternates?: { type: string; href: string }[];
  /** What the page shows: it is read anew when one of these changes. */
  live?: readonly string[];
  /** Only some parts of the page are in it: those that a script asked for. */
  partial?: boolean;
  children?: Child;
}

/** A whole page: head, top bar, content, footer. */
export function Layout({
  frame,
  title,
  description,
  alternates = [],
  live,
  partial = false,
  children,
}: LayoutProps) {
  return (
    <html lang="en" data-theme={frame.theme ?? undefined}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{`${title} · Muster`}</title>
        {description === undefined ? null : <meta name="description" content={description} />}
        <link rel="stylesheet" href={ownAddress(frame.stylesheet)} />
        {alternates.map(({ type, href }) => (
          <link rel="alternate" type={type} href={ownAddress(href)} />
        ))}
        {(frame.feeds ?? []).map(({ href, title: name }) => (
          <link rel="alternate" type="application/atom+xml" title={name} href={ownAddress(href)} />
        ))}
        {frame.script === undefined ? null : <script type="module" src={ownAddress(frame.script)} />}
      </head>
      <body data-person={frame.viewer}>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <TopBar frame={frame} />
        {frame.notice == null ? null : <NoticeBar notice={frame.notice} back={frame.path} />}
        <main id="content" tabindex={-1} data-live={live?.join(',')} data-partial={partial ? '' : undefined}>
          {children}
        </main>
        <Footer frame={frame} />
      </body>
    </html>
  );
}

/** The text that is sent: the page with its doctype. */
export function htmlDocument(page: { toString(): string }): string {
  return `<!doctype html>\n${page.toString()}\n`;
}

/** What was just done, above the page that one came back to. */
function NoticeBar({ notice, back }: { notice: Notice; back: string }) {
  return (
    <div class="notice" role="status">
      <p>
        <a href={ownAddress(notice.href)}>{notice.words}</a>
      </p>
      {notice.undo === null ? null : (
        <form method="post" action={ownAddress(notice.undo)}>
          <input type="hidden" name="back" value={back} />
          <button type="submit" class="button button-small">
            Undo
          </button>
        </form>
      )}
    </div>
  );
}

function TopBar({ frame }: { frame: Frame }) {
  return (
    <header class="top">
      <div class="top-inner">
        <a class="brand" href="/">
          <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
            <rect x="1" y="2" width="18" height="4" rx="1.5" class="brand-1" />
            <rect x="1" y="8" width="12" height="4" rx="1.5" class="brand-2" />
            <rect x="1" y="14" width="6" height="4" rx="1.5" class="brand-3" />
          </svg>
          <span>Muster</span> <span class="brand-team">{frame.team}</span>
          <span class="hidden">, to the first page</span>
        </a>
        <nav class="nav" aria-label="Main">
          <ul>
            {frame.nav.map(({ href, label, detail }) => (
              <li>
                <a href={ownAddress(href)} aria-current={isCurrent(frame.path, href) ? 'page' : undefined}>
                  {label}
                  {detail === undefined ? null : <span class="nav-detail"> {detail}</span>}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {frame.search === null ? null : (
          <search>
            <form class="search" action={ownAddress(frame.search.action)} method="get">
              <label class="hidden" for="search">
                Search issues, packages and ids
              </label>
              <input
                id="search"
                name="q"
                type="search"
                value={frame.search.query}
                placeholder="CVE, package, issue"
                autocomplete="off"
                spellcheck={false}
              />
              <button type="submit">Search</button>
            </form>
          </search>
        )}
        {frame.person === null ? null : (
          <p class="person">
            <a href={ownAddress(frame.person.href)}>
              {frame.person.handle === null ? 'Sign in' : `@${frame.person.handle}`}
              {frame.person.handle === null ? null : <span class="hidden">, your account</span>}
            </a>
          </p>
        )}
      </div>
    </header>
  );
}

function isCurrent(path: string, href: string): boolean {
  return path === href || (href !== '/' && path.startsWith(`${href}/`));
}

function Footer({ frame }: { frame: Frame }) {
  return (
    <footer class="bottom">
      <div class="bottom-inner">
        {frame.sources === null ? null : <SourcesLine sources={frame.sources} now={frame.now} />}
        <p class="bottom-links">
          {frame.links.map(({ href, label }) => (
            <>
              <a href={ownAddress(href)}>{label}</a>{' '}
            </>
          ))}
          <span class="quiet">Muster {frame.version}</span>
        </p>
      </div>
    </footer>
  );
}

const SHOWN_SOURCES = 8;

/** So many that nobody ever read are named; of more it is said how many they are. */
const NAMED_NEVER = 3;

/** Freshness of the sources in one line: first those that something is wrong with. */
function SourcesLine({ sources, now }: { sources: readonly SourceFreshness[]; now: string }) {
  const never = sources.filter(({ state }) => state === 'never');
  const counted = never.length > NAMED_NEVER;
  const late = sources.filter(({ state }) => state !== 'fresh' && !(counted && state === 'never'));
  const fresh = sources.filter(({ state }) => state === 'fresh');
  const shown = [...late, ...fresh].slice(0, Math.max(SHOWN_SOURCES, late.length));
  const rest = late.length + fresh.length - shown.length;
  return (
    <p class="freshness">
      <span class="freshness-title">Sources</span> {shown.length === 0 ? 'none read yet ' : null}
      {shown.map((source) => (
        <>
          <Freshness source={source} now={now} />{' '}
        </>
      ))}
      {counted && shown.length > 0 ? <span class="late">{never.length} never read</span> : null}{' '}
      <a href={SOURCES_ADDRESS}>{rest > 0 ? `and ${rest} more` : 'all about them'}</a>
    </p>
  );
}

function Freshness({ source, now }: { source: SourceFreshness; now: string }) {
  const { title, state, since } = source;
  if (state === 'fresh')
    return (
      <span class="fresh" title={since ?? undefined}>
        {title} <span class="quiet">{since === null ? '' : shortAge(since, now)}</span>
      </span>
    );
  const words =
    state === 'never' ? 'never read' : `${state}${since === null ? '' : ` since ${dayName(since, now)}`}`;
  return (
    <span class="late" title={since ?? undefined}>
      {title} <strong>{words}</strong>
    </span>
  );
}

function shortAge(since: string, now: string): string {
  const passed = Date.parse(now) - Date.parse(since);
  return Number.isNaN(passed) ? since : lasting(Math.max(0, passed));
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The weekday within the last week, else the date. */
function dayName(since: string, now: string): string {
  const day = new Date(since);
  const passed = Date.parse(now) - day.getTime();
  if (ageOf(since, now) === null) return since;
  return passed >= 0 && passed < 7 * 86_400_000 ? (WEEKDAYS[day.getUTCDay()] ?? since) : since.slice(0, 10);
}
