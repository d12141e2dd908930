/**
 * Name and version of a derivation name, exactly as `builtins.parseDrvName` splits it: at the first dash that is
 * followed by anything but an ASCII letter. No such dash: the version is empty.
 */
export function parseDrvName(drvName: string): { name: string; version: string } {
  const dash = drvName.search(/-[^A-Za-z]/);
  if (dash === -1) return { name: drvName, version: '' };
  return { name: drvName.slice(0, dash), version: drvName.slice(dash + 1) };
}
