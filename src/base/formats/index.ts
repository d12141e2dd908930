export { ratingOf, scoreVector } from './cvss.ts';
export { parseDayMonthYear, parseIsoDate, parseMonthDayYear } from './dates.ts';
export { parseAdvisoryIds, parseId, parseIds, placeholderIds } from './ids.ts';
export {
  findJsonValue,
  JsonSliceError,
  type JsonSliceReason,
  sliceJsonArray,
  sliceJsonObject,
  sliceLines,
} from './json-slices.ts';
export { decodeUtf8, looksLikeHtml, oneLine } from './text.ts';
