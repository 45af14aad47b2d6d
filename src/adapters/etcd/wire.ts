/**
 * Reads protobuf's wire format in place, forwards only. A decoder makes an object of each key, which for a million keys
 * takes seconds and hundreds of MiB; here nothing is made but numbers.
 */
export class Wire {
  readonly bytes: Uint8Array;
  at: number;
  end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Exact up to 2^53; rounded above, which only leases and member ids are. */
  varint(): number {
    let value = 0;
    let unit = 1;
    while (this.at < this.end) {
      const byte = this.bytes[this.at++] ?? 0;
      if (byte < 0x80) return value + byte * unit;
      value += (byte & 0x7f) * unit;
      unit *= 0x80;
    }
    throw new RangeError('the message ends within a number');
  }

  /** Steps over the field whose tag was read; answers how many bytes a field of bytes holds, which end where it stands then. */
  skip(tag: number): number {
    const kind = tag & 7;
    if (kind === 0) this.varint();
    const length = kind === 2 ? this.varint() : kind === 1 ? 8 : kind === 5 ? 4 : 0;
    if (kind === 3 || kind === 4 || kind > 5 || this.at + length > this.end)
      throw new RangeError('the message is cut off, or of another kind');
    this.at += length;
    return length;
  }

  get done(): boolean {
    return this.at >= this.end;
  }
}
