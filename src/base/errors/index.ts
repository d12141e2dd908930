export { ERRORS, type ErrorCode } from './catalogue.ts';
export { explain, MusterError } from './muster-error.ts';
