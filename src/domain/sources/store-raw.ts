import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompressSync, constants } from 'node:zlib';
import { sql } from 'kysely';
import { CopyRows, copyRows, type Queries, type Tx, takeNumbers } from '#base/db';

/** Where the bytes of a document are: SHA-256 over them, and the pack that holds them. */
export interface RawAddress {
  raw: Buffer;
  pack: number;
}

/** A pack is unpacked as a whole for one of its documents: within this it takes some ten milliseconds. */
const PACK_BYTES = 2 << 20;
/** As much as a pack becomes: in the default small pieces, handing them over costs as much as the work. */
const CHUNK = 320 << 10;

/** An entry of a pack's directory: hash, then start and length as 32-bit numbers. */
const ENTRY = 40;

const compress = promisify(brotliCompress);

/** SHA-256, in hexadecimal. */
export function hashOf(bytes: Buffer): string {
  return hash('sha256', bytes, 'hex');
}

/** A raw document in a RawBytes. */
export interface RawPlace {
  hash: string;
  start: number;
  length: number;
}

/** Bytes of documents on their way into packs, in one buffer that is used again. */
export class RawBytes {
  #bytes = Buffer.allocUnsafeSlow(1 << 13);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  /** Answers with where the bytes are now. */
  add(bytes: Buffer): number {
    const start = this.#at;
    if (start + bytes.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, start + bytes.length));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, start);
    this.#at += bytes.length;
    return start;
  }

  /** The bytes of documents one after the other; without copying where they lie so. */
  joined(places: readonly RawPlace[]): Buffer {
    const first = places[0]?.start ?? 0;
    let end = first;
    for (const { start, length } of places) {
      if (start !== end)
        return Buffer.concat(
          places.map((each) => this.#bytes.subarray(each.start, each.start + each.length)),
        );
      end += length;
    }
    return this.#bytes.subarray(first, end);
  }

  clear(): void {
    this.#at = 0;
  }
}

/**
 * Stores the bytes of documents in compressed packs, each with a directory; equal ones that come together once.
 *
 * @returns for each document the id of its pack
 */
export async function storeRaw(tx: Tx, bytes: RawBytes, places: readonly RawPlace[]): Promise<number[]> {
  const groups = groupsOf(places);
  const packed = await Promise.all(groups.map((group) => packOf(bytes, group)));
  const first = await takeNumbers(tx, 'raw_pack_id_seq', groups.length);
  const rows = new CopyRows();
  for (let index = 0; index < packed.length; index++) {
    rows.row(3);
    rows.bigint(first + index);
    rows.bytes(packed[index]?.directory ?? NOTHING);
    rows.bytes(packed[index]?.bytes ?? NOTHING);
  }
  await copyRows(tx, 'raw_pack', ['id', 'directory', 'bytes'], [rows.stretch(0, rows.at)]);
  return groups.flatMap((group, index) => group.map(() => first + index));
}

const NOTHING = Buffer.alloc(0);

/** Documents one after the other, as many as make a pack. */
function groupsOf(places: readonly RawPlace[]): RawPlace[][] {
  const groups: RawPlace[][] = [];
  let size = PACK_BYTES;
  for (const place of places) {
    if (size >= PACK_BYTES) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(place);
    size += place.length;
  }
  return groups;
}

async function packOf(
  raw: RawBytes,
  places: readonly RawPlace[],
): Promise<{ directory: Buffer; bytes: Buffer }> {
  const distinct = [...new Map(places.map((place) => [place.hash, place])).values()];
  const whole = raw.joined(distinct);
  const directory = Buffer.alloc(distinct.length * ENTRY);
  let start = 0;
  for (const [index, { hash: sha256, length }] of distinct.entries()) {
    directory.write(sha256, index * ENTRY, 'hex');
    directory.writeUInt32BE(start, index * ENTRY + 32);
    directory.writeUInt32BE(length, index * ENTRY + 36);
    start += length;
  }
  return { directory, bytes: await compressPack(whole) };
}

async function compressPack(whole: Buffer): Promise<Buffer> {
  // Quality 1: smaller than gzip's fastest, in half its time.
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = { [BROTLI_PARAM_QUALITY]: 1, [BROTLI_PARAM_SIZE_HINT]: whole.length };
  return compress(whole, { params, chunkSize: CHUNK });
}

/** The bytes of a raw document, or null where its pack does not have them. */
export async function readRaw(queries: Queries, address: RawAddress): Promise<Buffer | null> {
  return await rawReader(queries)(address);
}

/** Reads many raw documents: of those of one pack that come one after the other, it unpacks that once. */
export function rawReader(queries: Queries): (address: RawAddress) => Promise<Buffer | null> {
  let last: { pack: number; directory: Buffer; bytes: Buffer } | null = null;
  return async ({ raw, pack }) => {
    if (last?.pack !== pack) {
      const row = await queries
        .selectFrom('raw_pack')
        .select(['directory', 'bytes'])
        .where('id', '=', pack)
        .executeTakeFirst();
      if (row === undefined) return null;
      last = { pack, directory: row.directory, bytes: brotliDecompressSync(row.bytes) };
    }
    const place = placeOf(last.directory, raw);
    return place && last.bytes.subarray(place.start, place.start + place.length);
  };
}

/**
 * Erases the bytes of a raw document from its pack for good, for what must be forgotten: nulls stand where it was, so that
 * nothing else in the pack moves. Without effect where the pack does not have it.
 */
export async function eraseRaw(tx: Tx, { raw, pack }: RawAddress): Promise<void> {
  const row = await tx
    .selectFrom('raw_pack')
    .select(['directory', 'bytes'])
    .where('id', '=', pack)
    .forUpdate()
    .executeTakeFirst();
  const place = row && placeOf(row.directory, raw);
  if (row === undefined || place === null || place === undefined) return;
  const bytes = brotliDecompressSync(row.bytes).fill(0, place.start, place.start + place.length);
  const packed = await compressPack(bytes);
  await tx.updateTable('raw_pack').set({ bytes: packed }).where('id', '=', pack).execute();
}

/** Deletes packs that hold these documents and nothing else; a pack with others in it stays as it is. */
export async function dropPacks(tx: Tx, addresses: readonly RawAddress[]): Promise<void> {
  if (addresses.length === 0) return;
  const alone = addresses.map(({ raw, pack }) => ({ pack, raw: raw.toString('hex') }));
  await sql`delete from raw_pack p using json_to_recordset(${JSON.stringify(alone)}::json) as r(pack bigint, raw text)
    where p.id = r.pack and length(p.directory) = ${ENTRY} and substr(p.directory, 1, 32) = decode(r.raw, 'hex')`.execute(
    tx,
  );
}

/** Number of bytes of a raw document, without unpacking it; null where its pack does not have it. */
export async function rawLength(queries: Queries, { raw, pack }: RawAddress): Promise<number | null> {
  const row = await queries
    .selectFrom('raw_pack')
    .select('directory')
    .where('id', '=', pack)
    .executeTakeFirst();
  return row === undefined ? null : (placeOf(row.directory, raw)?.length ?? null);
}

function placeOf(directory: Buffer, raw: Buffer): { start: number; length: number } | null {
  for (let at = 0; at < directory.length; at += ENTRY) {
    if (directory.compare(raw, 0, 32, at, at + 32) === 0) {
      return { start: directory.readUInt32BE(at + 32), length: directory.readUInt32BE(at + 36) };
    }
  }
  return null;
}
