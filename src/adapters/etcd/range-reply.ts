import type { KeyBatch, KeyCursor } from '../../domain/keyspace.js';
import { moveTo, movingOver } from './key-value.js';
import { Wire } from './wire.js';

/** Tags of RangeResponse and of its header. */
const HEADER = 0x0a;
const KV = 0x12;
const MORE = 0x18;
const COUNT = 0x20;
const REVISION = 0x18;

/** A RangeResponse as it came. Twice over it: first only from key to key, so that the next page can be asked for. */
export function rangeReply(bytes: Uint8Array, askedRevision: number | null): KeyBatch {
  const wire = new Wire(bytes);
  let count = 0;
  let total = 0;
  let more = false;
  let revision = 0;
  let first = -1;
  let last = -1;
  while (!wire.done) {
    const at = wire.at;
    const tag = wire.varint();
    if (tag === MORE) more = wire.varint() !== 0;
    else if (tag === COUNT) total = wire.varint();
    else {
      const size = wire.skip(tag);
      if (tag === HEADER) revision = revisionIn(new Wire(bytes, wire.at - size, wire.at));
      if (tag !== KV) continue;
      if (first < 0) first = at;
      last = at;
      count++;
    }
  }
  return {
    ...{ count, total, more, revision: askedRevision ?? revision },
    firstKey: first < 0 ? null : keyAt(bytes, first),
    lastKey: last < 0 ? null : keyAt(bytes, last),
    each: (visit) => eachKey(bytes, visit),
  };
}

export function revisionIn(header: Wire): number {
  while (!header.done) {
    const tag = header.varint();
    if (tag === REVISION) return header.varint();
    header.skip(tag);
  }
  return 0;
}

function eachKey(bytes: Uint8Array, visit: (key: KeyCursor) => void): void {
  const wire = new Wire(bytes);
  const key = movingOver(bytes);
  while (!wire.done) {
    const tag = wire.varint();
    if (tag !== KV) {
      wire.skip(tag);
      continue;
    }
    const length = wire.varint();
    moveTo(wire, length, key);
    visit(key);
  }
}

/** A copy: the page itself goes. */
function keyAt(bytes: Uint8Array, at: number): Uint8Array {
  const wire = new Wire(bytes, at);
  wire.varint();
  const key = movingOver(bytes);
  const length = wire.varint();
  moveTo(wire, length, key);
  return Uint8Array.from(bytes.subarray(key.start, key.end));
}

/** Tags of TxnResponse and ResponseOp. */
const RESPONSE = 0x1a;
const RANGE = 0x0a;

/** Of a transaction of single reads: how long each value is; null: no such key. */
export function valueSizesIn(bytes: Uint8Array): readonly (number | null)[] {
  const wire = new Wire(bytes);
  const sizes: (number | null)[] = [];
  while (!wire.done) {
    const tag = wire.varint();
    const size = wire.skip(tag);
    if (tag === RESPONSE) sizes.push(sizeIn(bytes, new Wire(bytes, wire.at - size, wire.at)));
  }
  return sizes;
}

function sizeIn(bytes: Uint8Array, op: Wire): number | null {
  let found: number | null = null;
  while (!op.done) {
    const tag = op.varint();
    const size = op.skip(tag);
    if (tag !== RANGE) continue;
    eachKey(bytes.subarray(op.at - size, op.at), ({ valueBytes }) => {
      found = valueBytes;
    });
  }
  return found;
}
