/**
 * Short names for columns: what all names begin with up to a dash is left out, so that `nixos-17.03` and
 * `nixos-unstable` become `17.03` and `unstable`. Full names where that leaves nothing.
 */
export function shortChannelNames(names: readonly string[]): Map<string, string> {
  const first = names[0] ?? '';
  const prefix = first.slice(0, first.indexOf('-') + 1);
  const shared =
    prefix !== '' && names.every((name) => name.startsWith(prefix) && name.length > prefix.length);
  return new Map(names.map((name) => [name, shared ? name.slice(prefix.length) : name]));
}
