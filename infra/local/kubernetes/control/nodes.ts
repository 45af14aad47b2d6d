import { makeNode, withNodeCondition, type Node, type NodeCondition } from '../objects/node.js';
import type { World } from '../world/world.js';

export interface NodeOptions {
  name: string;
  address?: string;
  controlPlane?: boolean;
  labels?: Record<string, string>;
  /** Its kubelet's version: `v1.36.0`. */
  kubelet?: string;
}

export interface NodeControl {
  addNode(options: NodeOptions): Node;
  removeNode(name: string): void;
  /** With Ready False or Unknown, its kubelet does nothing any more. */
  setNodeCondition(name: string, condition: NodeCondition): void;
  cordon(name: string, on?: boolean): void;
}

export function makeNodeControl({ store, now }: World): NodeControl {
  return {
    addNode: ({ address = `192.168.0.${store.count('nodes') + 11}`, ...options }) =>
      store.put('nodes', makeNode({ ...options, address, createdAt: now() })),
    removeNode: (name) => void store.remove('nodes', name),
    setNodeCondition: (name, condition) =>
      void store.update('nodes', name, (node) => withNodeCondition(node, condition, now())),
    cordon(name, on = true) {
      store.update('nodes', name, (node) => {
        const { unschedulable: _before, ...spec } = node.spec;
        return { ...node, spec: on ? { ...spec, unschedulable: true } : spec };
      });
    },
  };
}
