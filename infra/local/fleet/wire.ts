/** A message's fields by number; what is zero, false or empty is left out, as etcd does. */
export type Fields = Readonly<Record<number, Value | readonly Value[]>>;

type Value = bigint | number | boolean | string | Buffer;

/** A protobuf message: numbers as varints, texts and nested messages with their length before them. */
export function message(fields: Fields): Buffer {
  const parts = Object.entries(fields).flatMap(([number, value]) =>
    isMany(value)
      ? value.flatMap((one) => field(Number(number), one))
      : isDefault(value)
        ? []
        : field(Number(number), value),
  );
  return Buffer.concat(parts);
}

/** The message as one gRPC frame: not compressed, then its length. */
export function frame(body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

function isMany(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}

function isDefault(value: Value): boolean {
  return value === '' || Buffer.isBuffer(value) ? value.length === 0 : !value;
}

function field(number: number, value: Value): Buffer[] {
  if (typeof value !== 'string' && !Buffer.isBuffer(value))
    return [varint(BigInt(number << 3)), varint(BigInt(value))];
  const bytes = Buffer.from(value);
  return [varint(BigInt((number << 3) | 2)), varint(BigInt(bytes.length)), bytes];
}

/** Seven bits a byte, the lowest first; every byte but the last has its highest bit set. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
