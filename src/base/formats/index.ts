export { parseDayMonthYear, parseIsoDate, parseMonthDayYear } from './dates.ts';
export { parseAdvisoryIds, parseId, parseIds, placeholderIds } from './ids.ts';
export { decodeUtf8, looksLikeHtml, oneLine } from './text.ts';
