import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { rangeReply, valueSizesIn } from '../../../src/adapters/etcd/range-reply.js';
import { watchReply } from '../../../src/adapters/etcd/watch-reply.js';
import { Wire } from '../../../src/adapters/etcd/wire.js';

/** As etcd declares them, so also with the fields that are stepped over. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Header { uint64 cluster_id = 1; uint64 member_id = 2; int64 revision = 3; uint64 raft_term = 4; }
  message KeyValue {
    bytes key = 1; int64 create_revision = 2; int64 mod_revision = 3; int64 version = 4; bytes value = 5; int64 lease = 6;
  }
  message Range { Header header = 1; repeated KeyValue kvs = 2; bool more = 3; int64 count = 4; }
  message Op { Range response_range = 1; }
  message Txn { Header header = 1; bool succeeded = 2; repeated Op responses = 3; }
  message Event { int32 type = 1; KeyValue kv = 2; KeyValue prev_kv = 3; }
  message Watch {
    Header header = 1; int64 watch_id = 2; bool created = 3; bool canceled = 4; int64 compact_revision = 5;
    string cancel_reason = 6; bool fragment = 7; repeated Event events = 11;
  }
`);

function encoded(name: string, value: object): Uint8Array {
  return root.lookupType(name).encode(root.lookupType(name).fromObject(value)).finish();
}

const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const keyValue = fc.record({
  key: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  createRevision: count,
  modRevision: count,
  version: count,
  value: fc.uint8Array({ maxLength: 300 }),
  lease: count,
});

function seenIn(batch: { each: ReturnType<typeof rangeReply>['each'] }): readonly object[] {
  const seen: object[] = [];
  batch.each(({ bytes, start, end, version, valueBytes }) => {
    seen.push({ key: [...bytes.subarray(start, end)], version, valueBytes });
  });
  return seen;
}

describe('a page of keys, read in place', () => {
  it('says what a decoder says of it', () => {
    fc.assert(
      fc.property(fc.array(keyValue, { maxLength: 20 }), fc.boolean(), count, (kvs, more, total) => {
        const bytes = encoded('Range', {
          header: { clusterId: 7, revision: total, raftTerm: 3 },
          kvs,
          more,
          count: total,
        });
        const batch = rangeReply(bytes, null);
        expect(batch).toMatchObject({ count: kvs.length, total, more, revision: total });
        expect(batch.firstKey).toEqual(kvs.length === 0 ? null : Uint8Array.from(kvs[0]?.key ?? []));
        expect(batch.lastKey).toEqual(kvs.length === 0 ? null : Uint8Array.from(kvs.at(-1)?.key ?? []));
        expect(seenIn(batch)).toEqual(
          kvs.map(({ key, version, value }) => ({ key: [...key], version, valueBytes: value.length })),
        );
      }),
    );
  });

  it('is of the revision that was asked for, though the header tells a newer one', () => {
    const bytes = encoded('Range', { header: { revision: 90 } });
    expect(rangeReply(bytes, 12).revision).toBe(12);
  });

  it('fails where it is cut off, and never reads beyond its end', () => {
    const kvs = [{ key: Buffer.from('a'), value: Buffer.from('12345') }];
    const bytes = encoded('Range', { header: { revision: 1 }, kvs });
    for (let length = 1; length < bytes.length; length++) {
      const part = bytes.subarray(0, length);
      try {
        seenIn(rangeReply(part, null)).forEach((one) =>
          expect(one).toEqual({ key: [97], version: 0, valueBytes: 5 }),
        );
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });
});

it('the lengths of values come in the order in which they were asked for, and null for a key that is gone', () => {
  const op = (kvs: object[]) => ({ responseRange: { header: { revision: 5 }, kvs, count: kvs.length } });
  const value = (length: number) => [{ key: Buffer.from('k'), value: Buffer.alloc(length, 'x'), version: 1 }];
  const responses = [op(value(3)), op([]), op(value(0)), op(value(5000))];
  const bytes = encoded('Txn', { header: { revision: 5 }, succeeded: true, responses });
  expect(valueSizesIn(bytes)).toEqual([3, null, 0, 5000]);
});

describe('what a watch tells, read in place', () => {
  it('says what a decoder says of it', () => {
    const event = fc.record({ type: fc.constantFrom(0, 1), kv: keyValue, prevKv: fc.option(keyValue) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 10 }), (events) => {
        const bytes = encoded('Watch', { header: { revision: 3 }, watchId: 1, events });
        const seen: object[] = [];
        watchReply(bytes).each(({ bytes: all, start, end, deleted, lease, version, valueBytes }) => {
          seen.push({ key: [...all.subarray(start, end)], deleted, lease, version, valueBytes });
        });
        expect(seen).toEqual(
          events.map(({ type, kv }) => ({
            ...{ key: [...kv.key], deleted: type === 1, lease: kv.lease },
            ...{ version: kv.version, valueBytes: kv.value.length },
          })),
        );
      }),
    );
  });

  it.each([
    ['begun', { created: true }],
    ['changes', {}],
    ['compacted', { canceled: true, compactRevision: 9 }],
    ['ended', { canceled: true, cancelReason: 'permission denied' }],
    ['ended', { created: true, canceled: true, cancelReason: 'permission denied' }],
  ])('is %s for %j', (kind, said) => {
    const reason = 'cancelReason' in said ? said.cancelReason : '';
    expect(watchReply(encoded('Watch', { header: { revision: 3 }, ...said }))).toMatchObject({
      kind,
      reason,
    });
  });
});

it('a number that is larger than its message is refused', () => {
  expect(() => new Wire(Uint8Array.of(0x80, 0x80)).varint()).toThrow(RangeError);
  expect(() => new Wire(Uint8Array.of(0x7f)).skip(0x0a)).toThrow(RangeError);
});
