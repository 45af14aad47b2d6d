import type { ChangeBatch, ChangeCursor } from '../../domain/keyspace.js';
import { moveTo, movingOver } from './key-value.js';
import { Wire } from './wire.js';

/** Tags of WatchResponse and Event. */
const CREATED = 0x18;
const CANCELED = 0x20;
const COMPACT_REVISION = 0x28;
const REASON = 0x32;
const EVENT = 0x5a;
const TYPE = 0x08;
const KV = 0x12;
const DELETE = 1;

/** A WatchResponse as it came. */
export function watchReply(bytes: Uint8Array): ChangeBatch {
  const wire = new Wire(bytes);
  let created = false;
  let cancelled = false;
  let compacted = 0;
  let reason = '';
  while (!wire.done) {
    const tag = wire.varint();
    if (tag === CREATED) created = wire.varint() !== 0;
    else if (tag === CANCELED) cancelled = wire.varint() !== 0;
    else if (tag === COMPACT_REVISION) compacted = wire.varint();
    else {
      const size = wire.skip(tag);
      if (tag === REASON) reason = Buffer.from(bytes.subarray(wire.at - size, wire.at)).toString();
    }
  }
  const ended = compacted > 0 ? 'compacted' : 'ended';
  const kind = cancelled ? ended : created ? 'begun' : 'changes';
  return { kind, reason, bytes: bytes.length, each: (visit) => eachChange(bytes, visit) };
}

function eachChange(bytes: Uint8Array, visit: (change: ChangeCursor) => void): void {
  const wire = new Wire(bytes);
  const change = movingOver(bytes);
  while (!wire.done) {
    const tag = wire.varint();
    if (tag !== EVENT) {
      wire.skip(tag);
      continue;
    }
    const length = wire.varint();
    const outer = wire.end;
    wire.end = wire.at + length;
    change.deleted = false;
    while (wire.at < wire.end) {
      const field = wire.varint();
      if (field === TYPE) change.deleted = wire.varint() === DELETE;
      else if (field === KV) moveTo(wire, wire.varint(), change);
      else wire.skip(field);
    }
    wire.end = outer;
    visit(change);
  }
}
