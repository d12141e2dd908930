/** Who asks, so that the other side can reach us. */
export function userAgent(contact: string | undefined): string {
  return `Muster (security tracker of a Linux distribution${contact === undefined ? '' : `; ${contact}`})`;
}
