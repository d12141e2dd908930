const LONGEST = 20_000;

/**
 * The id of the key that an armoured OpenPGP signature says made it (RFC 9580, section 5.2.3: issuer, issuer fingerprint), 16
 * hexadecimal digits in capitals; null where it is none that can be read. Most signatures are by keys that nobody here has,
 * and the library takes a hundred times as long to say so.
 */
export function issuerOf(armored: string): string | null {
  const bytes = unarmored(armored.slice(0, LONGEST));
  if (bytes === null) return null;
  const packet = packetOf(bytes);
  if (packet === null) return null;
  const version = packet[0];
  // Version 3: type and time, then the id itself.
  if (version === 3) return packet.length >= 15 ? hexOf(packet.subarray(7, 15)) : null;
  const wide = version === 6 ? 4 : 2;
  if (version !== 4 && version !== 6) return null;
  const hashed = areaAt(packet, 4, wide);
  const others = hashed === null ? null : areaAt(packet, 4 + wide + hashed.length, wide);
  return (hashed && issuerIn(hashed)) ?? (others && issuerIn(others)) ?? null;
}

/** The base64 between the lines of an armour, without its headers and its checksum (RFC 9580, section 6.2). */
function unarmored(armored: string): Buffer | null {
  const begin = armored.indexOf('-----BEGIN PGP SIGNATURE-----');
  const end = armored.indexOf('-----END PGP SIGNATURE-----', begin);
  if (begin === -1 || end === -1) return null;
  const lines = armored.slice(begin, end).split(/\r?\n/).slice(1);
  const data = lines.filter((line) => !line.includes(':') && !line.startsWith('='));
  return Buffer.from(data.join(''), 'base64');
}

/** Bytes of the length in the old form of packets, by its type (section 4.2.2). */
const OLD_LENGTHS = [1, 2, 4, 0] as const;

/** The body of the first packet, where that is a signature (tag 2). */
function packetOf(bytes: Buffer): Buffer | null {
  const [tag = 0, first = 0] = bytes;
  if ((tag & 0x80) === 0) return null;
  if ((tag & 0x40) !== 0) {
    if ((tag & 0x3f) !== 2) return null;
    const at = first < 192 ? 2 : first < 255 ? 3 : 6;
    return bytes.subarray(at);
  }
  return ((tag >> 2) & 0xf) === 2 ? bytes.subarray(1 + (OLD_LENGTHS[tag & 3] ?? 0)) : null;
}

function areaAt(packet: Buffer, at: number, wide: number): Buffer | null {
  if (at + wide > packet.length) return null;
  const length = packet.readUIntBE(at, wide);
  return at + wide + length <= packet.length ? packet.subarray(at + wide, at + wide + length) : null;
}

const ISSUER = 16;
const ISSUER_FINGERPRINT = 33;

function issuerIn(area: Buffer): string | null {
  let at = 0;
  while (at < area.length) {
    const first = area[at] ?? 0;
    const wide = first < 192 ? 1 : first < 255 ? 2 : 5;
    if (at + wide > area.length) return null;
    const length =
      wide === 1
        ? first
        : wide === 2
          ? ((first - 192) << 8) + (area[at + 1] ?? 0) + 192
          : area.readUInt32BE(at + 1);
    const body = area.subarray(at + wide, at + wide + length);
    const type = (body[0] ?? 0) & 0x7f;
    if (type === ISSUER && body.length === 9) return hexOf(body.subarray(1));
    // Of version 4 the id is the end of the fingerprint, of version 6 its beginning (section 5.5.4).
    if (type === ISSUER_FINGERPRINT && body.length === 22) return hexOf(body.subarray(14));
    if (type === ISSUER_FINGERPRINT && body.length === 34) return hexOf(body.subarray(2, 10));
    at += wide + Math.max(length, 1);
  }
  return null;
}

function hexOf(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}
