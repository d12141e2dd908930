/**
 * Ubuntu and Red Hat number their notices in the order in which they publish them. The shared data tell when the flaws of
 * each notice were public, but of most notices not when they were published themselves. So a notice's day is reckoned: it
 * lies between the days before which two notices around it cannot have been published, as its number does.
 */

/** How many of the next numbers may bear a day out. */
const NEXT = 20;
const WITHIN_DAYS = 60;
const DAY = 86_400_000;

/**
 * A likely day for each number, given for each the earliest day that its own flaws allow. A day that moves the line
 * forward counts only where one of the next numbers bears it out: some entries have a flaw added years later.
 *
 * @param own ISO days by number, where anything is known
 * @param all every number whose day is asked for
 * @returns ISO days by number, never falling; numbers before the first that is borne out are missing
 */
export function reckonDays(own: ReadonlyMap<number, string>, all: Iterable<number>): Map<number, string> {
  const steps = stepsOf(own);
  const days = new Map<number, string>();
  let at = -1;
  for (const number of [...new Set([...all, ...own.keys()])].sort((a, b) => a - b)) {
    while ((steps[at + 1]?.number ?? Number.POSITIVE_INFINITY) <= number) at++;
    const [step, next] = [steps[at], steps[at + 1]];
    if (step === undefined) continue;
    const share = next === undefined ? 0 : (number - step.number) / (next.number - step.number);
    const time = Date.parse(step.day) + share * (Date.parse(next?.day ?? step.day) - Date.parse(step.day));
    days.set(number, new Date(time).toISOString().slice(0, 10));
  }
  return days;
}

interface Step {
  number: number;
  day: string;
}

/** The first number of each day that is borne out, in order. */
function stepsOf(own: ReadonlyMap<number, string>): Step[] {
  const numbers = [...own.keys()].sort((a, b) => a - b);
  const steps: Step[] = [];
  for (const [index, number] of numbers.entries()) {
    const day = own.get(number) ?? '';
    const latest = new Date(Date.parse(day) + WITHIN_DAYS * DAY).toISOString().slice(0, 10);
    const next = numbers.slice(index + 1, index + 1 + NEXT).map((each) => own.get(each) ?? '');
    if (day > (steps.at(-1)?.day ?? '') && next.some((other) => other >= day && other <= latest))
      steps.push({ number, day });
  }
  return steps;
}
