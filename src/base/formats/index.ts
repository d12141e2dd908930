export { type AtomEntry, type AtomFeed, printAtom, tagUri } from './atom.ts';
export { canonicalJson } from './canonical-json.ts';
export { type Cpe, parseCpe } from './cpe.ts';
export {
  type CsafDocument,
  type CsafProduct,
  type CsafReference,
  type CsafStatus,
  type CsafVulnerability,
  readCsaf,
} from './csaf.ts';
export {
  type CveAffected,
  type CveContainer,
  type CveRecord,
  type CveReference,
  type CveVersion,
  cweIds,
  readCveRecord,
} from './cve-record.ts';
export { ratingOf, scoreVector } from './cvss.ts';
export {
  momentOf,
  parseDayMonthYear,
  parseIsoDate,
  parseMailDate,
  parseMonthDayYear,
  parseUnixDate,
} from './dates.ts';
export {
  type ProvisionalId,
  parseAdvisoryIds,
  parseId,
  parseIds,
  parseProvisionalId,
  placeholderIds,
} from './ids.ts';
export {
  asList,
  asNumber,
  asObject,
  asString,
  JsonFieldError,
  type JsonObject,
  optionalNumber,
  optionalObject,
  optionalString,
} from './json-fields.ts';
export {
  findJsonValue,
  JsonSliceError,
  type JsonSliceReason,
  sliceJsonArray,
  sliceJsonObject,
  sliceLines,
} from './json-slices.ts';
export {
  type AddressOf,
  type MarkdownOptions,
  markdownToHtml,
  mentionsIn,
  type Reference,
} from './markdown.ts';
export { isUrl } from './parse-url.ts';
export { decodeUtf8, looksLikeHtml, oneLine } from './text.ts';
export { webAddress } from './web-address.ts';
