export { type JobLog, runTask, type Task } from './task.ts';
export { startWorker, type Worker } from './worker.ts';
