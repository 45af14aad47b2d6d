import { bitsOf, parseCidr, type Cidr, type Span } from './cidr.js';
import { isObject, list, object, specOf, strings, text, whole, type Json } from './json.js';

/*
 * Calico's objects, from etcd's JSON and from its CRDs: the same fields, there at the top, here under `spec`. Fields that
 * nobody knows are passed over; null: not to be understood, which is counted and never guessed.
 */

export interface Pool {
  readonly name: string;
  readonly cidr: Cidr;
  readonly cidrText: string;
  /** Prefix of its blocks. */
  readonly blockPrefix: number;
  readonly disabled: boolean;
  readonly forPods: boolean;
  readonly selective: boolean;
}

export interface Block {
  readonly cidr: Cidr;
  readonly cidrText: string;
  /** The node that it belongs to; null: nobody's any more, or not a node's. */
  readonly node: string | null;
  readonly capacity: number;
  /** Places in the block that are free to give. */
  readonly unallocated: readonly number[];
  /** Places that are given out: to whom. */
  readonly holders: readonly Holder[];
  /** Everybody whom the block mentions. */
  readonly handles: readonly string[];
}

export interface Holder {
  readonly node: string | null;
  /** Given back, and kept back for a while before it is given out again. */
  readonly released: boolean;
}

export interface IpamConfig {
  readonly strictAffinity: boolean;
  readonly newBlocks: boolean;
  readonly maxBlocksPerNode: number;
}

/** Calico's own where nothing is set: a safeguard against one node that takes all. */
const DEFAULT_MOST_BLOCKS = 20;

export const DEFAULT_CONFIG: IpamConfig = {
  strictAffinity: false,
  newBlocks: true,
  maxBlocksPerNode: DEFAULT_MOST_BLOCKS,
};

/** A block that is larger is none of Calico's, whose smallest prefixes are /20 and /116. */
const MOST_PLACES = 65_536;

/** A soft-deleted object of a CRD: only the word is left. */
export function isDeleted(raw: unknown): boolean {
  const { deleted } = specOf(raw);
  return deleted === true || deleted === 'true';
}

export function parsePool(raw: unknown): Pool | null {
  const spec = specOf(raw);
  const cidrText = text(spec.cidr) ?? '';
  const cidr = parseCidr(cidrText);
  if (!cidr) return null;
  const uses = strings(spec.allowedUses);
  const byDefault = cidr.family === 4 ? 26 : 122;
  const blockPrefix = Math.max(cidr.prefix, whole(spec.blockSize) || byDefault);
  return {
    name: text(object(object(raw).metadata).name) ?? cidrText,
    cidr,
    cidrText,
    blockPrefix: Math.min(bitsOf(cidr.family), blockPrefix),
    disabled: spec.disabled === true,
    forPods: (uses.length === 0 || uses.includes('Workload')) && spec.assignmentMode !== 'Manual',
    selective: selects(spec.nodeSelector) || selects(spec.namespaceSelector),
  };
}

export function parseReservation(raw: unknown): readonly Span[] | null {
  const { reservedCIDRs: listed = [] } = specOf(raw);
  if (!Array.isArray(listed)) return null;
  const spans = strings(listed).map(parseCidr);
  return spans.length === listed.length && spans.every((span) => span !== null) ? spans : null;
}

/** A field that is missing is false to Calico, where the object is there. */
export function parseConfig(raw: unknown): IpamConfig | null {
  if (!isObject(raw)) return null;
  const spec = specOf(raw);
  return {
    strictAffinity: (spec.strict_affinity ?? spec.strictAffinity) === true,
    newBlocks: (spec.auto_allocate_blocks ?? spec.autoAllocateBlocks) === true,
    maxBlocksPerNode: whole(spec.maxBlocksPerHost) || DEFAULT_MOST_BLOCKS,
  };
}

export function parseBlock(raw: unknown): Block | null {
  const spec = specOf(raw);
  const cidrText = text(spec.cidr) ?? '';
  const cidr = parseCidr(cidrText);
  if (!cidr) return null;
  const capacity = Number(cidr.last - cidr.first + 1n);
  const allocations = list(spec.allocations);
  const unallocated = capacity > MOST_PLACES ? null : freePlaces(spec, allocations, capacity);
  if (unallocated === null) return null;
  const attributes = list(spec.attributes) ?? [];
  return {
    cidr,
    cidrText,
    node: hostOf(spec.affinity ?? hostAffinity(spec)),
    capacity,
    unallocated,
    holders: (allocations ?? []).flatMap((place) => holderOf(place, attributes) ?? []),
    handles: attributes.flatMap((attribute) => text(object(attribute).handle_id) ?? []),
  };
}

/** The node of a block affinity as the CRD has it; null: none. */
export function parseAffinity(raw: unknown): string | null {
  const { node, type } = specOf(raw);
  return type === undefined || type === '' || type === 'host' ? text(node) : null;
}

/** `/calico/ipam/v2/host/<node>/ipv4/block/10.0.0.64-26` → the node; null: of no node. */
export function affinityNode(key: string): string | null {
  return /^\/calico\/ipam\/v2\/host\/([^/]+)\/ipv[46]\/block\//.exec(key)?.[1] ?? null;
}

export function parseHandle(raw: unknown): string | null {
  return text(specOf(raw).handleID);
}

/** What Calico says is free. A full block has null, or nothing; a very old one may not say it at all. */
function freePlaces(
  spec: Json,
  allocations: readonly unknown[] | null,
  capacity: number,
): readonly number[] | null {
  if (spec.unallocated === undefined || spec.unallocated === null) {
    if (allocations === null) return null;
    return allocations.flatMap((place, index) => (place === null && index < capacity ? [index] : []));
  }
  const places = list(spec.unallocated);
  if (places === null) return null;
  const valid = places.filter((place): place is number => whole(place) !== null && Number(place) < capacity);
  return valid.length === places.length ? [...new Set(valid)] : null;
}

function holderOf(place: unknown, attributes: readonly unknown[]): Holder | null {
  const index = whole(place);
  if (index === null) return null;
  const attribute = object(attributes[index]);
  return {
    node: text(object(attribute.secondary).node),
    released: attribute.releasedAt !== undefined && attribute.releasedAt !== null,
  };
}

function hostAffinity(spec: Json): string | null {
  const host = text(spec.hostAffinity);
  return host === null ? null : `host:${host}`;
}

/** `virtual:load-balancer` is no node. */
function hostOf(affinity: unknown): string | null {
  return /^host:(.+)$/s.exec(text(affinity) ?? '')?.[1] ?? null;
}

function selects(selector: unknown): boolean {
  const said = (text(selector) ?? '').replaceAll(/\s/g, '');
  return said !== '' && said !== 'all()';
}
