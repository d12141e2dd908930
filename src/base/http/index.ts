export { type Downloaded, download } from './download.ts';
