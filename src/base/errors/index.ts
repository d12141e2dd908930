export { ERRORS, type ErrorCode, EXIT } from './catalogue.ts';
export { explain, MusterError } from './muster-error.ts';
