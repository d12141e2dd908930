/**
 * The same function, which remembers what it answered: people, ids and subjects come again and again in mail. What it
 * answers must follow from the question alone, and nobody may change it. Of `most` answers it forgets all, and begins anew.
 */
export function remembering<T>(most: number, ask: (question: string) => T): (question: string) => T {
  const answers = new Map<string, T>();
  return (question) => {
    const before = answers.get(question);
    if (before !== undefined || answers.has(question)) return before as T;
    const answer = ask(question);
    if (answers.size >= most) answers.clear();
    answers.set(question, answer);
    return answer;
  };
}
