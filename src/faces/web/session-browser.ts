/** "Firefox on Linux", from what a browser says of itself: enough to tell one's own sessions apart, and no more is kept. */
export function browserOf(userAgent: string | undefined): string | null {
  if (userAgent === undefined || userAgent === '') return null;
  const text = userAgent.slice(0, 400);
  const browser = first(text, BROWSERS);
  const system = first(text, SYSTEMS);
  if (browser === null) return system;
  return system === null ? browser : `${browser} on ${system}`;
}

/** In the order in which they have to be asked: each names those after it, too. */
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome|Chromium)\//],
  ['Safari', /\bSafari\//],
];

const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
  ['a BSD', /\b(?:FreeBSD|OpenBSD|NetBSD)\b/],
];

function first(text: string, names: readonly (readonly [string, RegExp])[]): string | null {
  return names.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}
