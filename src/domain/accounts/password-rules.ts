/** NIST SP 800-63B-4, 3.1.1.2: long enough, not a known one, not made of who they are, and nothing else. */

export const SHORTEST_PASSWORD = 12;
/** More costs the server and gains nobody. */
const LONGEST_BYTES = 1024;
const LEAST_DISTINCT = 5;

/** Known ones that are long enough, as `bare` writes them. */
const TOO_COMMON = new Set(
  `
  password1234 password12345 password123456 password2016 password2017 passwordpassword mypassword123 passw0rd1234
  123456789012 1234567890123 1234567890qwerty 123456789abc 123456789qwe 123456789asd 987654321098 0123456789ab
  qwertyuiop12 qwertyuiop123 qwertyuiopasdfgh qwertyuiopas qwerty123456 qwerty1234567 1qaz2wsx3edc 1q2w3e4r5t6y
  1q2w3e4r5t6y7u q1w2e3r4t5y6 zaq12wsxcde3 qazwsxedcrfv asdfghjkl123 zxcvbnm12345 abcd12345678 abc123456789
  abcdefghijkl abcdefghijklm abcdefgh1234 letmein12345 letmeinplease iloveyou1234 iloveyouforever welcome12345
  administrator administrator1 adminadmin123 changeme1234 changemeplease trustno1trustno1 correcthorsebatterystaple
  thisisapassword thisismypassword whateverwhatever unbelievable1 supersecret123 secretsecret12 secretpassword
  masterpassword football1234 baseball1234 superman1234 starwars1234 sunshine1234 princess1234 dragondragon1
  monkeymonkey1 michaeljordan manchesterunited liverpoolfc12 christopher12 alexander1234 nixosnixosnixos opensesame123
  iamthegreatest neveragain1234 tobeornottobe maytheforcebewithyou
  `
    .trim()
    .split(/\s+/),
);

/** What is wrong with a password for somebody, or null. */
export function problemOfPassword(
  password: string,
  { handle, name, email }: { handle: string; name: string; email: string | null },
): string | null {
  if (Buffer.byteLength(password) > LONGEST_BYTES)
    return `A password has at most ${LONGEST_BYTES} bytes; this one is longer.`;
  if ([...password].length < SHORTEST_PASSWORD)
    return `A password has at least ${SHORTEST_PASSWORD} characters. A few words in a row make a good one.`;
  const plain = bare(password);
  const own = [handle, name, email ?? '', (email ?? '').replace(/@.*/, '')].map(bare);
  if (own.some((word) => word.length > 1 && made(plain, word)))
    return 'That is made of your handle, name or address.';
  if (TOO_COMMON.has(plain)) return 'That is one of the first that anybody would try.';
  if (new Set(password.toLowerCase()).size < LEAST_DISTINCT || isRun(plain))
    return 'That is too simple: one run or a few signs over and over.';
  return null;
}

/** As an attacker's list would have it: without case, marks and what stands between words. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** The word itself, over and over, backwards, or with nothing but digits around it. */
function made(plain: string, word: string): boolean {
  const rest = plain.replaceAll(word, '').replaceAll([...word].reverse().join(''), '');
  return rest !== plain && /^\d*$/.test(rest);
}

/** "abcdefghijkl", "210987654321": each sign the next of the one before it. */
function isRun(plain: string): boolean {
  const steps = new Set<number>();
  for (let at = 1; at < plain.length; at += 1) steps.add(plain.charCodeAt(at) - plain.charCodeAt(at - 1));
  return plain.length > 1 && [...steps].every((step) => Math.abs(step) === 1 || Math.abs(step) === 9);
}
