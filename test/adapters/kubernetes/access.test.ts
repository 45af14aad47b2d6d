import { describe, expect, it } from '@jest/globals';
import { makeKubernetesAccess } from '../../../src/adapters/kubernetes/access.js';
import { sourceOf } from './server.js';

const source = sourceOf('https://user:hush@10.0.0.9:6443');

describe('access to Kubernetes', () => {
  it('is none for a cluster that names none', () => {
    const access = makeKubernetesAccess({ connections: () => ({}), canOperate: true });
    expect([access.reader('prod'), access.operator('prod')]).toEqual([null, null]);
  });

  it('names the API server without any credential', () => {
    const access = makeKubernetesAccess({ connections: () => ({ kubernetes: source }), canOperate: false });
    expect(access.reader('prod')?.target).toBe('10.0.0.9:6443');
  });

  it('is one for all who ask as the same', () => {
    const access = makeKubernetesAccess({ connections: () => ({ kubernetes: source }), canOperate: false });
    expect(access.reader('a')).toBe(access.reader('b'));
  });

  it('acts only in the roles that may', () => {
    const access = makeKubernetesAccess({ connections: () => ({ kubernetes: source }), canOperate: false });
    expect(() => access.operator('prod')).toThrow('its role is not executor');
  });

  it('acts as the executor’s own identity, or as the reader’s where there is none', () => {
    const operateKubernetes = sourceOf('https://10.0.0.10:6443');
    const own = makeKubernetesAccess({
      connections: () => ({ kubernetes: source, operateKubernetes }),
      canOperate: true,
    });
    expect(own.operator('prod')?.target).toBe('10.0.0.10:6443');
    const same = makeKubernetesAccess({ connections: () => ({ kubernetes: source }), canOperate: true });
    expect(same.operator('prod')?.target).toBe('10.0.0.9:6443');
  });
});
