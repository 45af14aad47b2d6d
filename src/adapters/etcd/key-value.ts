import type { ChangeCursor } from '../../domain/keyspace.js';
import { Wire } from './wire.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** One for a whole walk: it moves from key to key. */
export type Moving = Writable<ChangeCursor>;

export function movingOver(bytes: Uint8Array): Moving {
  return { bytes, start: 0, end: 0, version: 0, valueBytes: 0, deleted: false, lease: 0 };
}

/** Tags: the field's number, times eight, and its kind. */
const KEY = 0x0a;
const VERSION = 0x20;
const VALUE = 0x2a;
const LEASE = 0x30;

/** Moves the cursor to the KeyValue that `wire` stands before; the value is stepped over, only its length is kept. */
export function moveTo(wire: Wire, length: number, key: Moving): void {
  const outer = wire.end;
  wire.end = wire.at + length;
  key.start = key.end = wire.at;
  key.version = key.valueBytes = key.lease = 0;
  while (wire.at < wire.end) {
    const tag = wire.varint();
    if (tag === VERSION) key.version = wire.varint();
    else if (tag === LEASE) key.lease = wire.varint();
    else {
      const size = wire.skip(tag);
      if (tag === KEY) {
        key.start = wire.at - size;
        key.end = wire.at;
      } else if (tag === VALUE) key.valueBytes = size;
    }
  }
  wire.end = outer;
}
