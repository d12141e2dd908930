import { setFlagsFromString } from 'node:v8';

/**
 * For a process that only reads sources and ends: the engine compiles each function alone, without those that it calls.
 * Documents come in so many forms that it compiles the same dozens of functions over and over as it meets new ones, and
 * half of that work is copying callees into callers, for seconds of use. A process that lives on is better without.
 */
export function compileSimply(): void {
  setFlagsFromString('--no-turbo-inlining');
}
