export { makeDocument } from './openapi.ts';
export type { Operation } from './operation.ts';
export { OPERATIONS } from './operations.ts';
export { problemCodes, problemOf, unforeseenProblem } from './problem.ts';
export { API_ADDRESS, apiRoutes, DOCUMENT_ADDRESS, routeOf } from './register.ts';
